package dev.ladera.testkit.user;

import dev.ladera.DType;
import dev.ladera.MemoryUse;
import dev.ladera.op.Operator;
import dev.ladera.op.Signature;
import dev.ladera.spi.Backend;
import dev.ladera.spi.Kernel;
import dev.ladera.spi.Storage;
import dev.ladera.testkit.ReferenceBackend;
import org.jspecify.annotations.Nullable;

/** The reference, with a kernel of the user's for {@link Mish}. */
final class MishBackend implements Backend {
  private final ReferenceBackend others = new ReferenceBackend();
  private final Kernel mish;

  MishBackend(Kernel mish) {
    this.mish = mish;
  }

  @Override
  public @Nullable Kernel prepare(Operator operator, Signature signature) {
    return operator instanceof Mish ? mish : others.prepare(operator, signature);
  }

  @Override
  public Storage allocate(DType dtype, long elements) {
    return others.allocate(dtype, elements);
  }

  @Override
  public void read(Storage storage, long from, Object array, int at, int length) {
    others.read(storage, from, array, at, length);
  }

  @Override
  public void write(Object array, int at, Storage storage, long from, int length) {
    others.write(array, at, storage, from, length);
  }

  @Override
  public void synchronize() {
    others.synchronize();
  }

  @Override
  public MemoryUse memory() {
    return others.memory();
  }

  @Override
  public String description() {
    return "the reference with a kernel for mish";
  }
}
