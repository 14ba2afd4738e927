/** NVIDIA GPUs through {@code java.lang.foreign}. */
module dev.ladera.backend.cuda {
  requires dev.ladera;
  requires static org.jspecify;

  exports dev.ladera.backend.cuda;

  provides dev.ladera.spi.BackendProvider with
      dev.ladera.backend.cuda.CudaProvider;
}
