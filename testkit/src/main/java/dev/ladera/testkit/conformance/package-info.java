/**
 * What every backend must do, as tests: {@link dev.ladera.testkit.conformance.BackendConformance}
 * compares a device with the reference backend, operation by operation. What every operation must
 * do is there for operations of one's own too: {@link
 * dev.ladera.testkit.conformance.OperatorConformance} makes the same tests of an {@link
 * dev.ladera.testkit.conformance.OperatorCase}. {@link dev.ladera.testkit.conformance.PyTorchCase}
 * reads what PyTorch answered, for these tests and for those of layers and optimizers.
 */
@NullMarked
package dev.ladera.testkit.conformance;

import org.jspecify.annotations.NullMarked;
