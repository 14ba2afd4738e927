package dev.ladera.backend.cpu;

import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;

/**
 * Runs what was generated on nothing, on a background thread, until the compiler has made it fast.
 * The thread ends when there is nothing left to do.
 *
 * <p>One after the other, so that what was needed first is ready first; but what takes long, as its
 * compilation may on a busy machine, goes to the end of the queue, so that nothing waits for it.
 */
final class WarmUpQueue {
  /** Fast rounds in a row that are no accident. */
  private static final int WINS = 3;

  private static final long TURN_NANOS = 300_000_000L;

  /** Time of its own after which something never becomes fast, as in a JVM without a compiler. */
  private static final long GIVE_UP_NANOS = 20_000_000_000L;

  private final ConcurrentLinkedQueue<Task> tasks = new ConcurrentLinkedQueue<>();
  private final AtomicBoolean running = new AtomicBoolean();

  /** Something to warm up, and how far that is. */
  private static final class Task {
    private final BooleanSupplier round;
    private final Runnable ready;
    private int wins;
    private long nanos;

    Task(BooleanSupplier round, Runnable ready) {
      this.round = round;
      this.ready = ready;
    }

    /** Works on it for a while; whether there is more to do. */
    boolean turn() {
      long begin = System.nanoTime();
      long spent = 0;
      while (wins < WINS && spent < TURN_NANOS) {
        wins = round.getAsBoolean() ? wins + 1 : 0;
        spent = System.nanoTime() - begin;
      }
      nanos += spent;
      if (wins == WINS) {
        ready.run();
      }
      return wins < WINS && nanos < GIVE_UP_NANOS;
    }
  }

  /**
   * Adds something.
   *
   * @param round runs it some times, and tells whether it was fast at last
   * @param ready what is done when it is fast; never, where it does not become so
   */
  void add(BooleanSupplier round, Runnable ready) {
    tasks.add(new Task(round, ready));
    if (running.compareAndSet(false, true)) {
      Thread thread = new Thread(null, this::work, "ladera-cpu-warm-up", 0, false);
      thread.setContextClassLoader(null);
      thread.setDaemon(true);
      thread.start();
    }
  }

  private void work() {
    do {
      try {
        for (Task task = tasks.poll(); task != null; task = tasks.poll()) {
          try {
            if (task.turn()) {
              tasks.add(task);
            }
          } catch (RuntimeException | LinkageError e) {
            // It stays as it is without this; the others go on.
            Thread thread = Thread.currentThread();
            thread.getUncaughtExceptionHandler().uncaughtException(thread, e);
          }
        }
      } finally {
        running.set(false);
      }
      // A task may have come between the last look and the flag going down.
    } while (!tasks.isEmpty() && running.compareAndSet(false, true));
  }
}
