package dev.ladera.data;

import dev.ladera.BackendException;
import java.util.ArrayDeque;
import java.util.Iterator;
import java.util.Queue;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;

/**
 * Has batches loaded ahead by the threads of a pool. A batch is ordered only when an earlier one is
 * taken, and no thread waits for room: so an iterator that nobody asks any more orders nothing, and
 * leaves nothing behind but batches for the garbage collector.
 */
final class PrefetchIterator implements Iterator<Batch> {
  private final DataLoader loader;
  private final Epoch epoch;
  private final ExecutorService pool;
  private final int window;
  private final Queue<Future<Batch>> ahead = new ArrayDeque<>();
  private int ordered;
  private int next;

  PrefetchIterator(DataLoader loader, Epoch epoch, ExecutorService pool, int window) {
    this.loader = loader;
    this.epoch = epoch;
    this.pool = pool;
    this.window = window;
    order();
  }

  private void order() {
    while (ordered < epoch.batches() && ahead.size() < window) {
      int number = ordered;
      // Not a method of this object: what runs must not keep an abandoned iterator alive.
      Epoch loaded = epoch;
      try {
        ahead.add(pool.submit(() -> loaded.load(number)));
      } catch (RejectedExecutionException shutDown) {
        throw loader.closed(shutDown);
      }
      ordered++;
    }
  }

  @Override
  public boolean hasNext() {
    return next < epoch.batches();
  }

  @Override
  public Batch next() {
    epoch.checkNumber(next);
    loader.checkOpen();
    int number = next;
    // Stays so if this batch fails: then the epoch is over.
    next = epoch.batches();
    Future<Batch> head = ahead.remove();
    order();
    boolean loaded = false;
    try {
      Batch batch = head.get();
      next = number + 1;
      loaded = true;
      return batch;
    } catch (ExecutionException failed) {
      throw unwrapped(failed);
    } catch (CancellationException closed) {
      throw loader.closed(closed);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new BackendException(
          "DataLoader", "the thread was interrupted while it waited for a batch", interrupted);
    } finally {
      if (!loaded) {
        ahead.forEach(future -> future.cancel(false));
        ahead.clear();
      }
    }
  }

  private static RuntimeException unwrapped(ExecutionException failed) {
    return switch (failed.getCause()) {
      case DataLoaderException named -> named;
      case Error error -> throw error;
      case null, default -> new BackendException("DataLoader", "a worker failed", failed);
    };
  }
}
