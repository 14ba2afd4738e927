/**
 * The pure-Java backend, device {@code cpu}. It uses {@code jdk.incubator.vector} where the JVM was
 * started with that module, and plain loops that give the same bits where it was not.
 */
module dev.ladera.backend.cpu {
  requires dev.ladera;
  requires static jdk.incubator.vector;
  requires static org.jspecify;

  exports dev.ladera.backend.cpu;

  provides dev.ladera.spi.BackendProvider with
      dev.ladera.backend.cpu.CpuProvider;
}
