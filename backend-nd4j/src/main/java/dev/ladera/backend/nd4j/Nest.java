package dev.ladera.backend.nd4j;

import dev.ladera.Layout;
import dev.ladera.Shape;

/**
 * A shape as few loops as can be, with the strides that each operand has along them: axes of size 1
 * are left out, and neighbours that every operand walks evenly are one. There is at least one loop.
 */
final class Nest {
  private final long[] sizes;
  private final long[][] strides;

  private Nest(long[] sizes, long[][] strides) {
    this.sizes = sizes;
    this.strides = strides;
  }

  /** The loops over a shape of operands that broadcast to it. */
  static Nest of(Shape shape, Layout... operands) {
    Layout[] expanded = new Layout[operands.length];
    for (int o = 0; o < operands.length; o++) {
      expanded[o] = operands[o].expand(shape);
    }
    long[] sizes = new long[Math.max(1, shape.rank())];
    long[][] strides = new long[operands.length][sizes.length];
    int loops = 0;
    for (int axis = 0; axis < shape.rank(); axis++) {
      if (shape.size(axis) == 1) {
        continue;
      }
      boolean joined = loops > 0;
      for (int o = 0; joined && o < operands.length; o++) {
        joined = strides[o][loops - 1] == expanded[o].stride(axis) * shape.size(axis);
      }
      int loop = joined ? loops - 1 : loops++;
      sizes[loop] = joined ? sizes[loop] * shape.size(axis) : shape.size(axis);
      for (int o = 0; o < operands.length; o++) {
        strides[o][loop] = expanded[o].stride(axis);
      }
    }
    if (loops == 0) {
      sizes[0] = 1;
      loops = 1;
    }
    for (int o = 0; o < operands.length; o++) {
      strides[o] = java.util.Arrays.copyOf(strides[o], loops);
    }
    return new Nest(java.util.Arrays.copyOf(sizes, loops), strides);
  }

  /** How often each loop goes round; outermost first. */
  long[] sizes() {
    return sizes;
  }

  /** An operand's strides along the loops. */
  long[] strides(int operand) {
    return strides[operand];
  }

  /** The strides of a dense operand. */
  long[] rowMajor() {
    return rowMajor(sizes);
  }

  /** The strides of a dense operand of these sizes. */
  static long[] rowMajor(long... sizes) {
    long[] result = new long[sizes.length];
    long step = 1;
    for (int i = sizes.length - 1; i >= 0; i--) {
      result[i] = step;
      step *= sizes[i];
    }
    return result;
  }

  /** The sizes that an operand has of its own: 1 where it only repeats. */
  long[] ownSizes(int operand) {
    long[] own = sizes.clone();
    for (int i = 0; i < own.length; i++) {
      if (strides[operand][i] == 0) {
        own[i] = 1;
      }
    }
    return own;
  }

  /** Whether an operand's own elements lie side by side in row-major order. */
  boolean isDense(int operand) {
    long[] own = ownSizes(operand);
    long[] dense = rowMajor(own);
    for (int i = 0; i < own.length; i++) {
      if (own[i] != 1 && strides[operand][i] != dense[i]) {
        return false;
      }
    }
    return true;
  }
}
