package dev.ladera.backend.cuda;

import dev.ladera.DType;
import dev.ladera.Tensor;
import dev.ladera.spi.Storage;
import java.lang.ref.Cleaner.Cleanable;
import org.jspecify.annotations.Nullable;

/**
 * Elements in device memory; {@link DeviceMemory} frees them when nobody holds the storage, or when
 * it is given back.
 */
final class CudaStorage extends Storage {
  private final long address;
  private @Nullable Cleanable memory;

  CudaStorage(DType dtype, long elements, long address) {
    super(dtype, elements);
    this.address = address;
  }

  long address() {
    return address;
  }

  /** Says how the memory is freed. */
  void freedBy(Cleanable cleanable) {
    this.memory = cleanable;
  }

  /** Frees the memory when the work that was given to the stream so far is done. */
  void free() {
    if (memory != null) {
      memory.clean();
    }
  }

  /** Where a tensor's first element is. */
  static long address(Tensor tensor) {
    return ((CudaStorage) tensor.storage()).address
        + tensor.layout().offset() * tensor.dtype().bytes();
  }
}
