package dev.ladera.testkit.conformance;

import dev.ladera.DType;
import dev.ladera.MemoryUse;
import dev.ladera.Tensor;
import dev.ladera.op.Operator;
import dev.ladera.op.Signature;
import dev.ladera.spi.Backend;
import dev.ladera.spi.Kernel;
import dev.ladera.spi.Storage;
import dev.ladera.testkit.ReferenceBackend;
import org.jspecify.annotations.Nullable;

/** The reference, but that one thing is wrong with it. */
final class BrokenBackend implements Backend {
  /** How a kernel goes wrong. */
  @FunctionalInterface
  interface Fault {
    /** Runs the kernel, or something else. */
    void run(Kernel kernel, Operator operator, Tensor[] inputs, Tensor[] outputs);
  }

  private final ReferenceBackend sound = new ReferenceBackend();
  private final Fault fault;

  BrokenBackend(Fault fault) {
    this.fault = fault;
  }

  @Override
  public Storage allocate(DType dtype, long elements) {
    return sound.allocate(dtype, elements);
  }

  @Override
  public @Nullable Kernel prepare(Operator operator, Signature signature) {
    Kernel kernel = sound.prepare(operator, signature);
    return kernel == null
        ? null
        : (called, inputs, outputs) -> fault.run(kernel, called, inputs, outputs);
  }

  @Override
  public void read(Storage storage, long from, Object array, int at, int length) {
    sound.read(storage, from, array, at, length);
  }

  @Override
  public void write(Object array, int at, Storage storage, long from, int length) {
    sound.write(array, at, storage, from, length);
  }

  @Override
  public void synchronize() {
    sound.synchronize();
  }

  @Override
  public MemoryUse memory() {
    return sound.memory();
  }

  @Override
  public String description() {
    return "the reference with a fault";
  }
}
