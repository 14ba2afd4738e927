/** The command {@code ladera bench}: speed, beside other frameworks and the machine's limits. */
module dev.ladera.benchmarks {
  requires dev.ladera.all;
  requires dev.ladera.backend.cpu;
  requires dev.ladera.backend.cuda;
  requires info.picocli;
  requires static jdk.incubator.vector;
  requires jdk.management;
  requires static org.jspecify;
  requires tools.jackson.databind;

  opens dev.ladera.benchmarks to
      info.picocli,
      tools.jackson.databind;
}
