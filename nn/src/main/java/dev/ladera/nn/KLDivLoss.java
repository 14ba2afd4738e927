package dev.ladera.nn;

import dev.ladera.Dispatcher;
import dev.ladera.Tensor;
import dev.ladera.op.Expr;
import dev.ladera.op.Pointwise;

/**
 * The Kullback-Leibler divergence, target · (log target − output), of outputs that are logarithms
 * of probabilities and targets that are probabilities, of one shape. Summed over what is one
 * distribution it is the divergence, so {@link Reduction#BATCH_MEAN} is what is usually meant. A
 * target of 0 adds nothing, and its gradient is 0, where PyTorch's is NaN.
 */
public final class KLDivLoss extends Loss {
  private static final Pointwise LOSS =
      Pointwise.of(
          "klDivLoss",
          (output, target) ->
              Expr.where(
                  target.eq(Expr.of(0.0)), Expr.of(0.0), target.mul(target.log().sub(output))));
  private static final Pointwise OF_LOGARITHMS =
      Pointwise.of("klDivLoss", (output, target) -> target.exp().mul(target.sub(output)));

  private boolean logTarget;

  /** Makes the loss, for targets that are probabilities. */
  public KLDivLoss() {}

  /** Sets whether the targets are logarithms of probabilities too. */
  public KLDivLoss logTarget(boolean on) {
    logTarget = on;
    return this;
  }

  /**
   * @throws dev.ladera.ShapeException if the shapes differ
   */
  @Override
  public Tensor forward(Tensor output, Tensor target) {
    checkSameShape("klDivLoss", output, target);
    return reduce(Dispatcher.call(logTarget ? OF_LOGARITHMS : LOSS, output, target));
  }

  @Override
  public KLDivLoss reduction(Reduction how) {
    super.reduction(how);
    return this;
  }
}
