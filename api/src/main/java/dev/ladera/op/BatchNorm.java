package dev.ladera.op;

import dev.ladera.Shape;
import dev.ladera.ShapeException;
import dev.ladera.Tensor;

/**
 * Each channel (axis 1) less its mean, divided by its standard deviation, over all other axes.
 * Further outputs are the mean and the variance of each channel, of shape (channels); the variance
 * is by the number of elements.
 *
 * @param eps added to the variance
 */
public record BatchNorm(double eps) implements Composite {
  @Override
  public String name() {
    return "batchNorm";
  }

  @Override
  public TensorType[] infer(TensorType... inputs) {
    Checks.arity(name(), inputs, 1);
    Checks.floating(name(), "input", inputs[0]);
    Checks.rankAtLeast(name(), "input", inputs[0], 2);
    Shape shape = inputs[0].shape();
    if (shape.elements() == 0) {
      throw new ShapeException(
          name(), "input " + shape + " has no elements to take means of", shape);
    }
    TensorType channels = new TensorType(inputs[0].dtype(), Shape.of(shape.size(1)));
    return new TensorType[] {inputs[0], channels, channels};
  }

  private static int[] others(Tensor x) {
    int[] axes = new int[x.rank() - 1];
    for (int i = 1; i < axes.length; i++) {
      axes[i] = i + 1;
    }
    return axes;
  }

  /** A tensor of one number a channel, made to broadcast. */
  private static Tensor wide(Tensor channels, int rank) {
    int[] sizes = new int[rank - 1];
    java.util.Arrays.fill(sizes, 1);
    sizes[0] = channels.size(0);
    return channels.reshape(Shape.of(sizes));
  }

  @Override
  public Tensor[] decompose(Tensor... inputs) {
    Tensor x = inputs[0];
    Normalization all = Normalization.of(x, eps, others(x));
    Shape channels = Shape.of(x.size(1));
    return new Tensor[] {
      all.output(), all.mean().reshape(channels), all.variance().reshape(channels)
    };
  }

  /**
   * The gradient of batchNorm, from the gradient of its output, the output, and the variances.
   *
   * @param eps added to the variance
   */
  public record Backward(double eps) implements Composite {
    @Override
    public String name() {
      return "batchNormBackward";
    }

    @Override
    public TensorType[] infer(TensorType... inputs) {
      Checks.arity(name(), inputs, 3);
      return new TensorType[] {inputs[1]};
    }

    @Override
    public Tensor[] decompose(Tensor... inputs) {
      Tensor output = inputs[1];
      Tensor scale = wide(inputs[2].add(eps).rsqrt(), output.rank());
      return new Tensor[] {Normalization.gradient(inputs[0], output, scale, others(output))};
    }
  }
}
