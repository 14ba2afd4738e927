package dev.ladera.nn;

import dev.ladera.Dispatcher;
import dev.ladera.MemoryScope;
import dev.ladera.ShapeException;
import dev.ladera.Tensor;
import dev.ladera.op.Expr;
import dev.ladera.op.Pointwise;
import org.jspecify.annotations.Nullable;

/**
 * {@link Sigmoid} and {@link BCELoss} in one, without overflow: (1 − target) · x + w · log(1 + e to
 * the power of −x), where w = 1 + (posWeight − 1) · target. Outputs and targets have one shape;
 * targets are from 0 to 1 and of any type.
 */
public final class BCEWithLogitsLoss extends Loss {
  private static final Pointwise LOSS =
      Pointwise.of("bceWithLogitsLoss", (x, target) -> loss(x, target, x.neg().softplus()));
  private static final Pointwise POSITIVES_WEIGHTED =
      Pointwise.of(
          "bceWithLogitsLoss",
          3,
          in -> {
            Expr x = in.get(0);
            Expr target = in.get(1);
            Expr factor = in.get(2).sub(Expr.of(1.0)).mul(target).add(1.0);
            return loss(x, target, factor.mul(x.neg().softplus()));
          });

  private @Nullable Tensor weight;
  private @Nullable Tensor posWeight;

  /** A loss without weights. */
  public BCEWithLogitsLoss() {}

  private static Expr loss(Expr x, Expr target, Expr softplus) {
    return target.neg().add(1.0).mul(x).add(softplus);
  }

  /** Sets factors of the elements' losses; they broadcast. */
  public BCEWithLogitsLoss weight(Tensor weights) {
    weight = MemoryScope.unscoped(weights);
    return this;
  }

  /** Sets factors of the positive targets' part; they broadcast, usually from (classes). */
  public BCEWithLogitsLoss posWeight(Tensor weights) {
    posWeight = MemoryScope.unscoped(weights);
    return this;
  }

  /**
   * The loss.
   *
   * @throws ShapeException if the shapes differ
   */
  @Override
  public Tensor forward(Tensor output, Tensor target) {
    checkSameShape("bceWithLogitsLoss", output, target);
    Tensor labels = target.to(output.dtype());
    Tensor positive = posWeight;
    Tensor losses =
        positive == null
            ? Dispatcher.call(LOSS, output, labels)
            : Dispatcher.call(
                POSITIVES_WEIGHTED,
                output,
                labels,
                positive.detach().to(output.device()).to(output.dtype()));
    return reduce(BCELoss.weighted(losses, weight));
  }

  @Override
  public BCEWithLogitsLoss reduction(Reduction how) {
    super.reduction(how);
    return this;
  }
}
