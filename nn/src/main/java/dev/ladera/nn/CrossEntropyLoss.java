package dev.ladera.nn;

import dev.ladera.ArgumentException;
import dev.ladera.DTypeException;
import dev.ladera.Dispatcher;
import dev.ladera.IndexException;
import dev.ladera.MemoryScope;
import dev.ladera.Shape;
import dev.ladera.ShapeException;
import dev.ladera.Tensor;
import dev.ladera.op.CrossEntropy;
import dev.ladera.op.NllLoss;
import dev.ladera.op.Pointwise;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * {@link LogSoftmax} and {@link NLLLoss} in one: outputs are any numbers, (batch, classes, …) or
 * (classes). Targets are numbers of classes, without that axis, or probabilities of classes, of the
 * outputs' shape.
 */
public final class CrossEntropyLoss extends Loss {
  private static final String NAME = "crossEntropyLoss";
  private static final Pointwise SMOOTHED =
      Pointwise.of("smoothed", (hit, all) -> hit.mul(1.0).add(all.mul(1.0)));
  private static final Pointwise EXPECTED =
      Pointwise.of(
          "expected", (logarithm, target) -> target.mul(1.0).add(0.0).mul(logarithm).neg());

  private @Nullable Tensor weight;
  private long ignoreIndex = -100;
  private double labelSmoothing;

  /** A loss without weights or smoothing that ignores targets of −100. */
  public CrossEntropyLoss() {}

  /** Sets a factor for each class, (classes). */
  public CrossEntropyLoss weight(Tensor weights) {
    weight = MemoryScope.unscoped(weights);
    return this;
  }

  /** Sets the target that counts nowhere; for targets that are numbers. */
  public CrossEntropyLoss ignoreIndex(long index) {
    ignoreIndex = index;
    return this;
  }

  /**
   * Sets which share of each target goes to all classes evenly (Szegedy and others, 2016).
   *
   * @throws ArgumentException if it is not from 0 to 1
   */
  public CrossEntropyLoss labelSmoothing(double share) {
    labelSmoothing = Arguments.fraction(NAME, "labelSmoothing", share);
    return this;
  }

  /**
   * The loss.
   *
   * @throws DTypeException if targets of the shape of numbers are no integers
   * @throws IndexException if a target is no class and not ignored
   * @throws ShapeException if the targets' shape is neither the outputs' nor that without classes
   */
  @Override
  public Tensor forward(Tensor output, Tensor target) {
    int axis = ClassTargets.axis(NAME, output);
    boolean probabilities =
        target.dtype().isFloating() && !target.shape().equals(output.shape().without(axis));
    return probabilities ? ofProbabilities(output, target, axis) : ofNumbers(output, target);
  }

  private Tensor ofNumbers(Tensor output, Tensor target) {
    ClassTargets targets = ClassTargets.of(NAME, output, target, ignoreIndex);
    int axis = targets.axis();
    Tensor weights = ClassTargets.fitted(NAME, weight, output, axis);
    boolean smoothing = labelSmoothing != 0;
    NllLoss likelihood = targets.likelihood(smoothing ? Reduction.NONE : reduction());
    Tensor[] losses = targets.losses(new CrossEntropy(likelihood), output, weights);
    return smoothing ? smoothed(targets, losses, weights) : losses[0];
  }

  private Tensor smoothed(ClassTargets targets, Tensor[] losses, @Nullable Tensor weights) {
    int axis = targets.axis();
    Tensor logarithms = losses[2];
    Tensor all = weights == null ? logarithms : logarithms.mul(wide(weights, logarithms, axis));
    Tensor smoothed =
        Dispatcher.call(
            SMOOTHED.with(1 - labelSmoothing, -labelSmoothing / logarithms.size(axis)),
            losses[0],
            targets.kept(all.sum(axis)));
    return switch (reduction()) {
      case NONE -> smoothed;
      case SUM -> smoothed.sum();
      case MEAN, BATCH_MEAN -> smoothed.sum().div(losses[1].detach());
    };
  }

  private Tensor ofProbabilities(Tensor output, Tensor target, int axis) {
    checkSameShape(NAME, output, target);
    if (ignoreIndex >= 0) {
      throw new ArgumentException(
          NAME, "ignoreIndex", ignoreIndex + " has no meaning for targets of probabilities");
    }
    Tensor weights = ClassTargets.fitted(NAME, weight, output, axis);
    double even = labelSmoothing / output.size(axis);
    Tensor terms =
        Dispatcher.call(EXPECTED.with(1 - labelSmoothing, even), output.logSoftmax(axis), target);
    if (weights != null) {
      terms = terms.mul(wide(weights, output, axis));
    }
    // The mean is over samples, whatever the weights.
    return reduce(terms.sum(axis));
  }

  private static Tensor wide(Tensor weights, Tensor output, int axis) {
    int[] sizes = new int[output.rank() - axis];
    Arrays.fill(sizes, 1);
    sizes[0] = weights.size(0);
    return weights.reshape(Shape.of(sizes));
  }

  @Override
  public CrossEntropyLoss reduction(Reduction how) {
    super.reduction(how);
    return this;
  }
}
