package dev.ladera;

import dev.ladera.op.BatchNorm;
import dev.ladera.op.Convolution;
import dev.ladera.op.LayerNorm;
import dev.ladera.op.Linear;
import dev.ladera.op.LogSoftmax;
import dev.ladera.op.Pool;
import dev.ladera.op.Softmax;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What layers of networks are made of. Images are (batch, channels, spatial…). Lists of one entry a
 * spatial axis hold strides, paddings and the like.
 */
public sealed interface NeuralOps permits Tensor {

  private Tensor self() {
    return (Tensor) this;
  }

  /** Exponentials along an axis, divided by their sum. */
  default Tensor softmax(int axis) {
    return Dispatcher.call(new Softmax(self().shape().axis("softmax", axis)), self());
  }

  /** The logarithm of {@link #softmax}, without overflow. */
  default Tensor logSoftmax(int axis) {
    return Dispatcher.call(new LogSoftmax(self().shape().axis("logSoftmax", axis)), self());
  }

  /**
   * this · weightᵀ + bias, for a weight (outputs, inputs) as layers keep it: (…, inputs) gives (…,
   * outputs). Types are promoted to one.
   *
   * @param weight of shape (outputs, inputs)
   * @param bias of shape (outputs), or null
   * @throws ShapeException if this, weight and bias do not fit each other
   */
  default Tensor linear(Tensor weight, @Nullable Tensor bias) {
    DType dtype = self().dtype().promote(weight.dtype());
    if (bias == null) {
      return Dispatcher.call(new Linear(), self().to(dtype), weight.to(dtype));
    }
    dtype = dtype.promote(bias.dtype());
    return Dispatcher.call(new Linear(), self().to(dtype), weight.to(dtype), bias.to(dtype));
  }

  /**
   * Cross-correlation over one to three spatial axes.
   *
   * @param weight of shape (outputs, channels / groups, kernel…)
   * @param bias of shape (outputs), or null
   */
  default Tensor conv(
      Tensor weight,
      @Nullable Tensor bias,
      List<Integer> stride,
      List<Integer> padding,
      List<Integer> dilation,
      int groups) {
    Tensor out =
        Dispatcher.call(new Convolution(stride, padding, dilation, groups), self(), weight);
    return bias == null ? out : out.add(channels("conv" + stride.size() + "d", bias, out));
  }

  /**
   * Transposed convolution: the gradient of {@link #conv} with respect to its input, as an
   * operation.
   *
   * @param weight of shape (channels, outputs / groups, kernel…)
   * @param bias of shape (outputs), or null
   * @param outputPadding places added at the end of each spatial axis, less than the stride
   */
  default Tensor convTranspose(
      Tensor weight,
      @Nullable Tensor bias,
      List<Integer> stride,
      List<Integer> padding,
      List<Integer> outputPadding,
      List<Integer> dilation,
      int groups) {
    Convolution convolution = new Convolution(stride, padding, dilation, groups);
    int spatial = stride.size();
    Integer[] sizes = new Integer[spatial];
    if (self().rank() != spatial + 2 || weight.rank() != spatial + 2) {
      throw new ShapeException(
          "convTranspose",
          "input "
              + self().shape()
              + " and weight "
              + weight.shape()
              + " must have "
              + (spatial + 2)
              + " axes",
          self().shape(),
          weight.shape());
    }
    if (outputPadding.size() != spatial) {
      throw new ArgumentException(
          "convTranspose",
          "outputPadding",
          outputPadding + " must have one entry for each of " + spatial + " spatial axes");
    }
    for (int i = 0; i < spatial; i++) {
      if (outputPadding.get(i) < 0
          || outputPadding.get(i) >= Math.max(stride.get(i), dilation.get(i))) {
        throw new ArgumentException(
            "convTranspose",
            "outputPadding",
            outputPadding
                + " must not be negative, and less than stride "
                + stride
                + " or dilation "
                + dilation);
      }
      sizes[i] =
          (self().size(i + 2) - 1) * stride.get(i)
              - 2 * padding.get(i)
              + dilation.get(i) * (weight.size(i + 2) - 1)
              + outputPadding.get(i)
              + 1;
    }
    Tensor out =
        Dispatcher.call(new Convolution.InputGradient(convolution, List.of(sizes)), self(), weight);
    return bias == null ? out : out.add(channels("convTranspose" + spatial + "d", bias, out));
  }

  private static Tensor channels(String operation, Tensor bias, Tensor out) {
    if (bias.rank() != 1 || bias.size(0) != out.size(1)) {
      throw new ShapeException(
          operation,
          "bias "
              + bias.shape()
              + " must have one entry for each of the "
              + out.size(1)
              + " outputs, ("
              + out.size(1)
              + ",)",
          bias.shape());
    }
    int[] sizes = new int[out.rank() - 1];
    java.util.Arrays.fill(sizes, 1);
    sizes[0] = bias.size(0);
    return bias.reshape(Shape.of(sizes));
  }

  /** {@link #conv} over two spatial axes with equal numbers for both. */
  default Tensor conv2d(
      Tensor weight, @Nullable Tensor bias, int stride, int padding, int dilation, int groups) {
    return conv(
        weight,
        bias,
        List.of(stride, stride),
        List.of(padding, padding),
        List.of(dilation, dilation),
        groups);
  }

  /** {@link #conv} over two spatial axes with stride 1 and no padding. */
  default Tensor conv2d(Tensor weight, @Nullable Tensor bias) {
    return conv2d(weight, bias, 1, 0, 1, 1);
  }

  /** The largest elements under a window, with their places in the spatial axes, row-major. */
  default ReductionOps.Found maxPool(
      List<Integer> kernel,
      List<Integer> stride,
      List<Integer> padding,
      List<Integer> dilation,
      boolean ceilMode) {
    Pool pool = new Pool(Pool.Kind.MAX, kernel, stride, padding, dilation, ceilMode, false);
    Tensor[] found = Dispatcher.callAll(pool, self());
    return new ReductionOps.Found(found[0], found[1]);
  }

  /** The largest elements under a square window whose stride is its size. */
  default Tensor maxPool2d(int kernel) {
    return maxPool(
            List.of(kernel, kernel), List.of(kernel, kernel), List.of(0, 0), List.of(1, 1), false)
        .values();
  }

  /** The averages under a window. */
  default Tensor avgPool(
      List<Integer> kernel,
      List<Integer> stride,
      List<Integer> padding,
      boolean ceilMode,
      boolean countIncludePad) {
    List<Integer> ones = Collections.nCopies(kernel.size(), 1);
    return Dispatcher.call(
        new Pool(Pool.Kind.AVERAGE, kernel, stride, padding, ones, ceilMode, countIncludePad),
        self());
  }

  /** The averages under a square window whose stride is its size. */
  default Tensor avgPool2d(int kernel) {
    return avgPool(List.of(kernel, kernel), List.of(kernel, kernel), List.of(0, 0), false, true);
  }

  /**
   * Each sample less its mean, divided by its standard deviation, over the last axes (Ba, Kiros and
   * Hinton, "Layer normalization", 2016).
   *
   * @param axes how many of the last axes are normalised over
   * @param weight of the shape of those axes, or null
   * @param bias of the shape of those axes, or null
   * @param eps added to the variance
   * @throws ShapeException if weight or bias has another shape
   */
  default Tensor layerNorm(int axes, @Nullable Tensor weight, @Nullable Tensor bias, double eps) {
    LayerNorm operator = new LayerNorm(axes, eps);
    if (weight == null) {
      Tensor normal = Dispatcher.call(operator, self());
      return bias == null ? normal : normal.add(bias);
    }
    DType dtype = self().dtype().promote(weight.dtype());
    if (bias == null) {
      return Dispatcher.call(operator, self().to(dtype), weight.to(dtype));
    }
    dtype = dtype.promote(bias.dtype());
    return Dispatcher.call(operator, self().to(dtype), weight.to(dtype), bias.to(dtype));
  }

  /**
   * What batch normalisation answers.
   *
   * @param output the normalised tensor
   * @param mean the mean of each channel
   * @param variance the variance of each channel, by the number of elements
   */
  record Normalized(Tensor output, Tensor mean, Tensor variance) {}

  /**
   * Each channel (axis 1) less its mean, divided by its standard deviation, over the batch (Ioffe
   * and Szegedy, "Batch normalization", 2015).
   *
   * @param eps added to the variance
   */
  default Normalized batchNorm(double eps) {
    Tensor[] outputs = Dispatcher.callAll(new BatchNorm(eps), self());
    return new Normalized(outputs[0], outputs[1], outputs[2]);
  }

  /**
   * Each element kept with probability 1 − p and divided by it, else 0; random numbers from this
   * thread's generator.
   *
   * @throws ArgumentException if p is not from 0 to 1
   */
  default Tensor dropout(double p) {
    if (!(p >= 0 && p <= 1)) {
      throw new ArgumentException("dropout", "p", "must be from 0 to 1, not " + p);
    }
    Tensor x = self();
    if (p == 0) {
      return x;
    }
    if (p == 1) {
      return x.mul(0.0);
    }
    Tensor uniform = Generator.current().uniform(x.shape(), DType.FLOAT32, x.device());
    return x.mul(uniform.ge(p).to(x.dtype()).mul(1 / (1 - p)));
  }

  /**
   * Rows of this table by number: (rows, width) indexed by (…) gives (…, width).
   *
   * @throws IndexException if there is no such row
   */
  default Tensor embedding(Tensor indices) {
    Tensor x = self();
    if (x.rank() != 2) {
      throw new ShapeException(
          "embedding", "table " + x.shape() + " must have two axes", x.shape());
    }
    int count = ShapeArithmetic.axisOf("embedding", indices.shape(), indices.elements());
    Tensor wide = indices.reshape(-1, 1).expand(count, x.size(1));
    return x.gather(0, wide).reshape(indices.shape().concat(Shape.of(x.size(1))));
  }
}
