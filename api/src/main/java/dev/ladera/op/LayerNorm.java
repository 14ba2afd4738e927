package dev.ladera.op;

import dev.ladera.ArgumentException;
import dev.ladera.Shape;
import dev.ladera.ShapeException;
import dev.ladera.Tensor;
import java.util.Arrays;

/**
 * Each sample less its mean, divided by its standard deviation, over the last axes. A second input,
 * of the shape of those axes, is a factor of each place; a third one is added.
 *
 * @param axes how many of the last axes are normalised over
 * @param eps added to the variance
 */
public record LayerNorm(int axes, double eps) implements Composite {
  @Override
  public String name() {
    return "layerNorm";
  }

  @Override
  public TensorType[] infer(TensorType... inputs) {
    Checks.arity(name(), inputs, 1, 3);
    Checks.floating(name(), "input", inputs[0]);
    Shape shape = inputs[0].shape();
    if (axes < 1 || axes > shape.rank()) {
      throw new ArgumentException(
          name(),
          "axes",
          "must be from 1 to the " + shape.rank() + " of " + shape + ", not " + axes);
    }
    Shape normalized = normalized(shape);
    for (int i = 1; i < inputs.length; i++) {
      String argument = i == 1 ? "weight" : "bias";
      Checks.sameDType(name(), "input", inputs[0], argument, inputs[i]);
      if (!inputs[i].shape().equals(normalized)) {
        throw new ShapeException(
            name(),
            argument
                + " "
                + inputs[i].shape()
                + " must have the shape of the last "
                + axes
                + " axes of input "
                + shape
                + ", "
                + normalized,
            inputs[i].shape(),
            shape);
      }
    }
    return new TensorType[] {inputs[0]};
  }

  private Shape normalized(Shape shape) {
    return shape.slice(shape.rank() - axes, shape.rank());
  }

  private int[] last(Tensor x) {
    int[] last = new int[axes];
    Arrays.setAll(last, i -> x.rank() - axes + i);
    return last;
  }

  @Override
  public Tensor[] decompose(Tensor... inputs) {
    Normalization normal = Normalization.of(inputs[0], eps, last(inputs[0]));
    Tensor result = normal.output();
    if (inputs.length > 1) {
      result = result.mul(inputs[1]);
    }
    return new Tensor[] {inputs.length > 2 ? result.add(inputs[2]) : result};
  }

  /**
   * The gradients of layerNorm, from the gradient of its output, its input, and, if it had one, its
   * factor: that of the input, and then those of factor and summand.
   *
   * @param axes how many of the last axes were normalised over
   * @param eps added to the variance
   */
  public record Backward(int axes, double eps) implements Composite {
    @Override
    public String name() {
      return "layerNormBackward";
    }

    @Override
    public TensorType[] infer(TensorType... inputs) {
      Checks.arity(name(), inputs, 2, 3);
      return inputs.length == 2
          ? new TensorType[] {inputs[1]}
          : new TensorType[] {inputs[1], inputs[2], inputs[2]};
    }

    @Override
    public Tensor[] decompose(Tensor... inputs) {
      Tensor gradient = inputs[0];
      int[] last = new LayerNorm(axes, eps).last(gradient);
      Normalization normal = Normalization.of(inputs[1], eps, last);
      if (inputs.length == 2) {
        return new Tensor[] {
          Normalization.gradient(gradient, normal.output(), normal.scale(), last)
        };
      }
      Shape shape = inputs[2].shape();
      return new Tensor[] {
        Normalization.gradient(gradient.mul(inputs[2]), normal.output(), normal.scale(), last),
        gradient.mul(normal.output()).sumTo(shape),
        gradient.sumTo(shape)
      };
    }
  }
}
