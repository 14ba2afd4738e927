/**
 * What every backend must do, as tests: {@link dev.ladera.testkit.conformance.BackendConformance}
 * compares a device with the reference backend, operation by operation. {@link
 * dev.ladera.testkit.conformance.PyTorchCase} reads what PyTorch answered, for it and for tests of
 * layers and optimizers.
 */
@NullMarked
package dev.ladera.testkit.conformance;

import org.jspecify.annotations.NullMarked;
