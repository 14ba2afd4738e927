package dev.ladera.nn;

import dev.ladera.Dispatcher;
import dev.ladera.Tensor;
import dev.ladera.op.Pointwise;

/** |output − target|, of tensors of one shape. */
public final class L1Loss extends Loss {
  private static final Pointwise LOSS =
      Pointwise.of("l1Loss", (output, target) -> output.sub(target).abs());

  /** Makes the loss. */
  public L1Loss() {}

  /**
   * @throws dev.ladera.ShapeException if the shapes differ
   */
  @Override
  public Tensor forward(Tensor output, Tensor target) {
    checkSameShape("l1Loss", output, target);
    return reduce(Dispatcher.call(LOSS, output, target));
  }

  @Override
  public L1Loss reduction(Reduction how) {
    super.reduction(how);
    return this;
  }
}
