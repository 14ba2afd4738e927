package dev.ladera.op;

import dev.ladera.Dispatcher;
import dev.ladera.Tensor;

/**
 * One step of a computation, as an immutable value: structurally equal operators compute the same.
 * {@link Primitive}s are implemented by every backend, {@link View}s move no data, {@link
 * Composite}s are made of others.
 */
public sealed interface Operator permits Primitive, View, Composite {

  /** The name that errors, graphs and tables show, such as {@code matmul}. */
  String name();

  /**
   * The types of the outputs, or the error that the inputs deserve: all errors of shape and dtype
   * are found here, once for all backends, before anything runs.
   *
   * @throws dev.ladera.LaderaException naming the operation, the arguments and what to do
   */
  TensorType[] infer(TensorType... inputs);

  /**
   * What of this operator a prepared kernel depends on, as a cache key among operators of its
   * class. Attributes that a kernel reads when it runs (a fill value, a learning rate) are left
   * out, so that they do not each cost a kernel.
   */
  default Object kernelKey() {
    return this;
  }

  /**
   * How many of the leading inputs this operator overwrites; zero for all but assignment and its
   * like.
   */
  default int mutates() {
    return 0;
  }

  /**
   * Runs this operator on the device of its inputs; recorded, where gradients are.
   *
   * @return its output, the first if it has several
   * @throws dev.ladera.LaderaException if the inputs do not fit, there are none, or the operator
   *     has no output
   */
  default Tensor call(Tensor... inputs) {
    return Dispatcher.call(this, inputs);
  }

  /**
   * Runs this operator on the device of its inputs; recorded, where gradients are.
   *
   * @return all its outputs
   * @throws dev.ladera.LaderaException if the inputs do not fit, or there are none
   */
  default Tensor[] callAll(Tensor... inputs) {
    return Dispatcher.callAll(this, inputs);
  }
}
