package dev.ladera.backend.cuda;

import java.lang.ref.WeakReference;

/**
 * Makes the garbage collector run without asking for it: by garbage. The collector knows nothing of
 * the device's memory, so that only a full device says that its tensors should be looked at.
 */
final class GarbagePressure {
  private static final int PIECE = 1 << 20;
  private static final long PATIENCE_NANOS = 5_000_000_000L;
  private static final int CLEANER_MILLIS = 20;

  private GarbagePressure() {}

  /**
   * Returns when an object that nobody holds has been collected, and cleaners have had time to run;
   * or after some seconds.
   */
  static void collect() {
    long deadline = System.nanoTime() + PATIENCE_NANOS;
    WeakReference<Object> canary = new WeakReference<>(new Object());
    long touched = 0;
    while (canary.get() != null && System.nanoTime() - deadline < 0) {
      byte[] garbage = new byte[PIECE];
      touched += garbage.length;
    }
    if (touched > 0) {
      try {
        Thread.sleep(CLEANER_MILLIS);
      } catch (InterruptedException interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
