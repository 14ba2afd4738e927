/**
 * NVIDIA GPUs through {@code java.lang.foreign}. This version looks for the driver and its devices
 * and reports them; it has no kernels yet, and says so.
 */
module dev.ladera.backend.cuda {
  requires dev.ladera;
  requires static org.jspecify;

  exports dev.ladera.backend.cuda;

  provides dev.ladera.spi.BackendProvider with
      dev.ladera.backend.cuda.CudaProvider;
}
