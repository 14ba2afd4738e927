package dev.ladera.benchmarks;

import dev.ladera.DType;
import dev.ladera.Device;
import dev.ladera.Shape;
import dev.ladera.Tensor;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.IntToDoubleFunction;
import org.jspecify.annotations.Nullable;

/**
 * What the machine can do at most, on so many threads: fused multiply-adds without memory, and
 * copies of arrays as large as a benchmark's own. Both run in turns with what is measured by them.
 * On a GPU the copies are its own, and arithmetic has no ceiling.
 */
final class Ceilings implements AutoCloseable {
  /** A loop with what one call of it does: operations or bytes. */
  record Ceiling(Loop loop, double amount) {}

  /** Few enough for the first call, which is interpreted, and often enough to outweigh threads. */
  private static final int ROUNDS = 1_000;

  private static final int REPEATS = 500;
  private static final int LEAST_FLOATS = 1 << 10;
  private static final int LEAST_COPIED = 1 << 22;

  private final int threads;
  private final @Nullable Device gpu;
  private final ExecutorService workers;
  private final Map<Integer, Ceiling> copies = new HashMap<>();
  private @Nullable Ceiling arithmetic;

  Ceilings(int threads) {
    this(threads, null);
  }

  /**
   * The ceilings of what runs on a device.
   *
   * @param gpu null for the processor
   */
  Ceilings(int threads, @Nullable Device gpu) {
    this.threads = threads;
    this.gpu = gpu;
    this.workers = Executors.newFixedThreadPool(threads, Thread.ofPlatform().daemon().factory());
  }

  /** Whether the JVM was started with the module that the arithmetic needs. */
  static boolean vectors() {
    return ModuleLayer.boot().findModule("jdk.incubator.vector").isPresent();
  }

  /** The ceiling of a benchmark; null where it has none, or the JVM has no vectors. */
  @Nullable Ceiling of(Work work, Pace pace) {
    return switch (work.kind()) {
      case FLOPS -> gpu == null && vectors() ? arithmetic(pace) : null;
      case BYTES -> copy(work.amount(), pace);
      case NONE -> null;
    };
  }

  private Ceiling arithmetic(Pace pace) {
    Ceiling known = arithmetic;
    if (known == null) {
      known =
          warm(
              new Ceiling(
                  new Loop(() -> onAll(_ -> multiplyAdds())),
                  (double) threads * REPEATS * FusedMultiplyAdds.flops(ROUNDS)),
              pace);
      arithmetic = known;
    }
    return known;
  }

  private static double multiplyAdds() {
    double sum = 0;
    for (int i = 0; i < REPEATS; i++) {
      sum += FusedMultiplyAdds.run(ROUNDS);
    }
    return sum;
  }

  /** Arrays are rounded to powers of two, so that like benchmarks share them. */
  private Ceiling copy(double bytes, Pace pace) {
    int exponent = (int) Math.round(Math.log(bytes / 8 / threads) / Math.log(2));
    return copies.computeIfAbsent(
        Math.max(LEAST_FLOATS, 1 << exponent),
        floats -> warm(gpu == null ? copy(floats) : copy(floats, gpu), pace));
  }

  private static Ceiling copy(int floats, Device gpu) {
    Tensor source = Tensor.zeros(Shape.of(floats), DType.FLOAT32, gpu);
    return new Ceiling(new Loop(source::copy, gpu::synchronize), 8.0 * floats);
  }

  private Ceiling copy(int floats) {
    float[][] sources = new float[threads][floats];
    float[][] targets = new float[threads][floats];
    int times = Math.max(1, LEAST_COPIED / floats);
    Loop loop =
        new Loop(() ->
            onAll(thread -> {
              for (int i = 0; i < times; i++) {
                System.arraycopy(sources[thread], 0, targets[thread], 0, floats);
              }
              return targets[thread][0];
            }));
    return new Ceiling(loop, 8.0 * floats * times * threads);
  }

  private static Ceiling warm(Ceiling ceiling, Pace pace) {
    ceiling.loop().warmUp(pace);
    return ceiling;
  }

  private Double onAll(IntToDoubleFunction task) {
    if (threads == 1) {
      return task.applyAsDouble(0);
    }
    List<Future<Double>> running = new ArrayList<>();
    for (int i = 0; i < threads; i++) {
      int thread = i;
      running.add(workers.submit(() -> task.applyAsDouble(thread)));
    }
    double sum = 0;
    for (Future<Double> one : running) {
      try {
        sum += one.get();
      } catch (ExecutionException e) {
        throw new IllegalStateException("a ceiling failed", e.getCause());
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IllegalStateException("interrupted while a ceiling was measured", e);
      }
    }
    return sum;
  }

  @Override
  public void close() {
    workers.shutdown();
  }
}
