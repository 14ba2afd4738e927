/** A user's own program. */
module com.example.consumer {
  requires dev.ladera.all;
  requires dev.ladera.backend.cpu;

  provides dev.ladera.spi.KernelProvider with
      com.example.CubeOnCpu;
}
