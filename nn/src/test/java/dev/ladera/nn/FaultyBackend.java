package dev.ladera.nn;

import dev.ladera.DType;
import dev.ladera.DTypeException;
import dev.ladera.MemoryUse;
import dev.ladera.op.Operator;
import dev.ladera.op.Signature;
import dev.ladera.spi.Backend;
import dev.ladera.spi.Kernel;
import dev.ladera.spi.Storage;
import dev.ladera.testkit.ReferenceBackend;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The reference backend less some operators and types. */
final class FaultyBackend implements Backend {
  private final Backend whole = new ReferenceBackend();
  private final Set<String> lacking = new HashSet<>();
  private final Set<String> failing = new HashSet<>();
  private final Set<DType> refused = new HashSet<>();
  private final Set<DType> unprepared = new HashSet<>();

  /** Answers no kernel for operators of these names. */
  FaultyBackend without(String... names) {
    lacking.addAll(List.of(names));
    return this;
  }

  /** Throws when asked for kernels for operators of these names. */
  FaultyBackend failing(String... names) {
    failing.addAll(List.of(names));
    return this;
  }

  /** Has no storage of a type. */
  FaultyBackend refusing(DType dtype) {
    refused.add(dtype);
    return this;
  }

  /** Has no kernels for inputs of a type. */
  FaultyBackend withoutKernelsFor(DType dtype) {
    unprepared.add(dtype);
    return this;
  }

  @Override
  public Storage allocate(DType dtype, long elements) {
    if (refused.contains(dtype)) {
      throw new DTypeException("allocate", "this device has no " + dtype, dtype);
    }
    return whole.allocate(dtype, elements);
  }

  @Override
  public @Nullable Kernel prepare(Operator operator, Signature signature) {
    if (failing.contains(operator.name())) {
      throw new IllegalStateException("the compiler fell over");
    }
    for (int i = 0; i < signature.size(); i++) {
      if (unprepared.contains(signature.dtype(i))) {
        throw new DTypeException(
            operator.name(), "no kernels for " + signature.dtype(i), signature.dtype(i));
      }
    }
    return lacking.contains(operator.name()) ? null : whole.prepare(operator, signature);
  }

  @Override
  public void read(Storage storage, long from, Object array, int at, int length) {
    whole.read(storage, from, array, at, length);
  }

  @Override
  public void write(Object array, int at, Storage storage, long from, int length) {
    whole.write(array, at, storage, from, length);
  }

  @Override
  public void synchronize() {}

  @Override
  public MemoryUse memory() {
    return whole.memory();
  }

  @Override
  public String description() {
    return "faulty";
  }
}
