package dev.ladera.spi;

import dev.ladera.Tensor;
import dev.ladera.op.Operator;

/**
 * A prepared operator. It serves all shapes and layouts of the signature that it was prepared for,
 * and may be run by several threads at once.
 */
@FunctionalInterface
public interface Kernel {
  /**
   * Computes the outputs. Nothing but the outputs (and the inputs that the operator says it
   * mutates) is written. Inputs may have any layout; outputs are contiguous, from offset 0, and do
   * not overlap the inputs.
   *
   * @param operator equal in {@link Operator#kernelKey} to the one the kernel was prepared for; its
   *     other attributes are read from it
   * @param inputs tensors on the backend's device, of the types that {@code infer} accepted
   * @param outputs tensors of the types that {@code infer} answered, not yet filled
   */
  void run(Operator operator, Tensor[] inputs, Tensor[] outputs);
}
