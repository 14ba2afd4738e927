package dev.ladera.backend.cpu;

import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * The micro-kernels of one element type, and the choice between them.
 *
 * <p>A vector loop that the compiler has not yet seen runs a thousand times slower than one that it
 * has, far slower than a plain loop. So the generated kernels are first run on nothing by a
 * background thread, and products use their twins in plain loops until the generated ones have
 * shown their speed. Since the twins give the same bits, nobody can tell when the change happens.
 */
final class KernelSet<A> {

  /**
   * Columns that a plain loop handles at once: long enough for the compiler's own vectorisation.
   */
  private static final int LOOP_COLUMNS = 128;

  private static final int LOOP_ROWS = 16;

  private final Elements<A> elements;
  private final VectorSupport support;
  private final Warmth warmth;
  private final AtomicReference<@Nullable VectorKernels<A>> warm = new AtomicReference<>();
  private final AtomicReference<Boolean> started = new AtomicReference<>(false);

  /** Whether products wait for the generated kernels. */
  enum Warmth {
    /** Plain loops until the generated kernels are compiled: for programs. */
    BACKGROUND,
    /** The generated kernels from the first call, however slow at first: for tests. */
    AT_ONCE
  }

  /** A kernel for products of any shape, and one for products of few rows. */
  private record VectorKernels<A>(MicroKernel<A> tall, MicroKernel<A> flat) {}

  KernelSet(Elements<A> elements, VectorSupport support, Warmth warmth) {
    this.elements = elements;
    this.support = support;
    this.warmth = warmth;
  }

  Elements<A> elements() {
    return elements;
  }

  /** The kernel for a product of {@code m} rows and {@code n} columns. */
  MicroKernel<A> choose(int m, int n) {
    VectorKernels<A> kernels = warm.get();
    if (kernels != null) {
      return m <= kernels.flat.rows() && n > kernels.tall.columns() ? kernels.flat : kernels.tall;
    }
    if (support.available() && started.compareAndSet(false, true)) {
      if (warmth == Warmth.AT_ONCE) {
        warm.set(generate());
        return choose(m, n);
      }
      Thread.ofPlatform().name("ladera-cpu-warm-up").daemon().start(this::warmUp);
    }
    int columns = Math.min(LOOP_COLUMNS, (n + 7) & -8);
    return new LoopMicroKernel<>(elements, Math.min(LOOP_ROWS, m), columns);
  }

  private VectorKernels<A> generate() {
    boolean many = support.registers() == 32;
    return many
        ? new VectorKernels<>(kernel(12, 2), kernel(6, 4))
        : new VectorKernels<>(kernel(6, 2), kernel(4, 3));
  }

  private MicroKernel<A> kernel(int rows, int vectors) {
    return MicroKernelGenerator.generate(elements, support, rows, vectors);
  }

  private void warmUp() {
    VectorKernels<A> kernels = generate();
    if (KernelWarmUp.becomesFast(elements, kernels.tall)
        && KernelWarmUp.becomesFast(elements, kernels.flat)) {
      warm.set(kernels);
    }
  }
}
