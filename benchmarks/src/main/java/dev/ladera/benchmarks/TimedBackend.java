package dev.ladera.benchmarks;

import dev.ladera.DType;
import dev.ladera.MemoryUse;
import dev.ladera.Tensor;
import dev.ladera.op.Operator;
import dev.ladera.op.Signature;
import dev.ladera.spi.Backend;
import dev.ladera.spi.Kernel;
import dev.ladera.spi.Storage;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** A backend's kernels, each of whose calls is timed; for one thread at a time. */
final class TimedBackend implements Backend {
  private static final String ALLOCATION = "new tensors";
  private static final String RELEASE = "tensors given back";

  private final Backend backend;
  private final Map<String, Tally> tallies = new HashMap<>();

  /** Nanoseconds of the calls that the present one made. */
  private long inner;

  /** What calls of one kind took. */
  static final class Tally {
    private long calls;
    private long nanos;

    long calls() {
      return calls;
    }

    /** Without those of the calls that they made. */
    long nanos() {
      return nanos;
    }
  }

  TimedBackend(Backend backend) {
    this.backend = backend;
  }

  /** Calls since the last {@link #clear}, by operator and shapes of inputs. */
  Map<String, Tally> tallies() {
    return tallies;
  }

  void clear() {
    tallies.clear();
  }

  private void timed(String name, Runnable call) {
    long others = inner;
    inner = 0;
    long begin = System.nanoTime();
    call.run();
    backend.synchronize();
    long nanos = System.nanoTime() - begin;
    Tally tally = tallies.computeIfAbsent(name, _ -> new Tally());
    tally.calls++;
    tally.nanos += nanos - inner;
    inner = others + nanos;
  }

  @Override
  public Storage allocate(DType dtype, long elements) {
    Storage[] made = new Storage[1];
    timed(ALLOCATION, () -> made[0] = backend.allocate(dtype, elements));
    return made[0];
  }

  @Override
  public void release(Storage storage) {
    timed(RELEASE, () -> backend.release(storage));
  }

  @Override
  public @Nullable Kernel prepare(Operator operator, Signature signature) {
    Kernel kernel = backend.prepare(operator, signature);
    return kernel == null
        ? null
        : (call, inputs, outputs) ->
            timed(
                call.name() + " " + shapes(inputs.length == 0 ? outputs : inputs),
                () -> kernel.run(call, inputs, outputs));
  }

  private static String shapes(Tensor[] tensors) {
    return Arrays.stream(tensors)
        .map(tensor -> tensor.shape().toString())
        .collect(Collectors.joining(" "));
  }

  @Override
  public void read(Storage storage, long from, Object array, int at, int length) {
    backend.read(storage, from, array, at, length);
  }

  @Override
  public void write(Object array, int at, Storage storage, long from, int length) {
    backend.write(array, at, storage, from, length);
  }

  @Override
  public void synchronize() {
    backend.synchronize();
  }

  @Override
  public MemoryUse memory() {
    return backend.memory();
  }

  @Override
  public String description() {
    return backend.description();
  }
}
