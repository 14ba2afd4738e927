package dev.ladera.op;

import dev.ladera.ArgumentException;
import dev.ladera.DType;
import dev.ladera.Shape;
import dev.ladera.ShapeException;
import java.util.List;

/**
 * The largest or the average element under a window that slides over one to three spatial axes of
 * {@code (N, C, spatial…)}. Maxima come with a second output: their int64 places, counted row-major
 * within the spatial axes of the input; the first of equals, but NaN wins, and of several the last,
 * as in PyTorch. Padding is no value for maxima, and zeros for averages. A floating type.
 *
 * @param kind largest or average
 * @param kernel the window's size, one a spatial axis
 * @param stride distance of the window's steps
 * @param padding places put around, on both sides; at most half the kernel
 * @param dilation distance of the window's taps; 1 for averages
 * @param ceilMode whether a last window may hang over the end
 * @param countIncludePad whether averages divide by the window clipped to the padded input, rather
 *     than by the elements of the input under it
 */
public record Pool(
    Kind kind,
    List<Integer> kernel,
    List<Integer> stride,
    List<Integer> padding,
    List<Integer> dilation,
    boolean ceilMode,
    boolean countIncludePad)
    implements Primitive {

  /** What is taken of the elements under a window. */
  public enum Kind {
    /** The largest. */
    MAX,
    /** The arithmetic mean. */
    AVERAGE
  }

  /**
   * Keeps copies of the lists.
   *
   * @throws ArgumentException for lists of unequal lengths or values out of range
   */
  public Pool {
    kernel = List.copyOf(kernel);
    stride = List.copyOf(stride);
    padding = List.copyOf(padding);
    dilation = List.copyOf(dilation);
    int spatial = kernel.size();
    String name = kind == Kind.MAX ? "maxPool" : "avgPool";
    if (spatial < 1
        || spatial > 3
        || stride.size() != spatial
        || padding.size() != spatial
        || dilation.size() != spatial) {
      throw new ArgumentException(
          name,
          "kernel, stride, padding and dilation",
          "must have one entry each for one to three spatial axes");
    }
    Windows.check(name, "kernel", kernel, 1);
    Windows.check(name, "stride", stride, 1);
    Windows.check(name, "padding", padding, 0);
    Windows.check(name, "dilation", dilation, 1);
    for (int i = 0; i < spatial; i++) {
      if (padding.get(i) > kernel.get(i) / 2) {
        throw new ArgumentException(
            name, "padding", "must be at most half the kernel " + kernel + ", not " + padding);
      }
      if (kind == Kind.AVERAGE && dilation.get(i) != 1) {
        throw new ArgumentException(name, "dilation", "must be 1 for averages");
      }
    }
  }

  @Override
  public String name() {
    return (kind == Kind.MAX ? "maxPool" : "avgPool") + kernel.size() + "d";
  }

  @Override
  public TensorType[] infer(TensorType... inputs) {
    Checks.arity(name(), inputs, 1);
    Checks.floating(name(), "input", inputs[0]);
    Shape x = inputs[0].shape();
    int spatial = kernel.size();
    if (x.rank() != spatial + 2) {
      throw new ShapeException(
          name(), "input " + x + " must have " + (spatial + 2) + " axes: (batch, channels, …)", x);
    }
    int[] sizes = x.toArray();
    for (int i = 0; i < spatial; i++) {
      sizes[i + 2] =
          Windows.count(
              name(),
              x,
              i + 2,
              kernel.get(i),
              stride.get(i),
              padding.get(i),
              dilation.get(i),
              ceilMode);
    }
    TensorType values = new TensorType(inputs[0].dtype(), Shape.of(sizes));
    return kind == Kind.MAX
        ? new TensorType[] {values, new TensorType(DType.INT64, values.shape())}
        : new TensorType[] {values};
  }

  /**
   * The gradient with respect to the input. Inputs are the gradient of the output and, for maxima,
   * their places.
   *
   * @param pool the forward operator
   * @param inputSize the spatial sizes of the forward input
   */
  public record Gradient(Pool pool, List<Integer> inputSize) implements Primitive {
    /** Keeps a copy of the list. */
    public Gradient {
      inputSize = List.copyOf(inputSize);
    }

    @Override
    public String name() {
      return pool.name() + "Gradient";
    }

    @Override
    public TensorType[] infer(TensorType... inputs) {
      Checks.arity(name(), inputs, pool.kind == Kind.MAX ? 2 : 1);
      Shape gradient = inputs[0].shape();
      Checks.rankAtLeast(name(), "gradient", inputs[0], 3);
      Shape x = gradient.slice(0, 2).concat(Shape.of(inputSize));
      TensorType input = new TensorType(inputs[0].dtype(), x);
      Windows.matches(name(), "gradient", gradient, pool.infer(input)[0].shape());
      if (pool.kind == Kind.MAX) {
        Checks.integerIndex(name(), inputs[1]);
        Windows.matches(name(), "indices", inputs[1].shape(), gradient);
      }
      return new TensorType[] {input};
    }
  }
}
