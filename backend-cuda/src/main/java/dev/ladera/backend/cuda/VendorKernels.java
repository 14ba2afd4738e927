package dev.ladera.backend.cuda;

import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What NVIDIA's libraries compute better than kernels of ours, as far as they are there.
 *
 * @param products by cuBLASLt; null if it is not there
 * @param convolutions by cuDNN; null if it is not there
 * @param description which libraries are in use, and why others are not
 */
record VendorKernels(
    @Nullable CublasProducts products,
    @Nullable CudnnConvolutions convolutions,
    String description) {

  /** Looks for the libraries and starts them on a device; none of them has to be there. */
  static VendorKernels find(LibrarySearch search, CudaDevice device, DeviceMemory memory) {
    Found<CublasProducts> products =
        Found.of(
            search,
            CudaLibrary.CUBLAS_LT,
            "products",
            library -> new CublasProducts(new CublasLt(library), device, memory));
    Found<CudnnConvolutions> convolutions =
        Found.of(
            search,
            CudaLibrary.CUDNN,
            "convolutions",
            library -> new CudnnConvolutions(new Cudnn(library), device, memory));
    return new VendorKernels(
        products.kernels,
        convolutions.kernels,
        products.description + "; " + convolutions.description);
  }

  private record Found<K>(@Nullable K kernels, String description) {
    static <K> Found<K> of(
        LibrarySearch search, CudaLibrary kind, String what, Function<NativeLibrary, K> start) {
      try {
        NativeLibrary library = search.load(kind);
        return new Found<>(
            start.apply(library), what + " by " + kind + " (" + library.path() + ")");
      } catch (MissingLibraryException missing) {
        return new Found<>(
            null, what + " by own kernels, without " + kind + ": " + missing.reason());
      } catch (CallFailure failure) {
        return new Found<>(null, what + " by own kernels: " + failure.getMessage());
      }
    }
  }
}
