package dev.ladera.backend.cuda;

import org.jspecify.annotations.Nullable;

/**
 * What NVIDIA's libraries compute better than kernels of ours, as far as they are there.
 *
 * @param products by cuBLASLt; null if it is not there
 * @param description which libraries are in use, and why others are not
 */
record VendorKernels(@Nullable CublasProducts products, String description) {

  /** Looks for the libraries and starts them on a device; none of them has to be there. */
  static VendorKernels find(LibrarySearch search, CudaDevice device, DeviceMemory memory) {
    StringBuilder description = new StringBuilder();
    CublasProducts products = null;
    try {
      CublasLt library = new CublasLt(search.load(CudaLibrary.CUBLAS_LT));
      products = new CublasProducts(library, device, memory);
      description.append("products by cuBLASLt (").append(library.path()).append(')');
    } catch (MissingLibraryException missing) {
      description.append("products by own kernels, without cuBLASLt: ").append(missing.reason());
    } catch (CallFailure failure) {
      description.append("products by own kernels: ").append(failure.getMessage());
    }
    return new VendorKernels(products, description.toString());
  }
}
