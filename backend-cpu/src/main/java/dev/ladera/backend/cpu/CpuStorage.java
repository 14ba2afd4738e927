package dev.ladera.backend.cpu;

import dev.ladera.DType;
import dev.ladera.spi.Storage;

/** Elements in a Java array, which the garbage collector owns until they are given back. */
final class CpuStorage extends Storage {
  private static final Object NONE = new Object();

  private Object array;

  /** A storage of all elements of an array of the type that {@link DType#newArray} makes. */
  CpuStorage(DType dtype, Object array, int length) {
    super(dtype, length);
    this.array = array;
  }

  /** The {@code float[]}, {@code double[]}, {@code int[]}, {@code long[]} or {@code boolean[]}. */
  Object array() {
    return array;
  }

  /** Takes the array out, as the storage was given back. */
  Object take() {
    Object taken = array;
    array = NONE;
    return taken;
  }
}
