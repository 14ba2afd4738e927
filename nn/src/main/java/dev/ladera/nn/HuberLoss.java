package dev.ladera.nn;

import dev.ladera.Dispatcher;
import dev.ladera.Tensor;
import dev.ladera.op.Expr;
import dev.ladera.op.Pointwise;

/**
 * Half the squared distance d of output and target up to delta, delta · (d − delta / 2) beyond
 * (Huber, 1964); of tensors of one shape.
 */
public final class HuberLoss extends Loss {
  private final Pointwise loss;

  /** With delta 1. */
  public HuberLoss() {
    this(1);
  }

  /**
   * With this distance at which the parabola becomes a line.
   *
   * @throws dev.ladera.ArgumentException if it is not above 0
   */
  public HuberLoss(double delta) {
    Arguments.positive("huberLoss", "delta", delta);
    this.loss =
        Pointwise.of(
            "huberLoss",
            (output, target) -> {
              Expr distance = output.sub(target).abs();
              return Expr.where(
                  distance.le(delta),
                  distance.square().mul(0.5),
                  distance.sub(delta / 2).mul(delta));
            });
  }

  /**
   * @throws dev.ladera.ShapeException if the shapes differ
   */
  @Override
  public Tensor forward(Tensor output, Tensor target) {
    checkSameShape("huberLoss", output, target);
    return reduce(Dispatcher.call(loss, output, target));
  }

  @Override
  public HuberLoss reduction(Reduction how) {
    super.reduction(how);
    return this;
  }
}
