package dev.ladera.spi;

import dev.ladera.DType;
import dev.ladera.MemoryUse;
import dev.ladera.op.Operator;
import dev.ladera.op.Signature;
import org.jspecify.annotations.Nullable;

/** One device's storage and kernels. Safe for use by several threads. */
public interface Backend {

  /**
   * A new storage; its contents are not defined.
   *
   * @throws dev.ladera.BackendException if there is not enough memory
   */
  Storage allocate(DType dtype, long elements);

  /**
   * Takes the memory of a storage back, by the time that what uses it has ended: no kernel will get
   * it again, nor will it be read or written. Where nothing is done, the garbage collector does it.
   *
   * @param storage a storage of this backend, given back once
   */
  default void release(Storage storage) {}

  /**
   * A kernel for an operator, or null where this backend has none: then a composite's decomposition
   * runs. Every {@link dev.ladera.op.Primitive} must get one.
   *
   * @param operator never a {@link dev.ladera.op.View}
   * @param signature the inputs' element types
   */
  @Nullable Kernel prepare(Operator operator, Signature signature);

  /**
   * Copies elements to a Java array.
   *
   * @param storage a storage of this backend
   * @param from the first element
   * @param array an array of the type that {@link DType#newArray} makes
   * @param at the first place in the array
   * @param length how many
   */
  void read(Storage storage, long from, Object array, int at, int length);

  /** Copies elements from a Java array; arguments as for {@link #read}. */
  void write(Object array, int at, Storage storage, long from, int length);

  /** Waits until all kernels that were started have ended. */
  void synchronize();

  /** Bytes in use. */
  MemoryUse memory();

  /** One line for people: the machine, the widths, the library versions in use. */
  String description();
}
