package dev.ladera.backend.cuda;

import dev.ladera.DType;
import dev.ladera.Tensor;
import dev.ladera.spi.Storage;

/** Elements in device memory; {@link DeviceMemory} frees them when nobody holds the storage. */
final class CudaStorage extends Storage {
  private final long address;

  CudaStorage(DType dtype, long elements, long address) {
    super(dtype, elements);
    this.address = address;
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
