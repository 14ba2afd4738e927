package dev.ladera.backend.cpu;

import dev.ladera.Layout;
import dev.ladera.Shape;
import dev.ladera.Tensor;

/**
 * The nested loops that walk several arrays in step, as few and as long as the layouts allow:
 * neighbouring axes along which every array is evenly spaced are one loop. Operand 0 is written,
 * the others are read; sizes run from the outermost loop to the innermost.
 */
final class LoopNest {
  final Object[] arrays;
  final int[] at;
  private int depth;
  private int[] sizes;

  /** Stride of loop d and operand k at {@code d * operands + k}. */
  private int[] strides;

  /** A nest of one loop of no elements, to be filled in. */
  private LoopNest(int operands) {
    this.arrays = new Object[operands];
    this.at = new int[operands];
    this.sizes = new int[] {0};
    this.strides = new int[operands];
    this.depth = 1;
  }

  /** Over the elements of a tensor that is written, and others that broadcast to it. */
  static LoopNest of(Tensor target, Tensor... inputs) {
    LoopNest nest = new LoopNest(inputs.length + 1);
    nest.put(0, target);
    for (int i = 0; i < inputs.length; i++) {
      nest.put(i + 1, inputs[i]);
    }
    if (!nest.isFlat(target, inputs)) {
      Layout[] layouts = new Layout[inputs.length + 1];
      layouts[0] = target.layout();
      for (int i = 0; i < inputs.length; i++) {
        layouts[i + 1] = inputs[i].layout();
      }
      nest.collapse(target.shape(), layouts);
    }
    return nest;
  }

  /** Over the elements of a layout in an array that is written, and another of its shape. */
  static LoopNest of(Object target, Layout targetLayout, Object source, Layout sourceLayout) {
    LoopNest nest = new LoopNest(2);
    nest.arrays[0] = target;
    nest.at[0] = (int) targetLayout.offset();
    nest.arrays[1] = source;
    nest.at[1] = (int) sourceLayout.offset();
    nest.collapse(targetLayout.shape(), new Layout[] {targetLayout, sourceLayout});
    return nest;
  }

  /** One loop over neighbouring elements. */
  static LoopNest flat(int count, Object[] arrays, int... at) {
    LoopNest nest = new LoopNest(arrays.length);
    System.arraycopy(arrays, 0, nest.arrays, 0, arrays.length);
    System.arraycopy(at, 0, nest.at, 0, at.length);
    nest.sizes[0] = count;
    java.util.Arrays.fill(nest.strides, 1);
    return nest;
  }

  private void put(int operand, Tensor tensor) {
    arrays[operand] = ((CpuStorage) tensor.storage()).array();
    at[operand] = (int) tensor.layout().offset();
  }

  /** The usual case at little cost: all contiguous, or of one element. */
  private boolean isFlat(Tensor target, Tensor[] inputs) {
    long elements = target.elements();
    if (!target.layout().isContiguous()) {
      return false;
    }
    for (int i = 0; i < inputs.length; i++) {
      long some = inputs[i].elements();
      if (some == elements ? !inputs[i].layout().isContiguous() : some != 1) {
        return false;
      }
      strides[i + 1] = some == elements ? 1 : 0;
    }
    strides[0] = 1;
    sizes[0] = (int) elements;
    return true;
  }

  private void collapse(Shape shape, Layout[] layouts) {
    int operands = layouts.length;
    int rank = shape.rank();
    sizes = new int[Math.max(1, rank)];
    strides = new int[sizes.length * operands];
    depth = 0;
    int[] order = byTargetStride(layouts[0]);
    int[] step = new int[operands];
    for (int axis : order) {
      int size = shape.size(axis);
      if (size == 1) {
        continue;
      }
      for (int k = 0; k < operands; k++) {
        int own = axis - (rank - layouts[k].rank());
        step[k] = own < 0 || layouts[k].shape().size(own) == 1 ? 0 : (int) layouts[k].stride(own);
      }
      if (depth > 0 && continues(step, size)) {
        sizes[depth - 1] *= size;
        System.arraycopy(step, 0, strides, (depth - 1) * operands, operands);
      } else {
        sizes[depth] = size;
        System.arraycopy(step, 0, strides, depth * operands, operands);
        depth++;
      }
    }
    if (depth == 0) {
      sizes[0] = 1;
      depth = 1;
    }
  }

  /** Axes from the outermost to the innermost as the target lies in memory. */
  private static int[] byTargetStride(Layout target) {
    int[] order = new int[target.rank()];
    for (int i = 0; i < order.length; i++) {
      int j = i;
      for (; j > 0 && stride(target, order[j - 1]) < stride(target, i); j--) {
        order[j] = order[j - 1];
      }
      order[j] = i;
    }
    return order;
  }

  private static long stride(Layout layout, int axis) {
    return Math.abs(layout.stride(axis));
  }

  /** Whether the innermost loop so far and an axis inside it are one loop of the axis's strides. */
  private boolean continues(int[] step, int size) {
    int from = (depth - 1) * step.length;
    for (int k = 0; k < step.length; k++) {
      if (strides[from + k] != (long) step[k] * size) {
        return false;
      }
    }
    return true;
  }

  /** The number of arrays. */
  int operands() {
    return arrays.length;
  }

  /** The number of elements of the innermost loop. */
  int innerSize() {
    return sizes[depth - 1];
  }

  /** How often the innermost loop runs. */
  int rows() {
    int rows = 1;
    for (int d = 0; d < depth - 1; d++) {
      rows *= sizes[d];
    }
    return rows;
  }

  /** The number of loops. */
  int depth() {
    return depth;
  }

  /** The number of rounds of a loop. */
  int size(int loop) {
    return sizes[loop];
  }

  /** What one round of a loop adds to an operand's index. */
  int stride(int loop, int operand) {
    return strides[loop * arrays.length + operand];
  }

  /** The strides of the innermost loop. */
  int[] innerStrides() {
    int operands = arrays.length;
    return java.util.Arrays.copyOfRange(strides, (depth - 1) * operands, depth * operands);
  }

  /**
   * Makes the longest loop the innermost, where the innermost is very short: a loop over three
   * channels costs more to begin than to run.
   */
  void lengthenInnermost(int enough) {
    int innermost = depth - 1;
    if (sizes[innermost] >= enough) {
      return;
    }
    int longest = innermost;
    for (int d = 0; d < innermost; d++) {
      if (sizes[d] > 4 * sizes[longest]) {
        longest = d;
      }
    }
    if (longest != innermost) {
      int operands = arrays.length;
      int size = sizes[longest];
      sizes[longest] = sizes[innermost];
      sizes[innermost] = size;
      for (int k = 0; k < operands; k++) {
        int stride = strides[longest * operands + k];
        strides[longest * operands + k] = strides[innermost * operands + k];
        strides[innermost * operands + k] = stride;
      }
    }
  }
}
