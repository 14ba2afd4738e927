package dev.ladera.op;

import dev.ladera.Tensor;

/**
 * An operator made of others, so that it runs on every backend on the day it is written. A backend
 * may claim it with a kernel of its own; the decomposition stays as the oracle of that kernel.
 *
 * <p>To write one: a record of its attributes, {@link #infer} for all errors, {@link #decompose} in
 * tensor operations, and, where the body's own gradient is not the one wanted, {@link #gradient}.
 */
public non-sealed interface Composite extends Operator {

  /**
   * Computes the outputs by other operators.
   *
   * @param inputs as many and of such types as {@link #infer} accepted
   */
  Tensor[] decompose(Tensor... inputs);

  /** How this operator is differentiated; through its decomposition where it says nothing. */
  default Gradient gradient() {
    return Gradient.ofBody();
  }
}
