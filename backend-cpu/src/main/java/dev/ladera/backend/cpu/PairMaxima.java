package dev.ladera.backend.cpu;

import org.jspecify.annotations.Nullable;

/** The generated loop for windows of two by two elements, once it is warm. */
final class PairMaxima {
  private static final int CALLS = 500;
  private static final int FAST_NANOS_A_CALL = 400;
  private static final int WINS = 3;
  private static final long GIVE_UP_NANOS = 30_000_000_000L;

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
        cold.add(() -> fresh.becomes(becomesFast(fresh.value())));
      }
      warming = fresh;
      generated = fresh;
    }
    return warming.isReady() ? warming.value() : null;
  }

  /** Runs it on zeros until it is as fast as no interpreter is; false if it does not become so. */
  private static boolean becomesFast(PairMaximum loop) {
    int lanes = loop.lanes();
    float[] input = new float[8 * lanes];
    float[] output = new float[2 * lanes];
    long[] places = new long[2 * lanes];
    long begin = System.nanoTime();
    int wins = 0;
    while (wins < WINS) {
      long start = System.nanoTime();
      for (int i = 0; i < CALLS; i++) {
        loop.run(input, 0, 4 * lanes, 2 * lanes, output, 0, places, 0, 0);
      }
      long end = System.nanoTime();
      wins = end - start < (long) FAST_NANOS_A_CALL * CALLS ? wins + 1 : 0;
      if (end - begin > GIVE_UP_NANOS) {
        return false;
      }
    }
    return true;
  }
}
