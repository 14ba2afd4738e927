package dev.ladera.examples.operators;

import dev.ladera.ArgumentException;
import dev.ladera.DTypeException;
import dev.ladera.ShapeException;
import dev.ladera.Tensor;
import dev.ladera.op.Composite;
import dev.ladera.op.Gradient;
import dev.ladera.op.TensorType;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Depth three: an operator is a class. Each row divided by its root mean square, √(mean(x²) + eps)
 * (Zhang and Sennrich, "Root mean square layer normalization", 2019).
 *
 * @param eps added to the mean of the squares
 */
public record RmsNorm(double eps) implements Composite {
  @Override
  public String name() {
    return "rmsNorm";
  }

  /** All errors of shape and type are found here, before anything runs. */
  @Override
  public TensorType[] infer(TensorType... inputs) {
    if (inputs.length != 1) {
      throw new ArgumentException(name(), "inputs", "must be 1, not " + inputs.length);
    }
    TensorType x = inputs[0];
    if (!x.dtype().isFloating()) {
      throw new DTypeException(
          name(), "input is " + x.dtype() + "; a floating type is needed", x.dtype());
    }
    if (x.shape().rank() == 0) {
      throw new ShapeException(name(), "input has no axes; at least one is needed", x.shape());
    }
    return new TensorType[] {x};
  }

  /** What runs where there is no kernel, and what a kernel is checked against. */
  @Override
  public Tensor[] decompose(Tensor... inputs) {
    return new Tensor[] {inputs[0].mul(scale(inputs[0]))};
  }

  /** In tensor operations, so that it can be differentiated again. */
  @Override
  public Gradient gradient() {
    return Gradient.of(this::gradients);
  }

  private List<@Nullable Tensor> gradients(
      List<Tensor> inputs, List<Tensor> outputs, List<Tensor> gradients) {
    Tensor y = outputs.get(0);
    Tensor g = gradients.get(0);
    Tensor along = g.mul(y).mean(true, -1);
    return List.of(g.sub(y.mul(along)).mul(scale(inputs.get(0))));
  }

  private Tensor scale(Tensor x) {
    return x.square().mean(true, -1).add(eps).rsqrt();
  }
}
