package dev.ladera.nn;

import dev.ladera.Dispatcher;
import dev.ladera.Tensor;
import dev.ladera.op.Pointwise;

/** (output − target)², of tensors of one shape. */
public final class MSELoss extends Loss {
  private static final Pointwise LOSS =
      Pointwise.of("mseLoss", (output, target) -> output.sub(target).square());

  /** Makes the loss. */
  public MSELoss() {}

  /**
   * @throws dev.ladera.ShapeException if the shapes differ
   */
  @Override
  public Tensor forward(Tensor output, Tensor target) {
    checkSameShape("mseLoss", output, target);
    return reduce(Dispatcher.call(LOSS, output, target));
  }

  @Override
  public MSELoss reduction(Reduction how) {
    super.reduction(how);
    return this;
  }
}
