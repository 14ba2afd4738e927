/** The program {@code ladera}: the command line, and the worked examples behind it. */
module dev.ladera.examples {
  requires dev.ladera.all;
  requires dev.ladera.backend.cpu;
  requires info.picocli;
  requires static org.jspecify;

  opens dev.ladera.examples to
      info.picocli;

  provides dev.ladera.spi.KernelProvider with
      dev.ladera.examples.operators.RmsNormOnCpu;
}
