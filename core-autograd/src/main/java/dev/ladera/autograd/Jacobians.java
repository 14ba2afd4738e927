package dev.ladera.autograd;

import dev.ladera.Gradients;
import dev.ladera.Shape;
import dev.ladera.Tensor;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** Derivatives of functions of one tensor, as wholes and as products. */
public final class Jacobians {
  private Jacobians() {}

  private static Tensor leaf(Tensor at) {
    return at.detach().requiresGrad(true);
  }

  private static Tensor gradient(
      Tensor output, Tensor input, @Nullable Tensor weights, boolean createGraph) {
    if (!output.requiresGrad()) {
      return Tensor.zeros(input.shape(), input.dtype(), input.device());
    }
    Tensor found =
        Gradients.grad(
                List.of(output),
                List.of(input),
                Collections.singletonList(weights),
                true,
                createGraph)
            .getFirst();
    return found == null ? Tensor.zeros(input.shape(), input.dtype(), input.device()) : found;
  }

  /**
   * All derivatives of all outputs: of shape (output shape…, input shape…).
   *
   * @param at a floating tensor
   */
  public static Tensor jacobian(UnaryOperator<Tensor> function, Tensor at) {
    Tensor input = leaf(at);
    Tensor output = function.apply(input);
    Shape shape = output.shape().concat(input.shape());
    if (output.elements() == 0) {
      return Tensor.zeros(shape, at.dtype(), at.device());
    }
    Tensor flat = output.flatten();
    List<Tensor> rows = new ArrayList<>();
    for (int i = 0; i < flat.size(0); i++) {
      rows.add(gradient(flat.select(0, i), input, null, false));
    }
    return Tensor.stack(0, rows.toArray(new Tensor[0])).reshape(shape);
  }

  /** Second derivatives of a function that answers a scalar: (input shape…, input shape…). */
  public static Tensor hessian(UnaryOperator<Tensor> function, Tensor at) {
    return jacobian(x -> gradient(function.apply(x), x, null, true), at);
  }

  /**
   * The product of weights, of the output's shape, with the Jacobian: what a backward pass gives.
   */
  public static Tensor vjp(UnaryOperator<Tensor> function, Tensor at, Tensor weights) {
    Tensor input = leaf(at);
    return gradient(function.apply(input), input, weights, false);
  }

  /**
   * The product of the Jacobian with a direction, of the input's shape: the derivative along it. By
   * differentiating the backward pass with respect to its weights, in which it is linear.
   */
  public static Tensor jvp(UnaryOperator<Tensor> function, Tensor at, Tensor direction) {
    Tensor input = leaf(at);
    Tensor output = function.apply(input);
    Tensor weights =
        Tensor.zeros(output.shape(), output.dtype(), output.device()).requiresGrad(true);
    Tensor back = gradient(output, input, weights, true);
    return gradient(back, weights, direction, false);
  }

  /** The product of the Hessian of a function that answers a scalar with a direction. */
  public static Tensor hvp(UnaryOperator<Tensor> function, Tensor at, Tensor direction) {
    Tensor input = leaf(at);
    Tensor first = gradient(function.apply(input), input, null, true);
    return gradient(first, input, direction, false);
  }
}
