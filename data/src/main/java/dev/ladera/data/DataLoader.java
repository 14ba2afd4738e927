package dev.ladera.data;

import dev.ladera.ArgumentException;
import dev.ladera.Generator;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Makes batches of a dataset's samples. Each {@link #iterator()} is an epoch: every sample once, in
 * the dataset's order, or in a new random order after {@link #shuffle(Generator)}. The last batch
 * of an epoch may be smaller.
 *
 * <p>Options are fluent and are given before the first epoch, as in {@code new DataLoader(dataset,
 * 64).shuffle(1).prefetch(4, 2)}. A loader and its iterators are for one thread; the workers of
 * {@link #prefetch} are its own affair.
 *
 * <p><b>What repeats.</b> The order of an epoch, and the random numbers of its transforms, are
 * drawn from the generator on the thread that calls {@code iterator()}. So {@link Generator#seed()}
 * and {@link Generator#offset()} saved before an epoch, and given to {@link Generator#restore}
 * later or elsewhere, repeat the epoch to the bit, with any number of workers. Without a shuffle,
 * transforms draw numbers that follow from how many epochs this loader began before. The thread's
 * own generator is not moved, unless it is the one given.
 *
 * <p><b>What fails.</b> A sample that cannot be loaded is a {@link DataLoaderException} when its
 * batch is taken, with the sample's index and the cause; the epoch is over then. Batches are loaded
 * without recording gradients.
 */
public final class DataLoader implements Iterable<Batch>, AutoCloseable {
  /** How long a worker without work lives on. */
  private static final long IDLE_MILLISECONDS = 500;

  private final Dataset dataset;
  private final int batchSize;
  private final ThreadPoolExecutor pool;
  private @Nullable Generator generator;
  private boolean dropsLast;
  private int window;
  private long epochs;
  private volatile boolean isClosed;

  /**
   * A loader of all samples in order.
   *
   * @param batchSize samples a batch
   * @throws ArgumentException if the dataset is empty, or the batch size is below 1
   */
  @SuppressWarnings("ErroneousThreadPoolConstructorChecker") // Workers are the core threads.
  public DataLoader(Dataset dataset, int batchSize) {
    if (dataset.size() < 1) {
      throw new ArgumentException("DataLoader", "dataset", "must have a sample; it is empty");
    }
    if (batchSize < 1) {
      throw new ArgumentException(
          "DataLoader", "batchSize", "must be at least 1, not " + batchSize);
    }
    this.dataset = dataset;
    this.batchSize = batchSize;
    // Has no thread before the first prefetched batch, and none soon after the last: idle threads
    // end by themselves, so that an epoch given up half-way needs no one to clean up.
    this.pool =
        new ThreadPoolExecutor(
            1,
            Integer.MAX_VALUE,
            IDLE_MILLISECONDS,
            TimeUnit.MILLISECONDS,
            new LinkedBlockingQueue<>(),
            Thread.ofPlatform().daemon().name("ladera-loader-", 1).factory());
    pool.allowCoreThreadTimeOut(true);
  }

  /**
   * Takes the samples in a new random order each epoch.
   *
   * @return this
   */
  public DataLoader shuffle(long seed) {
    return shuffle(new Generator(seed));
  }

  /**
   * Takes the samples in a new random order each epoch, drawn from a generator.
   *
   * @return this
   */
  public DataLoader shuffle(Generator source) {
    this.generator = source;
    return this;
  }

  /**
   * Leaves out the last batch of an epoch if it would be smaller.
   *
   * @return this
   * @throws ArgumentException if no batch would be left
   */
  public DataLoader dropLast() {
    if (dataset.size() < batchSize) {
      throw new ArgumentException(
          "dropLast",
          "batchSize",
          batchSize + " leaves no batch of a dataset of " + dataset.size() + " samples");
    }
    this.dropsLast = true;
    return this;
  }

  /**
   * Loads batches ahead, on daemon threads. Their order and contents stay what they are without.
   * The threads end by themselves half a second after the last batch that was asked for, be the
   * epoch finished or given up; {@link #close()} ends them at once.
   *
   * @param batches how many are loaded, or being loaded, before they are asked for; at least 1
   * @param workers how many threads load them; at least 1
   * @return this
   * @throws ArgumentException if either is below 1
   */
  public DataLoader prefetch(int batches, int workers) {
    if (batches < 1) {
      throw new ArgumentException("prefetch", "batches", "must be at least 1, not " + batches);
    }
    if (workers < 1) {
      throw new ArgumentException("prefetch", "workers", "must be at least 1, not " + workers);
    }
    this.window = batches;
    pool.setCorePoolSize(workers);
    return this;
  }

  /** The number of batches in an epoch. */
  public int batches() {
    return dropsLast ? dataset.size() / batchSize : Math.ceilDiv(dataset.size(), batchSize);
  }

  /** The number of samples in an epoch: the dataset's, less those that {@link #dropLast} drops. */
  public int size() {
    return dropsLast ? dataset.size() / batchSize * batchSize : dataset.size();
  }

  /**
   * Begins an epoch.
   *
   * @throws ArgumentException if the loader is closed
   */
  @Override
  public Iterator<Batch> iterator() {
    checkOpen();
    int size = dataset.size();
    Generator source = generator;
    int[] order = source == null ? IntStream.range(0, size).toArray() : source.permutation(size);
    long seed = (source == null ? new Generator(epochs) : source).split().seed();
    epochs++;
    Epoch epoch = new Epoch(dataset, order, seed, batchSize, batches());
    return window == 0
        ? new PlainIterator(this, epoch)
        : new PrefetchIterator(this, epoch, pool, window);
  }

  /**
   * Ends all epochs and workers; samples that are just being loaded are waited for. Iterators that
   * are asked further throw {@link ArgumentException}. Closing again does nothing.
   */
  @Override
  public void close() {
    isClosed = true;
    pool.shutdown();
    List<Runnable> waiting = new ArrayList<>();
    pool.getQueue().drainTo(waiting);
    for (Runnable task : waiting) {
      if (task instanceof Future<?> future) {
        future.cancel(false);
      }
    }
    try {
      // Not interrupted: that would close the files that a dataset reads.
      pool.awaitTermination(Long.MAX_VALUE, TimeUnit.NANOSECONDS);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  void checkOpen() {
    if (isClosed) {
      throw closed(null);
    }
  }

  ArgumentException closed(@Nullable Throwable cause) {
    ArgumentException exception =
        new ArgumentException("DataLoader", "loader", "is closed; make a new one");
    exception.initCause(cause);
    return exception;
  }
}
