package dev.ladera.backend.cuda;

import dev.ladera.Layout;
import java.util.List;

/** Tensors of one to three spatial axes as kernels see them: with three. */
final class Spatial {
  private static final int AXES = 3;

  private Spatial() {}

  /** Writes three ints: one for each missing axis in front, then the values. */
  static int put(Arguments arguments, int at, List<Integer> values, int missing) {
    int gone = AXES - values.size();
    for (int axis = 0; axis < AXES; axis++) {
      arguments.put(at + axis * Integer.BYTES, axis < gone ? missing : values.get(axis - gone));
    }
    return at + AXES * Integer.BYTES;
  }

  /** The spatial sizes of a tensor whose first two axes are others. */
  static List<Integer> sizes(Layout layout) {
    return layout.shape().slice(2, layout.rank()).toList();
  }

  /** Adds the kernels' structure of five strides. */
  static void addStrides(Arguments arguments, Layout layout) {
    int at = arguments.structure((2 + AXES) * Long.BYTES);
    int gone = 2 + AXES - layout.rank();
    for (int axis = 0; axis < 2 + AXES; axis++) {
      long stride =
          axis < 2 ? layout.stride(axis) : axis - 2 < gone ? 0 : layout.stride(axis - gone);
      arguments.put(at + axis * Long.BYTES, stride);
    }
  }
}
