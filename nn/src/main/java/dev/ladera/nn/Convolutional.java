package dev.ladera.nn;

import dev.ladera.ArgumentException;
import dev.ladera.DType;
import dev.ladera.Device;
import dev.ladera.Shape;
import dev.ladera.ShapeException;
import dev.ladera.Tensor;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** What convolutions over any number of spatial axes share. */
abstract sealed class Convolutional extends Layer permits Conv1d, Conv2d {
  private final String operation;
  private final int inChannels;
  private final int outChannels;
  private final List<Integer> kernel;
  private List<Integer> stride;
  private List<Integer> padding;
  private List<Integer> dilation;
  private boolean same;
  private int groups = 1;
  private Slot weight;
  private @Nullable Slot bias;

  Convolutional(String operation, int inChannels, int outChannels, Integer... kernel) {
    this.operation = operation;
    this.inChannels = Arguments.atLeast(operation, "inChannels", inChannels, 1);
    this.outChannels = Arguments.atLeast(operation, "outChannels", outChannels, 1);
    this.kernel = checked("kernel", 1, kernel);
    this.stride = Collections.nCopies(kernel.length, 1);
    this.padding = Collections.nCopies(kernel.length, 0);
    this.dilation = stride;
    this.weight = makeWeight(Device.standard(), DType.FLOAT32);
    this.bias = makeBias();
  }

  private List<Integer> checked(String argument, int least, Integer... values) {
    for (int value : values) {
      Arguments.atLeast(operation, argument, value, least);
    }
    return List.of(values);
  }

  private Slot makeWeight(Device device, DType dtype) {
    Shape shape = Shape.of(outChannels, inChannels / groups).concat(Shape.of(kernel));
    return parameter("weight", Init.standardWeight(Tensor.zeros(shape, dtype, device)));
  }

  private Slot makeBias() {
    Tensor like = weight.tensor();
    Tensor first = Tensor.zeros(Shape.of(outChannels), like.dtype(), like.device());
    return parameter("bias", Init.standardBias(first, Init.fanIn(like)));
  }

  final void setStride(Integer... values) {
    stride = checked("stride", 1, values);
    checkSame();
  }

  final void setPadding(Integer... values) {
    padding = checked("padding", 0, values);
    same = false;
  }

  final void setPaddingSame() {
    same = true;
    checkSame();
  }

  private void checkSame() {
    if (same && stride.stream().anyMatch(size -> size != 1)) {
      throw new ArgumentException(
          operation, "padding", "to the same size needs a stride of 1, not " + stride);
    }
  }

  final void setDilation(Integer... values) {
    dilation = checked("dilation", 1, values);
  }

  /** The weight's shape depends on the groups, so that the parameters are drawn again. */
  final void setGroups(int count) {
    Arguments.atLeast(operation, "groups", count, 1);
    if (inChannels % count != 0 || outChannels % count != 0) {
      throw new ArgumentException(
          operation,
          "groups",
          count + " must divide " + inChannels + " channels into " + outChannels);
    }
    Tensor old = weight.tensor();
    boolean biased = bias != null;
    groups = count;
    forget("weight");
    forget("bias");
    weight = makeWeight(old.device(), old.dtype());
    bias = biased ? makeBias() : null;
  }

  final void setBias(boolean on) {
    if (!on) {
      forget("bias");
      bias = null;
    } else if (bias == null) {
      bias = makeBias();
    }
  }

  /** The weight, (outputs, channels / groups, kernel…). */
  public final Tensor weight() {
    return weight.tensor();
  }

  /** The bias, (outputs); null if there is none. */
  public final @Nullable Tensor bias() {
    return bias == null ? null : bias.tensor();
  }

  @Override
  protected final Tensor compute(Tensor input) {
    int spatial = kernel.size();
    boolean single = input.rank() == spatial + 1;
    int channels = single ? 0 : 1;
    if (input.rank() < spatial + 1
        || input.rank() > spatial + 2
        || input.size(channels) != inChannels) {
      throw new ShapeException(
          operation,
          "input "
              + input.shape()
              + " must be (batch, "
              + inChannels
              + (spatial == 1 ? ", length)" : ", height, width)")
              + ", for weight "
              + weight().shape(),
          input.shape(),
          weight().shape());
    }
    Tensor batch = single ? input.unsqueeze(0) : input;
    Tensor output =
        same
            ? evened(batch).conv(weight(), bias(), stride, halves(), dilation, groups)
            : batch.conv(weight(), bias(), stride, padding, dilation, groups);
    return single ? output.squeeze(0) : output;
  }

  /** By how much the output would be smaller than the input along a spatial axis. */
  private int missing(int axis) {
    return dilation.get(axis) * (kernel.get(axis) - 1);
  }

  private List<Integer> halves() {
    return IntStream.range(0, kernel.size()).mapToObj(axis -> missing(axis) / 2).toList();
  }

  /** With a zero at the end of each axis that misses an odd number. */
  private Tensor evened(Tensor batch) {
    int spatial = kernel.size();
    int[] amounts = new int[2 * spatial];
    for (int axis = 0; axis < spatial; axis++) {
      amounts[2 * (spatial - axis) - 1] = missing(axis) % 2;
    }
    return Arrays.stream(amounts).allMatch(amount -> amount == 0) ? batch : batch.pad(0, amounts);
  }

  @Override
  protected final String describe() {
    StringBuilder text = new StringBuilder();
    text.append(inChannels).append(", ").append(outChannels);
    text.append(", kernel_size=").append(PythonText.tuple(kernel));
    text.append(", stride=").append(PythonText.tuple(stride));
    if (same) {
      text.append(", padding=same");
    } else if (padding.stream().anyMatch(size -> size != 0)) {
      text.append(", padding=").append(PythonText.tuple(padding));
    }
    if (dilation.stream().anyMatch(size -> size != 1)) {
      text.append(", dilation=").append(PythonText.tuple(dilation));
    }
    if (groups != 1) {
      text.append(", groups=").append(groups);
    }
    if (bias == null) {
      text.append(", bias=False");
    }
    return text.toString();
  }
}
