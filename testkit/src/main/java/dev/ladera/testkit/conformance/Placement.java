package dev.ladera.testkit.conformance;

import dev.ladera.Device;
import dev.ladera.Layout;
import dev.ladera.Shape;
import dev.ladera.Tensor;

/** How the elements of an input lie in their storage: the views that every kernel must read. */
enum Placement {
  /** Row-major, from the beginning. */
  CONTIGUOUS,
  /** Row-major, but not from the beginning. */
  OFFSET,
  /** The first axis is the one whose neighbours lie next to each other. */
  TRANSPOSED,
  /** A slice with steps: every third element of the last axis, every second of the others. */
  STEPPED,
  /** All axes backwards. */
  FLIPPED,
  /** The last axis repeats one element. */
  EXPANDED_LAST,
  /** The first axis repeats one element. */
  EXPANDED_FIRST,
  /** Transposed, with steps, the last axis backwards, not from the beginning. */
  MIXED;

  private static final int MARGIN = 5;

  /** Whether several elements share a place. */
  boolean repeats() {
    return this == EXPANDED_LAST || this == EXPANDED_FIRST;
  }

  /** What is left of a value when it is placed so: expanded axes repeat one element. */
  HostValue adapt(HostValue value) {
    Shape shape = value.shape();
    if (shape.elements() == 0 || shape.rank() == 0) {
      return value;
    }
    return switch (this) {
      case EXPANDED_LAST -> value.repeatedAlong(shape.rank() - 1);
      case EXPANDED_FIRST -> value.repeatedAlong(0);
      default -> value;
    };
  }

  /** A tensor of the elements of an adapted value. */
  Tensor place(HostValue value, Device device) {
    Shape shape = value.shape();
    if (shape.elements() == 0) {
      return value.on(device);
    }
    return switch (this) {
      case CONTIGUOUS -> value.on(device);
      case OFFSET -> onStrides(value, device, strides(shape, false, 1, 1));
      case TRANSPOSED -> onStrides(value, device, strides(shape, true, 1, 1));
      case STEPPED -> onStrides(value, device, strides(shape, false, 3, 2));
      case FLIPPED -> onStrides(value, device, negative(strides(shape, false, 1, 1), 0));
      case EXPANDED_LAST -> onStrides(value, device, repeating(shape, shape.rank() - 1));
      case EXPANDED_FIRST -> onStrides(value, device, repeating(shape, 0));
      case MIXED ->
          onStrides(value, device, negative(strides(shape, true, 2, 3), shape.rank() - 1));
    };
  }

  /** Strides without overlap; {@code lastStep} belongs to the axis of the nearest neighbours. */
  private static long[] strides(Shape shape, boolean firstFastest, int lastStep, int step) {
    int rank = shape.rank();
    long[] strides = new long[rank];
    long distance = 1;
    for (int i = 0; i < rank; i++) {
      int axis = firstFastest ? i : rank - 1 - i;
      int factor = i == 0 ? lastStep : step;
      strides[axis] = distance * factor;
      distance *= (long) factor * shape.size(axis);
    }
    return strides;
  }

  private static long[] repeating(Shape shape, int axis) {
    if (shape.rank() == 0) {
      return new long[0];
    }
    long[] strides = strides(shape.with(axis, 1), false, 1, 1);
    strides[axis] = 0;
    return strides;
  }

  /** The axes from one on backwards. */
  private static long[] negative(long[] strides, int from) {
    for (int axis = Math.max(from, 0); axis < strides.length; axis++) {
      strides[axis] = -strides[axis];
    }
    return strides;
  }

  private static Tensor onStrides(HostValue value, Device device, long[] strides) {
    Shape shape = value.shape();
    long offset = MARGIN;
    long span = 1;
    for (int axis = 0; axis < shape.rank(); axis++) {
      long reach = (shape.size(axis) - 1L) * Math.abs(strides[axis]);
      span += reach;
      if (strides[axis] < 0) {
        offset += reach;
      }
    }
    return value.on(device, Layout.of(shape, strides, offset), Math.toIntExact(span + 2 * MARGIN));
  }
}
