package dev.ladera.nn;

import dev.ladera.ArgumentException;
import dev.ladera.Dispatcher;
import dev.ladera.MemoryScope;
import dev.ladera.ShapeException;
import dev.ladera.Tensor;
import dev.ladera.op.Pointwise;
import org.jspecify.annotations.Nullable;

/**
 * Binary cross-entropy of probabilities: −target · log p − (1 − target) · log(1 − p), logarithms
 * cut off at −100. Outputs and targets have one shape; targets are from 0 to 1 and of any type.
 * {@link BCEWithLogitsLoss} is exact where this overflows, and does not look for values out of
 * range.
 */
public final class BCELoss extends Loss {
  private static final BinaryCrossEntropy LOSS = new BinaryCrossEntropy();
  private static final Pointwise OUTSIDE =
      Pointwise.of("outside", p -> p.ge(dev.ladera.op.Expr.of(0.0)).and(p.le(1.0)).not());

  private @Nullable Tensor weight;

  /** A loss without weights. */
  public BCELoss() {}

  /** Sets factors of the elements' losses; they broadcast. */
  public BCELoss weight(Tensor weights) {
    weight = MemoryScope.unscoped(weights);
    return this;
  }

  /**
   * The loss.
   *
   * @throws ArgumentException if an output is not from 0 to 1
   * @throws ShapeException if the shapes differ
   */
  @Override
  public Tensor forward(Tensor output, Tensor target) {
    checkSameShape("bceLoss", output, target);
    Tensor seen = output.detach();
    if (seen.elements() > 0 && Dispatcher.call(OUTSIDE, seen).any().item() != 0) {
      throw new ArgumentException(
          "bceLoss",
          "output",
          "must hold probabilities from 0 to 1, but goes from "
              + seen.amin().item()
              + " to "
              + seen.amax().item()
              + "; apply sigmoid, or use BCEWithLogitsLoss");
    }
    Tensor losses = Dispatcher.call(LOSS, output, target.to(output.dtype()));
    return reduce(weighted(losses, weight));
  }

  static Tensor weighted(Tensor losses, @Nullable Tensor weight) {
    return weight == null
        ? losses
        : losses.mul(weight.detach().to(losses.device()).to(losses.dtype()));
  }

  @Override
  public BCELoss reduction(Reduction how) {
    super.reduction(how);
    return this;
  }
}
