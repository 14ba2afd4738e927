package dev.ladera.nn;

import dev.ladera.DTypeException;
import dev.ladera.IndexException;
import dev.ladera.MemoryScope;
import dev.ladera.ShapeException;
import dev.ladera.Tensor;
import org.jspecify.annotations.Nullable;

/**
 * The negative logarithm of the target class's probability, of outputs that are logarithms of
 * probabilities, as {@link LogSoftmax} gives them. Outputs are (batch, classes, …) or (classes),
 * targets numbers of classes, without that axis.
 */
public final class NLLLoss extends Loss {
  private @Nullable Tensor weight;
  private long ignoreIndex = -100;

  /** A loss without weights that ignores targets of −100. */
  public NLLLoss() {}

  /** Sets a factor for each class, (classes). */
  public NLLLoss weight(Tensor weights) {
    weight = MemoryScope.unscoped(weights);
    return this;
  }

  /** Sets the target that counts nowhere. */
  public NLLLoss ignoreIndex(long index) {
    ignoreIndex = index;
    return this;
  }

  /**
   * The loss.
   *
   * @throws DTypeException if the targets are no integers
   * @throws IndexException if a target is no class and not ignored
   * @throws ShapeException if the targets' shape is not the outputs' without the classes
   */
  @Override
  public Tensor forward(Tensor output, Tensor target) {
    ClassTargets targets = ClassTargets.of("nllLoss", output, target, ignoreIndex);
    Tensor weights = ClassTargets.fitted("nllLoss", weight, output, targets.axis());
    return targets.losses(targets.likelihood(reduction()), output, weights)[0];
  }

  @Override
  public NLLLoss reduction(Reduction how) {
    super.reduction(how);
    return this;
  }
}
