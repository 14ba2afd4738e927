package dev.ladera.benchmarks;

import com.sun.management.ThreadMXBean;
import dev.ladera.MemoryScope;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Calls a body again and again, and tells the time of a call. Calls are counted in batches of at
 * least 20 ms, so that the clock's grain does not matter. {@code peer_pytorch.py} does the same,
 * but for the time that a compiler in the background is waited for, as it has none.
 *
 * <p>No call can be left out by the compiler: each result is stored, by a release, where another
 * thread could read it.
 */
final class Loop {
  static final long BATCH_NANOS = 20_000_000;

  private static final int SAMPLES_A_TURN = 3;
  private static final long TURN_NANOS = 100_000_000;

  /** So many batches in a row, none faster by a fiftieth than the best before, are steady. */
  private static final int STEADY_BATCHES = 10;

  /** Steady for less could be the time that a compiler in the background still takes. */
  private static final long STEADY_NANOS = 1_500_000_000;

  private static final double FASTER = 0.98;
  private static final int MOST_GROWTH = 100;

  private static final VarHandle RESULT;

  static {
    try {
      RESULT = MethodHandles.lookup().findVarHandle(Loop.class, "result", Object.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  private final Supplier<? extends Object> body;
  private final Runnable synchronize;
  private long batch = 1;

  /** The last result; written by {@link #RESULT}. */
  @SuppressWarnings("unused")
  private @Nullable Object result;

  /**
   * A loop that has not run yet.
   *
   * @param synchronize waits for what the body started
   */
  Loop(Supplier<? extends Object> body, Runnable synchronize) {
    this.body = body;
    this.synchronize = synchronize;
  }

  Loop(Supplier<? extends Object> body) {
    this(body, () -> {});
  }

  /** One call, whose tensors give their memory back, as those of PyTorch do when it ends. */
  void call() {
    try (var _ = MemoryScope.open()) {
      RESULT.setRelease(this, body.get());
    }
  }

  /** Calls until the time of a call falls no more, and finds how many calls make a batch. */
  void warmUp(Pace pace) {
    long begin = System.nanoTime();
    double best = Double.POSITIVE_INFINITY;
    int steady = 0;
    long steadySince = begin;
    boolean isSteady;
    double seconds;
    do {
      double nanos = batch();
      if (nanos * batch < BATCH_NANOS) {
        batch = (long) Math.min(batch * MOST_GROWTH, Math.ceil(BATCH_NANOS / nanos));
      }
      long now = System.nanoTime();
      steady++;
      if (nanos < best * FASTER) {
        steady = 0;
        steadySince = now;
      }
      best = Math.min(best, nanos);
      seconds = (now - begin) * 1e-9;
      isSteady = steady >= STEADY_BATCHES && now - steadySince >= STEADY_NANOS;
    } while (seconds < pace.leastWarmUp() || (seconds < pace.mostWarmUp() && !isSteady));
  }

  /** One batch; answers nanoseconds a call. */
  private double batch() {
    long begin = System.nanoTime();
    for (long i = 0; i < batch; i++) {
      call();
    }
    synchronize.run();
    return (double) (System.nanoTime() - begin) / batch;
  }

  /**
   * Some batches in a row. Small bodies are called once before, so that their inputs are in the
   * caches that the one before had for itself.
   *
   * @return nanoseconds a call, of each batch
   */
  List<Double> turn() {
    if (batch > 1) {
      call();
      synchronize.run();
    }
    List<Double> samples = new ArrayList<>();
    long begin = System.nanoTime();
    do {
      samples.add(batch());
    } while (samples.size() < SAMPLES_A_TURN && System.nanoTime() - begin < TURN_NANOS);
    return samples;
  }

  /** Bytes that a call takes from the heap, on all threads; memory used again is not among them. */
  double bytesPerCall() {
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    double least = Double.POSITIVE_INFINITY;
    long calls = Math.clamp(batch, 1, 1000);
    for (int i = 0; i < SAMPLES_A_TURN; i++) {
      long before = threads.getTotalThreadAllocatedBytes();
      for (long call = 0; call < calls; call++) {
        call();
      }
      synchronize.run();
      least = Math.min(least, threads.getTotalThreadAllocatedBytes() - before);
    }
    return least / calls;
  }
}
