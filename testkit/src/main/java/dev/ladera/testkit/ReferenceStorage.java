package dev.ladera.testkit;

import dev.ladera.DType;
import dev.ladera.spi.Storage;

/** Elements in a Java array of their own type. */
final class ReferenceStorage extends Storage {
  final Object array;

  ReferenceStorage(DType dtype, int elements) {
    super(dtype, elements);
    this.array = dtype.newArray(elements);
  }
}
