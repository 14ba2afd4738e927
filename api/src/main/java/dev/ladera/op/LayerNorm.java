package dev.ladera.op;

import dev.ladera.ArgumentException;
import dev.ladera.Shape;
import dev.ladera.Tensor;

/**
 * Each sample less its mean, divided by its standard deviation, over the last axes. A second output
 * holds 1 / √(variance + eps), those axes kept with size 1.
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
    Checks.arity(name(), inputs, 1);
    Checks.floating(name(), "input", inputs[0]);
    Shape shape = inputs[0].shape();
    if (axes < 1 || axes > shape.rank()) {
      throw new ArgumentException(
          name(),
          "axes",
          "must be from 1 to the " + shape.rank() + " of " + shape + ", not " + axes);
    }
    int[] sizes = shape.toArray();
    java.util.Arrays.fill(sizes, shape.rank() - axes, shape.rank(), 1);
    return new TensorType[] {inputs[0], new TensorType(inputs[0].dtype(), Shape.of(sizes))};
  }

  private int[] last(Tensor x) {
    int[] last = new int[axes];
    for (int i = 0; i < axes; i++) {
      last[i] = x.rank() - axes + i;
    }
    return last;
  }

  @Override
  public Tensor[] decompose(Tensor... inputs) {
    Tensor centred = inputs[0].sub(inputs[0].mean(true, last(inputs[0])));
    Tensor scale = centred.square().mean(true, last(inputs[0])).add(eps).rsqrt();
    return new Tensor[] {centred.mul(scale), scale};
  }

  /**
   * The gradient of layerNorm, from the gradient of its output, the output, and its second output.
   *
   * @param axes how many of the last axes were normalised over
   */
  public record Backward(int axes) implements Composite {
    @Override
    public String name() {
      return "layerNormBackward";
    }

    @Override
    public TensorType[] infer(TensorType... inputs) {
      Checks.arity(name(), inputs, 3);
      return new TensorType[] {inputs[1]};
    }

    @Override
    public Tensor[] decompose(Tensor... inputs) {
      int[] last = new LayerNorm(axes, 0).last(inputs[1]);
      return new Tensor[] {Normalization.gradient(inputs[0], inputs[1], inputs[2], last)};
    }
  }
}
