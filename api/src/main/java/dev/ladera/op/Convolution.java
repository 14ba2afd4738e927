package dev.ladera.op;

import dev.ladera.ArgumentException;
import dev.ladera.Shape;
import dev.ladera.ShapeException;
import java.util.List;

/**
 * Cross-correlation over one to three spatial axes, as deep learning calls convolution: input
 * {@code (N, C, spatial…)} by weight {@code (K, C / groups, kernel…)} gives {@code (N, K,
 * spatial…)}. One floating type.
 *
 * @param stride distance of the kernel's steps, one a spatial axis
 * @param padding zeros put around, on both sides, one a spatial axis
 * @param dilation distance of the kernel's taps, one a spatial axis
 * @param groups into how many independent parts the channels are cut
 */
public record Convolution(
    List<Integer> stride, List<Integer> padding, List<Integer> dilation, int groups)
    implements Primitive {

  /**
   * Keeps copies of the lists.
   *
   * @throws ArgumentException for lists of unequal lengths, strides or dilations or groups below 1,
   *     or negative padding
   */
  public Convolution {
    stride = List.copyOf(stride);
    padding = List.copyOf(padding);
    dilation = List.copyOf(dilation);
    int spatial = stride.size();
    if (spatial < 1 || spatial > 3 || padding.size() != spatial || dilation.size() != spatial) {
      throw new ArgumentException(
          "convolution",
          "stride, padding and dilation",
          "must have one entry each for one to three spatial axes");
    }
    Windows.check("convolution", "stride", stride, 1);
    Windows.check("convolution", "padding", padding, 0);
    Windows.check("convolution", "dilation", dilation, 1);
    if (groups < 1) {
      throw new ArgumentException("convolution", "groups", "must be at least 1, not " + groups);
    }
  }

  @Override
  public String name() {
    return "conv" + stride.size() + "d";
  }

  @Override
  public TensorType[] infer(TensorType... inputs) {
    Checks.arity(name(), inputs, 2);
    Shape x = inputs[0].shape();
    Shape weight = inputs[1].shape();
    int spatial = stride.size();
    Checks.floating(name(), "input", inputs[0]);
    Checks.sameDType(name(), "input", inputs[0], "weight", inputs[1]);
    if (x.rank() != spatial + 2 || weight.rank() != spatial + 2) {
      throw new ShapeException(
          name(),
          "input "
              + x
              + " and weight "
              + weight
              + " must have "
              + (spatial + 2)
              + " axes: (batch, channels, …) and (outputs, channels / groups, …)",
          x,
          weight);
    }
    if (x.size(1) != weight.size(1) * groups) {
      throw new ShapeException(
          name(),
          "input "
              + x
              + " has "
              + x.size(1)
              + " channels, weight "
              + weight
              + " with "
              + groups
              + " groups takes "
              + weight.size(1) * groups,
          x,
          weight);
    }
    if (weight.size(0) % groups != 0) {
      throw new ShapeException(
          name(),
          "weight "
              + weight
              + " has "
              + weight.size(0)
              + " outputs, not a multiple of "
              + groups
              + " groups",
          weight);
    }
    int[] sizes = new int[spatial + 2];
    sizes[0] = x.size(0);
    sizes[1] = weight.size(0);
    for (int i = 0; i < spatial; i++) {
      sizes[i + 2] =
          Windows.count(
              name(),
              x,
              i + 2,
              weight.size(i + 2),
              stride.get(i),
              padding.get(i),
              dilation.get(i),
              false);
    }
    return Checks.one(inputs[0].dtype(), Shape.of(sizes));
  }

  /**
   * The gradient with respect to the input, which is also transposed convolution: inputs are the
   * gradient of the output and the weight.
   *
   * @param convolution the forward operator
   * @param inputSize the spatial sizes of the forward input
   */
  public record InputGradient(Convolution convolution, List<Integer> inputSize)
      implements Primitive {
    /** Keeps a copy of the list. */
    public InputGradient {
      inputSize = List.copyOf(inputSize);
    }

    @Override
    public String name() {
      return convolution.name() + "InputGradient";
    }

    @Override
    public TensorType[] infer(TensorType... inputs) {
      Checks.arity(name(), inputs, 2);
      Shape gradient = inputs[0].shape();
      Shape weight = inputs[1].shape();
      Checks.rankAtLeast(name(), "gradient", inputs[0], 3);
      Checks.rankAtLeast(name(), "weight", inputs[1], 3);
      Shape x =
          Shape.of(gradient.size(0), weight.size(1) * convolution.groups)
              .concat(Shape.of(inputSize));
      Windows.matches(
          name(),
          "gradient",
          gradient,
          convolution.infer(new TensorType(inputs[0].dtype(), x), inputs[1])[0].shape());
      return Checks.one(inputs[0].dtype(), x);
    }
  }

  /**
   * The gradient with respect to the weight: inputs are the gradient of the output and the forward
   * input.
   *
   * @param convolution the forward operator
   * @param kernelSize the spatial sizes of the weight
   */
  public record WeightGradient(Convolution convolution, List<Integer> kernelSize)
      implements Primitive {
    /** Keeps a copy of the list. */
    public WeightGradient {
      kernelSize = List.copyOf(kernelSize);
    }

    @Override
    public String name() {
      return convolution.name() + "WeightGradient";
    }

    @Override
    public TensorType[] infer(TensorType... inputs) {
      Checks.arity(name(), inputs, 2);
      Shape gradient = inputs[0].shape();
      Shape x = inputs[1].shape();
      Checks.rankAtLeast(name(), "gradient", inputs[0], 3);
      Checks.rankAtLeast(name(), "input", inputs[1], 3);
      Shape weight =
          Shape.of(gradient.size(1), x.size(1) / convolution.groups).concat(Shape.of(kernelSize));
      Windows.matches(
          name(),
          "gradient",
          gradient,
          convolution.infer(inputs[1], new TensorType(inputs[0].dtype(), weight))[0].shape());
      return Checks.one(inputs[0].dtype(), weight);
    }
  }
}
