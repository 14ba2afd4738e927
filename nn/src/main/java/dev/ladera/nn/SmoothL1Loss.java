package dev.ladera.nn;

import dev.ladera.ArgumentException;
import dev.ladera.Dispatcher;
import dev.ladera.Tensor;
import dev.ladera.op.Expr;
import dev.ladera.op.Pointwise;

/**
 * The squared distance d of output and target divided by 2 · beta up to beta, d − beta / 2 beyond
 * (Girshick, "Fast R-CNN", 2015); of tensors of one shape.
 */
public final class SmoothL1Loss extends Loss {
  private final Pointwise loss;

  /** With beta 1. */
  public SmoothL1Loss() {
    this(1);
  }

  /**
   * With this distance at which the parabola becomes a line; with 0 it is {@link L1Loss}.
   *
   * @throws ArgumentException if it is negative
   */
  public SmoothL1Loss(double beta) {
    if (!(beta >= 0)) {
      throw new ArgumentException("smoothL1Loss", "beta", "must not be negative: " + beta);
    }
    this.loss =
        Pointwise.of(
            "smoothL1Loss",
            (output, target) -> {
              Expr distance = output.sub(target).abs();
              return beta == 0
                  ? distance
                  : Expr.where(
                      distance.lt(beta), distance.square().mul(0.5 / beta), distance.sub(beta / 2));
            });
  }

  /**
   * @throws dev.ladera.ShapeException if the shapes differ
   */
  @Override
  public Tensor forward(Tensor output, Tensor target) {
    checkSameShape("smoothL1Loss", output, target);
    return reduce(Dispatcher.call(loss, output, target));
  }

  @Override
  public SmoothL1Loss reduction(Reduction how) {
    super.reduction(how);
    return this;
  }
}
