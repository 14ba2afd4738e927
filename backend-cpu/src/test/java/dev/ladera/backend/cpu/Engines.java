package dev.ladera.backend.cpu;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** The ways in which the engine can be run; all must give the same bits. */
final class Engines {

  // Kept for all tests, since a fresh kernel is slow until it has been compiled.
  private static final List<Gemm<float[]>> FLOAT32 = make(FloatElements.INSTANCE);
  private static final List<Gemm<double[]>> FLOAT64 = make(DoubleElements.INSTANCE);

  private Engines() {}

  /** Vectors and plain loops, on 1, 2 and 3 threads. */
  @SuppressWarnings("unchecked") // each element type has its own list
  static <A> List<Gemm<A>> all(Elements<A> elements) {
    return (List<Gemm<A>>)
        (List<?>)
            switch (elements) {
              case FloatElements floats -> FLOAT32;
              case DoubleElements doubles -> FLOAT64;
            };
  }

  private static <A> List<Gemm<A>> make(Elements<A> elements) {
    List<Gemm<A>> engines = new ArrayList<>();
    for (int threads = 1; threads <= 3; threads++) {
      Parallel parallel = new Parallel(threads);
      engines.add(vectors(elements, parallel));
      engines.add(loops(elements, parallel));
    }
    return List.copyOf(engines);
  }

  static <A> Gemm<A> vectors(Elements<A> elements, Parallel parallel) {
    return new Gemm<>(
        new KernelSet<>(elements, VectorSupport.detect(), KernelSet.Warmth.AT_ONCE), parallel);
  }

  static <A> Gemm<A> loops(Elements<A> elements, Parallel parallel) {
    return new Gemm<>(
        new KernelSet<>(
            elements, VectorSupport.none("a test asks for loops"), KernelSet.Warmth.AT_ONCE),
        parallel);
  }

  static Stream<Elements<?>> elementTypes() {
    return Stream.of(FloatElements.INSTANCE, DoubleElements.INSTANCE);
  }
}
