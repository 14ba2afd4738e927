package dev.ladera.testkit.conformance;

import dev.ladera.DType;
import dev.ladera.Device;
import dev.ladera.FreedException;
import dev.ladera.MemoryScope;
import dev.ladera.Shape;
import dev.ladera.Tensor;
import dev.ladera.testkit.conformance.OperatorCase.Sample;
import java.lang.ref.WeakReference;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Live bytes return to what they were when an operation's tensors are out of reach. Storages may be
 * the garbage collector's, which nothing forces to run: it is given garbage to collect.
 */
final class MemoryChecks {
  private static final int RUNS = 3;
  private static final int SIZE = 600;
  private static final long PATIENCE_NANOS = 60_000_000_000L;
  private static final int GARBAGE = 1 << 15;

  private MemoryChecks() {}

  static Stream<Check> of(Map<String, List<OperatorCase>> families, Device device) {
    return families.entrySet().stream()
        .map(family ->
            new Check("memory/" + family.getKey(), () -> check(family.getValue(), device)));
  }

  /** What {@link MemoryScope}s do on the device. */
  static Stream<Check> scopes(Device device) {
    return Stream.of(new Check("memory/scope", () -> scope(device)));
  }

  /** A scope frees what is not kept, where memory is not the collector's; else nothing. */
  private static void scope(Device device) {
    Tensor left;
    Tensor kept;
    long inside;
    try (MemoryScope scope = MemoryScope.open()) {
      left = Tensor.full(Shape.of(SIZE), 3, DType.FLOAT32, device);
      kept = scope.keep(left.mul(2).slice(0, 1, 3));
      inside = device.memory().live();
    }
    long after = device.memory().live();
    if (kept.sum().item() != 12) {
      throw new AssertionError("a kept tensor has other values when its scope is closed: " + kept);
    }
    if (left.storage().memory() == null) {
      if (left.sum().item() != 3 * SIZE) {
        throw new AssertionError("a scope changed a tensor whose memory is the collector's");
      }
      return;
    }
    if (after > inside - left.storage().bytes()) {
      throw new AssertionError(after + " bytes are live after a scope, " + inside + " were in it");
    }
    for (Runnable use : List.<Runnable>of(() -> left.add(1), left::toArray, () -> left.fill(1))) {
      try {
        use.run();
      } catch (FreedException expected) {
        continue;
      }
      throw new AssertionError("a tensor can be used when its scope is closed");
    }
  }

  /**
   * All of a family at once; if bytes stay, each alone, to find which. If none does then, a storage
   * had merely grown old: the collector may leave such ones for long.
   */
  private static void check(List<OperatorCase> family, Device device) {
    if (kept(family, device) > 0) {
      for (OperatorCase line : family) {
        long kept = kept(List.of(line), device);
        if (kept > 0 && kept(List.of(line), device) > 0) {
          throw new AssertionError(line.operation() + " keeps " + kept + " bytes alive");
        }
      }
    }
  }

  /** How many bytes further runs leave behind, when a first has filled caches. */
  private static long kept(List<OperatorCase> family, Device device) {
    run(family, device);
    long before = settled(device);
    for (int i = 0; i < RUNS; i++) {
      run(family, device);
    }
    long deadline = System.nanoTime() + PATIENCE_NANOS;
    long after = device.memory().live();
    while (after > before && System.nanoTime() < deadline) {
      long next = settled(device);
      if (next == after) {
        break;
      }
      after = next;
    }
    return after - before;
  }

  private static void run(List<OperatorCase> family, Device device) {
    for (OperatorCase line : family) {
      DType dtype = line.dtypes().stream().sorted().findFirst().orElseThrow();
      run(line, line.samples(), dtype, device);
      run(line, line.sized(SIZE), dtype, device);
    }
  }

  private static void run(OperatorCase line, List<Sample> samples, DType dtype, Device device) {
    for (Sample sample : samples) {
      Runs.outputs(sample, device, Runs.inputs(line, sample, dtype), Placement.CONTIGUOUS);
    }
  }

  /** The live bytes when all that was out of reach before has been collected. */
  private static long settled(Device device) {
    device.synchronize();
    // Twice: cleaners run some time after the collection that found their storage.
    collect();
    collect();
    long live = device.memory().live();
    for (int quiet = 0; quiet < 10; quiet++) {
      sleep(5);
      long now = device.memory().live();
      if (now != live) {
        live = now;
        quiet = 0;
      }
    }
    return live;
  }

  /** Allocates until an object that nothing refers to is gone. */
  private static void collect() {
    WeakReference<Object> canary = new WeakReference<>(new Object());
    long deadline = System.nanoTime() + PATIENCE_NANOS;
    byte[] garbage = new byte[0];
    while (canary.get() != null) {
      garbage = new byte[GARBAGE];
      if (System.nanoTime() > deadline) {
        throw new AssertionError(
            "the garbage collector has not run; last given " + garbage.length + " bytes");
      }
    }
  }

  private static void sleep(long millis) {
    try {
      Thread.sleep(millis);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new AssertionError("interrupted while waiting for cleaners", interrupted);
    }
  }
}
