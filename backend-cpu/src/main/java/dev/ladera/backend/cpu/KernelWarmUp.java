package dev.ladera.backend.cpu;

import java.util.function.BooleanSupplier;

/** Runs a generated kernel on zeros, and tells whether the compiler has made it fast. */
final class KernelWarmUp {

  /**
   * Small, so that the compiler's counts are reached with little work; odd, so that it sees the
   * rest of unrolled loops run.
   */
  private static final int DEPTH = 9;

  /** What interpreted vector code never reaches and any compiled kernel exceeds. */
  private static final double FAST_OPERATIONS_PER_NANOSECOND = 1.5;

  private static final int CALLS = 20;

  private KernelWarmUp() {}

  /** A round of calls. */
  static <A> BooleanSupplier of(Elements<A> elements, MicroKernel<A> kernel) {
    A a = elements.newArray(kernel.rows() * DEPTH);
    A b = elements.newArray(kernel.columns() * DEPTH);
    A c = elements.newArray(kernel.rows() * kernel.columns());
    int[] rows = new int[DEPTH];
    for (int p = 0; p < DEPTH; p++) {
      rows[p] = p * kernel.columns();
    }
    int half = kernel.half();
    int stride = kernel.columns();
    double operations = 2.0 * DEPTH * kernel.rows() * kernel.columns();
    return round(
        operations,
        () -> kernel.run(DEPTH, c, 0, stride, half, a, 0, b, 0, half, rows, 0, c, 0, stride, half));
  }

  /** The same for a loop over images. */
  static <A> BooleanSupplier of(Elements<A> elements, LaneProduct<A> kernel) {
    A g = elements.newArray(kernel.rows() * DEPTH * ImageLanes.IMAGES);
    A x = elements.newArray((kernel.taps() + DEPTH) * ImageLanes.IMAGES);
    A sums = elements.newArray(kernel.rows() * kernel.taps() * ImageLanes.IMAGES);
    int[] places = new int[kernel.taps() + DEPTH];
    for (int i = 0; i < places.length; i++) {
      places[i] = i * ImageLanes.IMAGES;
    }
    double operations = 2.0 * DEPTH * kernel.rows() * kernel.taps() * kernel.lanes();
    int gStride = DEPTH * ImageLanes.IMAGES;
    int sumsStride = kernel.taps() * ImageLanes.IMAGES;
    return round(
        operations,
        () -> kernel.run(DEPTH, g, 0, gStride, x, 0, places, places, 0, sums, 0, sumsStride));
  }

  private static BooleanSupplier round(double operations, Runnable call) {
    return () -> {
      for (int i = 0; i < CALLS; i++) {
        call.run();
      }
      long start = System.nanoTime();
      call.run();
      double speed = operations / Math.max(1, System.nanoTime() - start);
      return speed > FAST_OPERATIONS_PER_NANOSECOND;
    };
  }
}
