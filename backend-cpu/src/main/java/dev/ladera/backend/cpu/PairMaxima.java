package dev.ladera.backend.cpu;

import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** The generated loop for windows of two by two elements, once it is warm. */
final class PairMaxima {
  private static final int CALLS = 500;
  private static final int FAST_NANOS_A_CALL = 400;

  private final VectorSupport support;
  private final KernelSet.Warmth warmth;
  private final WarmUpQueue cold;
  private @Nullable Warming<PairMaximum> generated;

  PairMaxima(VectorSupport support, KernelSet.Warmth warmth, WarmUpQueue cold) {
    this.support = support;
    this.warmth = warmth;
    this.cold = cold;
  }

  /** The loop, or null where there is none fit for use. */
  synchronized @Nullable PairMaximum get() {
    if (!support.available()) {
      return null;
    }
    Warming<PairMaximum> warming = generated;
    if (warming == null) {
      Warming<PairMaximum> fresh =
          new Warming<>(PairMaximumGenerator.generate(support), warmth == KernelSet.Warmth.AT_ONCE);
      if (!fresh.isReady()) {
        cold.add(round(fresh.value()), fresh::becomesReady);
      }
      warming = fresh;
      generated = fresh;
    }
    return warming.isReady() ? warming.value() : null;
  }

  /** Runs it on zeros, and tells whether it was as fast as no interpreter is. */
  private static BooleanSupplier round(PairMaximum loop) {
    int lanes = loop.lanes();
    float[] input = new float[8 * lanes];
    float[] output = new float[2 * lanes];
    long[] places = new long[2 * lanes];
    return () -> {
      long start = System.nanoTime();
      for (int i = 0; i < CALLS; i++) {
        loop.run(input, 0, 4 * lanes, 2 * lanes, output, 0, places, 0, 0);
      }
      return System.nanoTime() - start < (long) FAST_NANOS_A_CALL * CALLS;
    };
  }
}
