package dev.ladera.backend.cpu;

import java.util.Arrays;
import java.util.function.LongSupplier;

/** Runs a generated kernel on zeros until the compiler has made it fast. */
final class KernelWarmUp {

  private static final int DEPTH = 64;

  /** What interpreted vector code never reaches and any compiled kernel exceeds. */
  private static final double FAST_OPERATIONS_PER_NANOSECOND = 1.5;

  private static final long GIVE_UP_NANOS = 20_000_000_000L;

  private KernelWarmUp() {}

  /**
   * Runs both methods of the kernel until they are fast.
   *
   * @return false if they did not become so in reasonable time, as in a JVM without a compiler
   */
  static <A> boolean becomesFast(Elements<A> elements, MicroKernel<A> kernel) {
    A a = elements.newArray(kernel.rows() * DEPTH);
    A b = elements.newArray(kernel.columns() * DEPTH);
    A c = elements.newArray(kernel.rows() * kernel.columns());
    int[] rows = new int[DEPTH];
    Arrays.setAll(rows, p -> p * kernel.columns());
    int stride = kernel.columns();
    return becomesFast(
            kernel, () -> timed(() -> kernel.multiply(DEPTH, a, 0, b, 0, rows, 0, c, 0, stride)))
        && becomesFast(
            kernel,
            () -> timed(() -> kernel.multiplyAdd(DEPTH, a, 0, b, 0, rows, 0, c, 0, stride)));
  }

  private static <A> boolean becomesFast(MicroKernel<A> kernel, LongSupplier nanosOfOneCall) {
    double operations = 2.0 * DEPTH * kernel.rows() * kernel.columns();
    long start = System.nanoTime();
    int fastInARow = 0;
    while (fastInARow < 5) {
      if (System.nanoTime() - start > GIVE_UP_NANOS) {
        return false;
      }
      double speed = operations / Math.max(1, nanosOfOneCall.getAsLong());
      fastInARow = speed > FAST_OPERATIONS_PER_NANOSECOND ? fastInARow + 1 : 0;
    }
    return true;
  }

  private static long timed(Runnable call) {
    long start = System.nanoTime();
    call.run();
    return System.nanoTime() - start;
  }
}
