package dev.ladera.op;

import dev.ladera.ArgumentException;
import dev.ladera.Shape;
import dev.ladera.ShapeException;
import java.util.List;

/** The arithmetic of windows that slide over spatial axes. */
final class Windows {
  private Windows() {}

  static void check(String operation, String argument, List<Integer> values, int least) {
    for (int value : values) {
      if (value < least) {
        throw new ArgumentException(
            operation, argument, "must be at least " + least + ", not " + value);
      }
    }
  }

  /** How many places a window has along an axis. */
  static int count(
      String operation,
      Shape x,
      int axis,
      int kernel,
      int stride,
      int padding,
      int dilation,
      boolean ceilMode) {
    int size = x.size(axis);
    long span = dilation * (kernel - 1L) + 1;
    long room = size + 2L * padding - span;
    if (kernel < 1 || room < 0) {
      throw new ShapeException(
          operation,
          "a window of "
              + span
              + " (kernel "
              + kernel
              + ", dilation "
              + dilation
              + ") does not fit into axis "
              + axis
              + " of "
              + x
              + " padded by "
              + padding,
          x);
    }
    long count = room / stride + 1;
    // A window that would begin in the padding after the input is dropped, as in PyTorch.
    if (ceilMode && room % stride != 0 && count * stride < (long) size + padding) {
      count++;
    }
    return Checks.size(operation, axis, count, x);
  }

  static void matches(String operation, String argument, Shape shape, Shape expected) {
    if (!shape.equals(expected)) {
      throw new ShapeException(
          operation,
          argument + " " + shape + " should have the output's shape " + expected,
          shape,
          expected);
    }
  }
}
