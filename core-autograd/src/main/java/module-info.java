/** Reverse-mode differentiation: the engine, its table of rules, and the tools built on them. */
module dev.ladera.autograd {
  requires static org.jspecify;
  requires transitive dev.ladera;
  requires com.google.common;
  requires commons.math3;

  exports dev.ladera.autograd;

  provides dev.ladera.spi.AutogradEngine with
      dev.ladera.autograd.Engine;
}
