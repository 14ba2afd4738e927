package dev.ladera.backend.cpu;

import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Runs the chunks of a computation on a fixed number of threads, the caller's being one of them.
 *
 * <p>Callers cut their work into chunks by its size alone, never by {@link #threads()}. Which
 * thread runs which chunk is not determined; that each chunk does the same arithmetic is. So
 * results are the same bits on any number of threads.
 *
 * <p>Any number of user threads may call at the same time; they share the workers. A call made from
 * inside a chunk runs its chunks in place. Workers are daemon threads, start when first needed and
 * end after some seconds without work, so an instance needs no closing.
 */
final class Parallel {

  /** The work of one chunk. */
  @FunctionalInterface
  public interface ChunkBody {
    /**
     * Does the work of one chunk.
     *
     * @param chunk the chunk's number, from 0
     */
    void run(int chunk);
  }

  /** The work on a range of indices. */
  @FunctionalInterface
  public interface RangeBody {
    /**
     * Does the work on indices {@code from} (included) to {@code to} (excluded).
     *
     * @param from the first index
     * @param to the index after the last
     */
    void run(int from, int to);
  }

  /** How long an idle worker looks for new work before it sleeps. */
  private static final long SPIN_NANOS = 100_000;

  /** Less than this is done before a thread has woken. */
  private static final long WORTH_WAKING = 1 << 19;

  private static final long IDLE_EXIT_NANOS = 5_000_000_000L;

  private final int threads;
  private final ConcurrentLinkedQueue<Job> queue = new ConcurrentLinkedQueue<>();
  private final ConcurrentLinkedQueue<Worker> sleepers = new ConcurrentLinkedQueue<>();
  private final AtomicInteger workers = new AtomicInteger();
  private final ThreadLocal<Boolean> inside = ThreadLocal.withInitial(() -> false);

  /** Makes a runtime with one thread for each processor. */
  public Parallel() {
    this(Runtime.getRuntime().availableProcessors());
  }

  /**
   * Makes a runtime.
   *
   * @param threads the number of threads, the caller's included; 1 runs everything in place
   * @throws IllegalArgumentException if {@code threads} is less than 1
   */
  public Parallel(int threads) {
    if (threads < 1) {
      throw new IllegalArgumentException("threads must be at least 1, was " + threads);
    }
    this.threads = threads;
  }

  /**
   * The number of threads, the caller's included.
   *
   * @return at least 1
   */
  public int threads() {
    return threads;
  }

  /**
   * Runs {@code body} once for each chunk 0 to {@code count - 1}, and returns when all have ended.
   * If chunks throw, the exception of the lowest-numbered of those that ran is thrown here, and
   * chunks not yet begun are left out.
   *
   * @param count the number of chunks; 0 does nothing
   * @param body the work of a chunk
   */
  public void forEachChunk(int count, ChunkBody body) {
    if (count <= 1 || threads == 1 || inside.get()) {
      for (int chunk = 0; chunk < count; chunk++) {
        body.run(chunk);
      }
      return;
    }
    Job job = new Job(body, count, Thread.currentThread());
    offer(job, Math.min(count, threads) - 1);
    inside.set(true);
    try {
      job.work();
    } finally {
      inside.set(false);
    }
    job.await();
    job.rethrow();
  }

  /**
   * Like {@link #forEachChunk(int, ChunkBody)}, but in place if all chunks together are not worth
   * the waking of threads.
   *
   * @param count the number of chunks
   * @param work multiply-adds, or other operations of that size, of all chunks together
   * @param body the work of a chunk
   */
  public void forEachChunk(int count, long work, ChunkBody body) {
    if (work >= WORTH_WAKING) {
      forEachChunk(count, body);
      return;
    }
    for (int chunk = 0; chunk < count; chunk++) {
      body.run(chunk);
    }
  }

  /**
   * Cuts 0 to {@code size} into ranges of {@code grain} indices (the last may be shorter) and runs
   * them as chunks.
   *
   * @param size the number of indices; 0 does nothing
   * @param grain the indices in a chunk, chosen so that a chunk is worth some microseconds
   * @param body the work on a range
   * @throws IllegalArgumentException if {@code grain} is less than 1
   */
  public void forRange(int size, int grain, RangeBody body) {
    if (grain < 1) {
      throw new IllegalArgumentException("grain must be at least 1, was " + grain);
    }
    if (size <= grain) {
      if (size > 0) {
        body.run(0, size);
      }
      return;
    }
    int chunks = (int) (((long) size + grain - 1) / grain);
    forEachChunk(chunks, c -> body.run(c * grain, (int) Math.min(size, ((long) c + 1) * grain)));
  }

  /** Puts the job up once for each helper wanted, and wakes or starts as many. */
  private void offer(Job job, int helpers) {
    for (int i = 0; i < helpers; i++) {
      queue.add(job);
    }
    for (int i = 0; i < helpers; i++) {
      Worker sleeper = sleepers.poll();
      if (sleeper != null) {
        LockSupport.unpark(sleeper);
      } else {
        startWorker();
      }
    }
  }

  private void startWorker() {
    int running = workers.get();
    while (running < threads - 1) {
      if (workers.compareAndSet(running, running + 1)) {
        new Worker(running).start();
        return;
      }
      running = workers.get();
    }
  }

  /** One call of {@code forEachChunk}: chunks are claimed by counting up. */
  private static final class Job {
    private final ChunkBody body;
    private final int count;
    private final Thread caller;
    private final AtomicInteger next = new AtomicInteger();
    private final AtomicInteger ended = new AtomicInteger();
    private volatile boolean failed;
    private @Nullable Throwable failure;
    private int failedChunk = Integer.MAX_VALUE;

    Job(ChunkBody body, int count, Thread caller) {
      this.body = body;
      this.count = count;
      this.caller = caller;
    }

    void work() {
      while (next.get() < count) {
        int chunk = next.getAndIncrement();
        if (chunk >= count) {
          return;
        }
        if (!failed) {
          runOne(chunk);
        }
        if (ended.incrementAndGet() == count && Thread.currentThread() != caller) {
          LockSupport.unpark(caller);
        }
      }
    }

    private void runOne(int chunk) {
      try {
        body.run(chunk);
      } catch (Throwable thrown) {
        fail(chunk, thrown);
      }
    }

    private synchronized void fail(int chunk, Throwable thrown) {
      if (chunk < failedChunk) {
        failedChunk = chunk;
        failure = thrown;
      }
      failed = true;
    }

    /** Spins shortly, since chunks are of like size, then sleeps. */
    void await() {
      long deadline = 0;
      boolean interrupted = false;
      while (ended.get() < count) {
        if (deadline == 0) {
          deadline = System.nanoTime() + SPIN_NANOS;
        } else if (System.nanoTime() < deadline) {
          Thread.onSpinWait();
        } else {
          LockSupport.park(this);
          interrupted |= Thread.interrupted();
        }
      }
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }

    synchronized void rethrow() {
      switch (failure) {
        case null -> {}
        case Error error -> throw error;
        case RuntimeException exception -> throw exception;
        case Throwable other -> throw new IllegalStateException("a chunk failed", other);
      }
    }
  }

  private final class Worker extends Thread {
    Worker(int number) {
      // No inherited thread locals and no context class loader: a worker outlives its first caller.
      super(null, null, "ladera-cpu-" + number, 0, false);
      setContextClassLoader(null);
      setDaemon(true);
    }

    @Override
    public void run() {
      inside.set(true);
      boolean live = true;
      while (live) {
        Job job = spinForJob();
        if (job == null) {
          job = sleepForJob();
        }
        if (job != null) {
          job.work();
        } else {
          live = false;
        }
      }
      workers.decrementAndGet();
      // A job may have come between the last look and the count going down.
      if (!queue.isEmpty()) {
        startWorker();
      }
    }

    private @Nullable Job spinForJob() {
      Job job = queue.poll();
      if (job == null) {
        long deadline = System.nanoTime() + SPIN_NANOS;
        while (job == null && System.nanoTime() < deadline) {
          Thread.onSpinWait();
          job = queue.poll();
        }
      }
      return job;
    }

    private @Nullable Job sleepForJob() {
      long deadline = System.nanoTime() + IDLE_EXIT_NANOS;
      sleepers.add(this);
      Job job = queue.poll();
      while (job == null) {
        long left = deadline - System.nanoTime();
        if (left <= 0) {
          break;
        }
        LockSupport.parkNanos(Parallel.this, left);
        job = queue.poll();
        if (job == null && !sleepers.contains(this)) {
          sleepers.add(this);
          job = queue.poll();
        }
      }
      sleepers.remove(this);
      return job;
    }
  }
}
