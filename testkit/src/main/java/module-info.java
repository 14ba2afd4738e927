/** The reference backend, and the conformance suite that every backend passes. */
module dev.ladera.testkit {
  requires transitive dev.ladera;
  requires static org.jspecify;
  requires commons.math3;
  requires transitive org.junit.jupiter.api;
  requires net.jqwik.api;
  requires org.assertj.core;

  exports dev.ladera.testkit;
  exports dev.ladera.testkit.conformance;

  uses dev.ladera.spi.AutogradEngine;

  provides dev.ladera.spi.BackendProvider with
      dev.ladera.testkit.ReferenceProvider;
}
