package dev.ladera.backend.cpu;

import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Does, one after the other on a background thread, what prepares faster kernels. The thread ends
 * when there is nothing left to do.
 */
final class WarmUpQueue {
  private final ConcurrentLinkedQueue<Runnable> tasks = new ConcurrentLinkedQueue<>();
  private final AtomicBoolean running = new AtomicBoolean();

  /** Adds a task. */
  void add(Runnable task) {
    tasks.add(task);
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
        for (Runnable task = tasks.poll(); task != null; task = tasks.poll()) {
          task.run();
        }
      } finally {
        running.set(false);
      }
      // A task may have come between the last look and the flag going down.
    } while (!tasks.isEmpty() && running.compareAndSet(false, true));
  }
}
