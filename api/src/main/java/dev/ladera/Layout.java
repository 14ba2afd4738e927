package dev.ladera;

import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * How a tensor's elements lie in its storage: element {@code (i, j, …)} stands at {@code offset + i
 * · stride(0) + j · stride(1) + …}, counted in elements. Immutable. Strides may be zero (expanded
 * axes) or negative (flipped ones).
 */
public final class Layout {
  private final Shape shape;
  private final long[] strides;
  private final long offset;
  private final boolean contiguous;

  private Layout(Shape shape, long[] strides, long offset) {
    this.shape = shape;
    this.strides = strides;
    this.offset = offset;
    this.contiguous = shape.elements() == 0 || isRowMajor(shape, strides);
  }

  /** The row-major layout of a shape, from offset 0. */
  public static Layout contiguous(Shape shape) {
    return new Layout(shape, rowMajor(shape), 0);
  }

  /** A layout of these strides, in elements. */
  public static Layout of(Shape shape, long[] strides, long offset) {
    if (strides.length != shape.rank()) {
      throw new ArgumentException("layout", "strides", "must be one for each axis of " + shape);
    }
    return new Layout(shape, strides.clone(), offset);
  }

  /** The shape. */
  public Shape shape() {
    return shape;
  }

  /** The number of axes. */
  public int rank() {
    return strides.length;
  }

  /** The distance in storage between neighbours along an axis (0 to rank − 1), in elements. */
  public long stride(int axis) {
    return strides[axis];
  }

  /** The strides, a copy. */
  public long[] strides() {
    return strides.clone();
  }

  /** Where the first element stands. */
  public long offset() {
    return offset;
  }

  /** Whether the elements lie in row-major order without gaps (from any offset). */
  public boolean isContiguous() {
    return contiguous;
  }

  /** The same axes in another order: axis i of the result is axis {@code order[i]} of this. */
  public Layout permute(int... order) {
    int[] sizes = new int[order.length];
    long[] moved = new long[order.length];
    for (int i = 0; i < order.length; i++) {
      sizes[i] = shape.size(order[i]);
      moved[i] = strides[order[i]];
    }
    return new Layout(Shape.of(sizes), moved, offset);
  }

  /** Each axis of size 1, and each missing leading axis, repeated by a stride of zero. */
  public Layout expand(Shape target) {
    long[] widened = new long[target.rank()];
    int shift = target.rank() - rank();
    for (int i = 0; i < rank(); i++) {
      widened[i + shift] = shape.size(i) == 1 && target.size(i + shift) != 1 ? 0 : strides[i];
    }
    return new Layout(target, widened, offset);
  }

  /**
   * Places {@code start, start + step, …} of one axis, {@code count} of them; step may be negative.
   */
  public Layout slice(int axis, int start, int count, int step) {
    long[] moved = strides.clone();
    long begin = count == 0 ? offset : offset + start * strides[axis];
    moved[axis] = strides[axis] * step;
    return new Layout(shape.with(axis, count), moved, begin);
  }

  /** One place of an axis; the axis is gone. */
  public Layout select(int axis, int index) {
    long[] left = new long[rank() - 1];
    System.arraycopy(strides, 0, left, 0, axis);
    System.arraycopy(strides, axis + 1, left, axis, left.length - axis);
    return new Layout(shape.without(axis), left, offset + index * strides[axis]);
  }

  /** The same elements in another shape, or null where only a copy can have it. */
  public @Nullable Layout reshape(Shape target) {
    if (contiguous) {
      return new Layout(target, rowMajor(target), offset);
    }
    // Axes are matched in groups of equal element counts, from the front; within a group the old
    // axes must lie evenly spaced, so that one stride serves them all.
    long[] result = new long[target.rank()];
    int[] from = shape.toArray();
    int[] to = target.toArray();
    int i = 0;
    int j = 0;
    while (i < from.length) {
      int firstOld = i;
      int firstNew = j;
      long oldCount = from[i++];
      long newCount = to[j++];
      while (oldCount != newCount) {
        if (oldCount < newCount) {
          oldCount *= from[i++];
        } else {
          newCount *= to[j++];
        }
      }
      // Trailing ones belong to the group before them.
      while (i < from.length && from[i] == 1) {
        i++;
      }
      while (j < to.length && to[j] == 1) {
        j++;
      }
      long step = evenStride(from, firstOld, i);
      if (step == Long.MIN_VALUE) {
        return null;
      }
      for (int k = j - 1; k >= firstNew; k--) {
        result[k] = step;
        step *= to[k];
      }
    }
    return new Layout(target, result, offset);
  }

  /**
   * The stride of the group's innermost axis, or MIN_VALUE where the group is not evenly spaced.
   */
  private long evenStride(int[] sizes, int first, int end) {
    long innermost = 1;
    long expected = Long.MIN_VALUE;
    for (int k = end - 1; k >= first; k--) {
      if (sizes[k] == 1) {
        continue;
      }
      if (expected == Long.MIN_VALUE) {
        innermost = strides[k];
      } else if (strides[k] != expected) {
        return Long.MIN_VALUE;
      }
      expected = strides[k] * sizes[k];
    }
    return innermost;
  }

  /** Whether some element of storage is reached by two indices (an expanded axis). */
  public boolean overlapsItself() {
    for (int i = 0; i < rank(); i++) {
      if (strides[i] == 0 && shape.size(i) > 1) {
        return true;
      }
    }
    return false;
  }

  private static long[] rowMajor(Shape shape) {
    long[] strides = new long[shape.rank()];
    long step = 1;
    for (int i = strides.length - 1; i >= 0; i--) {
      strides[i] = step;
      step *= Math.max(1, shape.size(i));
    }
    return strides;
  }

  private static boolean isRowMajor(Shape shape, long[] strides) {
    long step = 1;
    for (int i = strides.length - 1; i >= 0; i--) {
      int size = shape.size(i);
      if (size != 1) {
        if (strides[i] != step) {
          return false;
        }
        step *= size;
      }
    }
    return true;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Layout layout
        && offset == layout.offset
        && shape.equals(layout.shape)
        && Arrays.equals(strides, layout.strides);
  }

  @Override
  public int hashCode() {
    return Objects.hash(shape, Arrays.hashCode(strides), offset);
  }

  @Override
  public String toString() {
    return shape + " strides " + Arrays.toString(strides) + " offset " + offset;
  }
}
