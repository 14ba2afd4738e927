package dev.ladera.examples.operators;

import dev.ladera.Tensor;
import dev.ladera.op.TensorFunction;
import java.util.List;

/** Depth two: an operator is a function over tensors in plain Java. */
public final class Functions {
  /** A row shortened to length 1 if it is longer; its gradient is that of what it did. */
  public static final TensorFunction CLIPPED =
      TensorFunction.of(
          "clipped",
          x -> {
            Tensor norm = x.square().sum().sqrt();
            return norm.item() > 1 ? x.div(norm) : x;
          });

  /**
   * The square root of positive numbers by Newton's method, whose steps need not be differentiated:
   * the gradient is 1 / (2 · √x).
   */
  public static final TensorFunction SQUARE_ROOT =
      TensorFunction.of("squareRoot", Functions::newton)
          .gradient(
              (inputs, outputs, gradients) -> List.of(gradients.get(0).div(outputs.get(0).mul(2))));

  /**
   * Rounds, and lets the gradient pass as if it had not (Bengio, Léonard and Courville, "Estimating
   * or propagating gradients through stochastic neurons", 2013).
   */
  public static final TensorFunction STRAIGHT_THROUGH_ROUND =
      TensorFunction.of("straightThroughRound", x -> x.round())
          .gradient((inputs, outputs, gradients) -> List.of(gradients.get(0)));

  /** Smallest and largest element, through which nothing is to be learned. */
  public static final TensorFunction RANGE =
      TensorFunction.of("range", 1, in -> List.of(in.get(0).amin(), in.get(0).amax()))
          .withoutGradient();

  private Functions() {}

  /** From above, the steps only lead down, until rounding ends it. */
  private static Tensor newton(Tensor x) {
    Tensor root = x.add(1).div(2);
    Tensor next = root.add(x.div(root)).div(2);
    while (next.lt(root).any().item() != 0) {
      root = Tensor.where(next.lt(root), next, root);
      next = root.add(x.div(root)).div(2);
    }
    return root;
  }
}
