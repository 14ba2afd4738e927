package dev.ladera.op;

import dev.ladera.Tensor;

/**
 * An operator made of others, so that it runs on every backend on the day it is written. A backend,
 * or a {@link dev.ladera.spi.KernelProvider}, may claim it with a kernel; the decomposition stays
 * as the oracle of that kernel.
 *
 * <p>To write one: a record of its attributes, {@link #infer} for all errors, {@link #decompose} in
 * tensor operations, and, where the body's own gradient is not the one wanted, {@link #gradient}. A
 * device holds prepared operators for a while: attributes should be numbers, texts and the like,
 * not tensors. No two classes of operators that are used on one device may have the same {@link
 * #name}.
 */
public non-sealed interface Composite extends Operator {

  /**
   * Computes the outputs by other operators.
   *
   * @param inputs as many and of such types as {@link #infer} accepted
   * @return tensors of the types that {@link #infer} answered
   */
  Tensor[] decompose(Tensor... inputs);

  /**
   * How this operator is differentiated; through its decomposition where it says nothing. Then the
   * decomposition runs, rather than a kernel, whenever a gradient is recorded.
   */
  default Gradient gradient() {
    return Gradient.ofBody();
  }
}
