package dev.ladera.nn;

import dev.ladera.ArgumentException;
import dev.ladera.DTypeException;
import dev.ladera.ShapeException;
import dev.ladera.Tensor;

/**
 * What training makes small: one number, or one an element, of outputs and targets. Tensors that a
 * loss keeps, such as class weights, follow the outputs' device and type by themselves.
 */
public abstract class Loss {
  private Reduction reduction = Reduction.MEAN;

  /** Makes a loss that answers the mean. */
  protected Loss() {}

  /**
   * The loss.
   *
   * @param output what the network answered
   * @param target what it should answer
   * @throws dev.ladera.LaderaException if shapes or types do not fit
   */
  public abstract Tensor forward(Tensor output, Tensor target);

  /**
   * Sets how the losses of elements are joined; at first by their mean.
   *
   * @throws ArgumentException if this loss has no such reduction
   */
  public Loss reduction(Reduction how) {
    if (how == Reduction.BATCH_MEAN && !(this instanceof KLDivLoss)) {
      throw new ArgumentException(
          getClass().getSimpleName(), "reduction", "BATCH_MEAN is for KLDivLoss only");
    }
    reduction = how;
    return this;
  }

  /** How the losses of elements are joined. */
  public final Reduction reduction() {
    return reduction;
  }

  /** The losses of elements, joined. */
  protected final Tensor reduce(Tensor losses) {
    return switch (reduction) {
      case NONE -> losses;
      case MEAN -> losses.mean();
      case SUM -> losses.sum();
      case BATCH_MEAN -> losses.sum().div(losses.rank() == 0 ? 1 : losses.size(0));
    };
  }

  /** Two shapes that must be one: losses do not broadcast, because it would hide mistakes. */
  static void checkSameShape(String operation, Tensor output, Tensor target) {
    checkFloating(operation, output);
    if (!output.shape().equals(target.shape())) {
      throw new ShapeException(
          operation,
          "output "
              + output.shape()
              + " and target "
              + target.shape()
              + " must have one shape; reshape or expand one of them",
          output.shape(),
          target.shape());
    }
  }

  static void checkFloating(String operation, Tensor output) {
    if (!output.dtype().isFloating()) {
      throw new DTypeException(
          operation,
          "output is " + output.dtype() + "; it must be floating, use to(DType.FLOAT32)",
          output.dtype());
    }
  }

  /** As in {@code MSELoss()}, as PyTorch prints it. */
  @Override
  public final String toString() {
    return getClass().getSimpleName() + "()";
  }
}
