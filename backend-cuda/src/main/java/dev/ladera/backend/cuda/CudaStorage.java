package dev.ladera.backend.cuda;

import dev.ladera.DType;
import dev.ladera.Tensor;
import dev.ladera.spi.OwnedMemory;
import dev.ladera.spi.Storage;
import org.jspecify.annotations.Nullable;

/** Elements in device memory; {@link DeviceMemory} frees them when nobody holds the storage. */
final class CudaStorage extends Storage {
  private final long address;
  private final DeviceMemory.@Nullable Block block;

  /** A storage over a block of memory; null where it has no elements. */
  CudaStorage(DType dtype, long elements, DeviceMemory.@Nullable Block block) {
    super(dtype, elements);
    this.address = block == null ? 0 : block.address();
    this.block = block;
  }

  @Override
  public @Nullable OwnedMemory memory() {
    return block;
  }

  /** Whether the memory was freed while somebody holds the storage. */
  boolean isFreed() {
    return block != null && block.isFreed();
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
