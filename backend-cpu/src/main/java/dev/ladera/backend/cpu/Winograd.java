package dev.ladera.backend.cpu;

import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The transforms of {@link WinogradConvolution}: generated ones where they are warm, else loops.
 */
final class Winograd {
  private static final int CALLS = 500;
  private static final int TIMED = 20;

  private final VectorSupport support;
  private final KernelSet.Warmth warmth;
  private final WarmUpQueue cold;
  private @Nullable Warming<WinogradTransform> input;
  private @Nullable Warming<WinogradTransform> output;

  Winograd(VectorSupport support, KernelSet.Warmth warmth, WarmUpQueue cold) {
    this.support = support;
    this.warmth = warmth;
    this.cold = cold;
  }

  /** From the input, for strips of so many tiles. */
  synchronized WinogradTransform toComponents(int lanes) {
    if (support.available() && input == null) {
      input = warming(WinogradGenerator.ofInput(support), WinogradLoops.ofInput(half()));
    }
    return choose(input, lanes, WinogradLoops.ofInput(lanes / 2));
  }

  /** To the output, for strips of so many tiles. */
  synchronized WinogradTransform toOutput(int lanes) {
    if (support.available() && output == null) {
      output = warming(WinogradGenerator.ofOutput(support), WinogradLoops.ofOutput(half()));
    }
    return choose(output, lanes, WinogradLoops.ofOutput(lanes / 2));
  }

  private int half() {
    return support.lanes(Float.BYTES) / 2;
  }

  private WinogradTransform choose(
      @Nullable Warming<WinogradTransform> generated, int lanes, WinogradTransform loops) {
    return generated != null && generated.isReady() && lanes == support.lanes(Float.BYTES)
        ? generated.value()
        : loops;
  }

  private Warming<WinogradTransform> warming(WinogradTransform fast, WinogradTransform loops) {
    Warming<WinogradTransform> warming = new Warming<>(fast, warmth == KernelSet.Warmth.AT_ONCE);
    if (!warming.isReady()) {
      cold.add(round(fast, loops), warming::becomesReady);
    }
    return warming;
  }

  /** Runs it on zeros, and tells whether it beat the loops. */
  private BooleanSupplier round(WinogradTransform fast, WinogradTransform loops) {
    int lanes = support.lanes(Float.BYTES);
    float[] from = new float[20 * lanes];
    float[] to = new float[20 * lanes];
    return () -> {
      time(fast, from, to, lanes, CALLS);
      long slow = time(loops, from, to, lanes, TIMED);
      return time(fast, from, to, lanes, TIMED) < slow;
    };
  }

  private static long time(
      WinogradTransform transform, float[] from, float[] to, int lanes, int calls) {
    long start = System.nanoTime();
    for (int i = 0; i < calls; i++) {
      transform.run(from, 0, lanes, lanes, to, 0, lanes, lanes);
    }
    return System.nanoTime() - start;
  }
}
