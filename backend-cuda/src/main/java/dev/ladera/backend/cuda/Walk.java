package dev.ladera.backend.cuda;

import dev.ladera.BackendException;
import dev.ladera.Layout;
import dev.ladera.Shape;
import java.util.Arrays;

/**
 * How the elements of some operands are visited in row-major order of one shape: the kernels'
 * {@code Walk} (walk.cu). Axes of size 1 are left out, and neighbours that lie evenly in all
 * operands are merged, so that most walks have one axis or two. Reused from launch to launch.
 */
final class Walk {
  /** The most axes that are left after merging. */
  static final int AXES = 12;

  /** Walks of more places than this divide in 64 bits. */
  static final long WIDE = Integer.MAX_VALUE;

  private final int[] sizes = new int[AXES];
  private long[][] strides = new long[0][];
  private long[] next = new long[0];
  private int operands;
  private int rank;

  /** Begins a walk without axes: over one place. */
  Walk begin(int count) {
    if (strides.length < count) {
      int before = strides.length;
      strides = Arrays.copyOf(strides, count);
      for (int k = before; k < count; k++) {
        strides[k] = new long[AXES];
      }
      next = new long[count];
    }
    operands = count;
    rank = 0;
    return this;
  }

  /** Sets an operand's stride along the axis that {@link #axis} adds. */
  Walk stride(int operand, long stride) {
    next[operand] = stride;
    return this;
  }

  /** Adds an axis inside those that are there, with the strides set before. */
  Walk axis(int size) {
    if (size == 1) {
      return this;
    }
    int last = rank - 1;
    boolean merges = rank > 0 && (long) sizes[last] * size <= Integer.MAX_VALUE;
    for (int k = 0; merges && k < operands; k++) {
      merges = strides[k][last] == size * next[k];
    }
    if (merges) {
      sizes[last] *= size;
    } else {
      if (rank == AXES) {
        throw new BackendException(
            "cuda",
            "a kernel walks over "
                + AXES
                + " axes at most that cannot be merged; copy views with contiguous() first");
      }
      last = rank++;
      sizes[last] = size;
    }
    for (int k = 0; k < operands; k++) {
      strides[k][last] = next[k];
    }
    return this;
  }

  /** The stride of a layout along an axis of a shape that it broadcasts to. */
  static long stride(Layout layout, Shape shape, int axis) {
    int own = axis - (shape.rank() - layout.rank());
    return own < 0 || (layout.shape().size(own) == 1 && shape.size(axis) != 1)
        ? 0
        : layout.stride(own);
  }

  int operands() {
    return operands;
  }

  int rank() {
    return Math.max(1, rank);
  }

  int size(int axis) {
    return rank == 0 ? 1 : sizes[axis];
  }

  long strideOf(int operand, int axis) {
    return rank == 0 ? 0 : strides[operand][axis];
  }
}
