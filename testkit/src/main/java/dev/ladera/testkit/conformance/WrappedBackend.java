package dev.ladera.testkit.conformance;

import dev.ladera.DType;
import dev.ladera.MemoryUse;
import dev.ladera.op.Operator;
import dev.ladera.op.Signature;
import dev.ladera.spi.Backend;
import dev.ladera.spi.Kernel;
import dev.ladera.spi.Storage;
import org.jspecify.annotations.Nullable;

/** A backend that leaves all to another; subclasses look at, or change, the kernels. */
abstract class WrappedBackend implements Backend {
  private final Backend inner;

  WrappedBackend(Backend inner) {
    this.inner = inner;
  }

  @Override
  public @Nullable Kernel prepare(Operator operator, Signature signature) {
    return inner.prepare(operator, signature);
  }

  @Override
  public Storage allocate(DType dtype, long elements) {
    return inner.allocate(dtype, elements);
  }

  @Override
  public final void release(Storage storage) {
    inner.release(storage);
  }

  @Override
  public final void read(Storage storage, long from, Object array, int at, int length) {
    inner.read(storage, from, array, at, length);
  }

  @Override
  public final void write(Object array, int at, Storage storage, long from, int length) {
    inner.write(array, at, storage, from, length);
  }

  @Override
  public final void synchronize() {
    inner.synchronize();
  }

  @Override
  public final MemoryUse memory() {
    return inner.memory();
  }

  @Override
  public final String description() {
    return inner.description();
  }
}
