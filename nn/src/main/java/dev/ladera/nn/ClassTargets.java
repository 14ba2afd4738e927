package dev.ladera.nn;

import dev.ladera.DType;
import dev.ladera.DTypeException;
import dev.ladera.IndexException;
import dev.ladera.Shape;
import dev.ladera.ShapeException;
import dev.ladera.Tensor;
import dev.ladera.op.CrossEntropy;
import dev.ladera.op.NllLoss;
import dev.ladera.op.Operator;
import org.jspecify.annotations.Nullable;

/**
 * What losses by class numbers share. Scores are (batch, classes, …), or (classes); targets are
 * numbers of classes, without that axis. A place whose target is the ignored number counts nowhere.
 *
 * @param operation named in errors
 * @param axis of the classes
 * @param target the numbers
 * @param ignoreIndex the ignored number
 */
record ClassTargets(String operation, int axis, Tensor target, long ignoreIndex) {
  /** Where the classes are. */
  static int axis(String operation, Tensor output) {
    if (output.rank() == 0) {
      throw new ShapeException(
          operation, "output " + output.shape() + " must be (batch, classes, …)", output.shape());
    }
    return output.rank() == 1 ? 0 : 1;
  }

  /**
   * Checks types and shapes.
   *
   * @throws DTypeException if the output is not floating, or the target is no integer
   * @throws ShapeException if the target's shape is not the output's without the classes
   */
  static ClassTargets of(String operation, Tensor output, Tensor target, long ignoreIndex) {
    int axis = axis(operation, output);
    Loss.checkFloating(operation, output);
    if (!target.dtype().isInteger()) {
      throw new DTypeException(
          operation,
          "target is "
              + target.dtype()
              + "; classes are numbered by int32 or int64, use to(DType.INT64)",
          target.dtype(),
          DType.INT64);
    }
    Shape expected = output.shape().without(axis);
    if (!target.shape().equals(expected)) {
      throw new ShapeException(
          operation,
          "output "
              + output.shape()
              + " needs a target of shape "
              + expected
              + ", the classes being axis "
              + axis
              + "; this one is "
              + target.shape(),
          output.shape(),
          target.shape());
    }
    return new ClassTargets(operation, axis, target, ignoreIndex);
  }

  /** The negative log-likelihood of these targets, joined as a reduction says. */
  NllLoss likelihood(Reduction reduction) {
    NllLoss.Joining joining =
        switch (reduction) {
          case NONE -> NllLoss.Joining.NONE;
          case SUM -> NllLoss.Joining.SUM;
          case MEAN, BATCH_MEAN -> NllLoss.Joining.MEAN;
        };
    return new NllLoss(axis, ignoreIndex, joining);
  }

  /**
   * The outputs of a loss for these targets.
   *
   * @param loss {@link NllLoss} or {@link CrossEntropy}
   * @throws IndexException if a target is no class and not ignored
   */
  Tensor[] losses(Operator loss, Tensor scores, @Nullable Tensor weights) {
    try {
      return weights == null ? loss.callAll(scores, target) : loss.callAll(scores, target, weights);
    } catch (IndexException wrong) {
      int classes = scores.size(axis);
      IndexException named =
          new IndexException(
              operation,
              "target "
                  + wrong.index()
                  + " is no class; output "
                  + scores.shape()
                  + " has classes 0 to "
                  + (classes - 1)
                  + ", and "
                  + ignoreIndex
                  + " is ignored",
              wrong.index(),
              classes);
      named.initCause(wrong);
      throw named;
    }
  }

  /** Values with 0 where the target is ignored. */
  Tensor kept(Tensor values) {
    return values.maskedFill(target.eq(ignoreIndex), 0);
  }

  /**
   * Class weights on the device and of the type of the output.
   *
   * @throws ShapeException if there is not one a class
   */
  static @Nullable Tensor fitted(
      String operation, @Nullable Tensor weight, Tensor output, int axis) {
    if (weight == null) {
      return null;
    }
    if (weight.rank() != 1 || weight.size(0) != output.size(axis)) {
      throw new ShapeException(
          operation,
          "weight "
              + weight.shape()
              + " must have one entry for each of the "
              + output.size(axis)
              + " classes of output "
              + output.shape(),
          output.shape(),
          weight.shape());
    }
    return weight.detach().to(output.device()).to(output.dtype());
  }
}
