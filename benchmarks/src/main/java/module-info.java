/** Benchmarks by JMH; run them with {@code benchmarks/run}. */
module dev.ladera.benchmarks {
  requires dev.ladera;
  requires dev.ladera.nn;
  requires dev.ladera.optim;
  requires jmh.core;
  requires static org.jspecify;

  exports dev.ladera.benchmarks;
}
