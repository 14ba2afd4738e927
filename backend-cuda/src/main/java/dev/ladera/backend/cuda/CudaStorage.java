package dev.ladera.backend.cuda;

import dev.ladera.DType;
import dev.ladera.Tensor;
import dev.ladera.spi.Storage;
import org.jspecify.annotations.Nullable;

/**
 * Elements in device memory; {@link DeviceMemory} frees them when nobody holds the storage, or when
 * it is given back.
 */
final class CudaStorage extends Storage {
  private final long address;
  private final DeviceMemory.@Nullable Block block;

  /** A storage over a block of memory; null where it has no elements. */
  CudaStorage(DType dtype, long elements, DeviceMemory.@Nullable Block block) {
    super(dtype, elements);
    this.address = block == null ? 0 : block.address();
    this.block = block;
  }

  /** Frees the memory when the work that was given to the stream so far is done. */
  void free() {
    if (block != null) {
      block.free();
    }
  }

  long address() {
    return address;
  }

  /** Where a tensor's first element is. */
  static long address(Tensor tensor) {
    return ((CudaStorage) tensor.storage()).address
        + tensor.layout().offset() * tensor.dtype().bytes();
  }
}
