package dev.ladera.backend.cuda;

import dev.ladera.DType;
import dev.ladera.Layout;
import dev.ladera.op.Convolution;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * How cuDNN computes a convolution, or a gradient of one, of some sizes and strides.
 *
 * @param direction which of the three
 * @param tensors how input and output lie
 * @param filter how the weight lies
 * @param convolution the attributes
 * @param algorithm which kernel; null if the library has none for it
 * @param scales the numbers 1 and 0 in the element type, which stay as long as the plan
 */
record ConvolutionPlan(
    Cudnn.Direction direction,
    List<Long> tensors,
    long filter,
    long convolution,
    Cudnn.@Nullable Algorithm algorithm,
    MemorySegment scales) {

  private static final long MOST_WORKSPACE = 256L << 20;

  /** The library takes two spatial axes at least. */
  private static final int LEAST_SPATIAL = 2;

  /** What a plan is for; the layouts are those of input, weight and output. */
  record Key(
      Cudnn.Direction direction,
      DType dtype,
      boolean tf32,
      Convolution attributes,
      Layout input,
      Layout weight,
      Layout output) {}

  /** The descriptors of a plan that has no algorithm yet; needs no device. */
  static ConvolutionPlan described(Cudnn library, Key key) {
    int type = key.dtype == DType.FLOAT32 ? Cudnn.FLOAT32 : Cudnn.FLOAT64;
    Convolution attributes = key.attributes;
    long input = tensor(library, type, key.input);
    long output = tensor(library, type, key.output);
    long filter = library.filter(type, sizes(key.weight));
    long convolution =
        library.convolution(
            type,
            spatial(attributes.padding(), 0),
            spatial(attributes.stride(), 1),
            spatial(attributes.dilation(), 1),
            attributes.groups(),
            key.tf32);
    return new ConvolutionPlan(
        key.direction, List.of(input, output), filter, convolution, null, scales(type));
  }

  static ConvolutionPlan make(Cudnn library, long handle, Key key) {
    ConvolutionPlan plan = described(library, key);
    Cudnn.Algorithm algorithm =
        library.best(
            handle,
            key.direction,
            plan.first(),
            plan.second(),
            plan.convolution,
            plan.result(),
            MOST_WORKSPACE);
    return new ConvolutionPlan(
        key.direction, plan.tensors, plan.filter, plan.convolution, algorithm, plan.scales);
  }

  private static MemorySegment scales(int type) {
    MemorySegment scales = Arena.ofAuto().allocate(2 * Double.BYTES, Double.BYTES);
    if (type == Cudnn.FLOAT32) {
      scales.set(ValueLayout.JAVA_FLOAT, 0, 1);
    } else {
      scales.set(ValueLayout.JAVA_DOUBLE, 0, 1);
    }
    return scales;
  }

  private static long tensor(Cudnn library, int type, Layout layout) {
    int gone = Math.max(0, 2 + LEAST_SPATIAL - layout.rank());
    int[] strides = new int[layout.rank() + gone];
    for (int axis = 0; axis < strides.length; axis++) {
      // A spatial axis of size 1 is put in front of a single one, as wide as a plane.
      int own = axis < 2 ? axis : axis - gone;
      boolean added = axis >= 2 && axis < 2 + gone;
      strides[axis] = (int) layout.stride(added ? 1 : own);
    }
    return library.tensor(type, sizes(layout), strides);
  }

  private static int[] sizes(Layout layout) {
    int[] own = layout.shape().toArray();
    int gone = Math.max(0, 2 + LEAST_SPATIAL - own.length);
    int[] sizes = new int[own.length + gone];
    for (int axis = 0; axis < sizes.length; axis++) {
      boolean added = axis >= 2 && axis < 2 + gone;
      sizes[axis] = added ? 1 : own[axis < 2 ? axis : axis - gone];
    }
    return sizes;
  }

  private static int[] spatial(List<Integer> values, int missing) {
    int gone = Math.max(0, LEAST_SPATIAL - values.size());
    int[] all = new int[values.size() + gone];
    for (int axis = 0; axis < all.length; axis++) {
      all[axis] = axis < gone ? missing : values.get(axis - gone);
    }
    return all;
  }

  /** Whether the library has an algorithm for it. */
  boolean works() {
    return algorithm != null;
  }

  Cudnn.Algorithm chosen() {
    return Objects.requireNonNull(algorithm);
  }

  /** The descriptor of the first operand. */
  long first() {
    return direction == Cudnn.Direction.INPUT_GRADIENT ? filter : tensors.getFirst();
  }

  /** The descriptor of the second operand. */
  long second() {
    return direction == Cudnn.Direction.FORWARD ? filter : tensors.getLast();
  }

  /** The descriptor of what is computed. */
  long result() {
    return switch (direction) {
      case FORWARD -> tensors.getLast();
      case INPUT_GRADIENT -> tensors.getFirst();
      case WEIGHT_GRADIENT -> filter;
    };
  }

  long one() {
    return scales.address();
  }

  long zero() {
    return scales.address() + Double.BYTES;
  }
}
