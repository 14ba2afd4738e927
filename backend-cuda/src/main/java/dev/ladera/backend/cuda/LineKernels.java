package dev.ladera.backend.cuda;

import dev.ladera.Layout;
import dev.ladera.Shape;

/** What kernels share that look at one line of elements at a time, along one axis. */
final class LineKernels {
  private LineKernels() {}

  /** The product of all sizes but one. */
  static long lines(Shape shape, int axis) {
    long lines = 1;
    for (int i = 0; i < shape.rank(); i++) {
      lines *= i == axis ? 1 : shape.size(i);
    }
    return lines;
  }

  /** A walk over the beginnings of a layout's lines, in row-major order of the other axes. */
  static Walk walk(Arguments arguments, Layout layout, int axis) {
    Walk walk = arguments.newWalk(1);
    for (int i = 0; i < layout.rank(); i++) {
      if (i != axis) {
        walk.stride(0, layout.stride(i)).axis(layout.shape().size(i));
      }
    }
    return walk;
  }

  /** The same for two layouts at once, over the sizes of the first. */
  static Walk walk(Arguments arguments, Layout first, Layout second, int axis) {
    Walk walk = arguments.newWalk(2);
    for (int i = 0; i < first.rank(); i++) {
      if (i != axis) {
        walk.stride(0, first.stride(i)).stride(1, second.stride(i)).axis(first.shape().size(i));
      }
    }
    return walk;
  }
}
