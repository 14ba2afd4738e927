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
    int span = dilation * (kernel - 1) + 1;
    int room = size + 2 * padding - span;
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
    int count = room / stride + 1;
    // A window that would begin in the padding after the input is dropped, as in PyTorch.
    if (ceilMode && room % stride != 0 && count * stride < size + padding) {
      count++;
    }
    return count;
  }

  static void matches(String operation, Shape gradient, Shape expected) {
    if (!gradient.equals(expected)) {
      throw new ShapeException(
          operation,
          "gradient " + gradient + " should have the output's shape " + expected,
          gradient,
          expected);
    }
  }
}
