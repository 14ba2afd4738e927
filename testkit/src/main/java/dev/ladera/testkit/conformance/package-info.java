/**
 * What every backend must do, as tests: {@link dev.ladera.testkit.conformance.BackendConformance}
 * compares a device with the reference backend, operation by operation.
 */
@NullMarked
package dev.ladera.testkit.conformance;

import org.jspecify.annotations.NullMarked;
