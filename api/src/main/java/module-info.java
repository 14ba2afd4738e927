/**
 * Ladera's public face: tensors, operators, and the service interfaces (backends, automatic
 * differentiation, kernels for operators) that other modules implement.
 */
module dev.ladera {
  requires static transitive org.jspecify;
  requires com.google.common;

  exports dev.ladera;
  exports dev.ladera.op;
  exports dev.ladera.spi;

  uses dev.ladera.spi.BackendProvider;
  uses dev.ladera.spi.AutogradEngine;
  uses dev.ladera.spi.KernelProvider;
}
