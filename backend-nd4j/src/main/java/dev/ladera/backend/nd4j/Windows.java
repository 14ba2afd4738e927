package dev.ladera.backend.nd4j;

import dev.ladera.Shape;
import java.util.List;

/**
 * Windows that slide over the spatial axes of (batch, channels, spatial…), seen as three axes
 * always: missing ones come first and have size 1.
 *
 * @param size the input's sizes
 * @param kernel taps along each axis
 * @param count places of the window along each axis
 * @param stride distance of the places
 * @param padding places before the input
 * @param dilation distance of the taps
 */
@SuppressWarnings("ArrayRecordComponent") // Never compared, and shared within this package.
record Windows(int[] size, int[] kernel, int[] count, int[] stride, int[] padding, int[] dilation) {
  private static final int AXES = 3;

  static Windows of(
      Shape input,
      List<Integer> kernel,
      Shape output,
      List<Integer> stride,
      List<Integer> padding,
      List<Integer> dilation) {
    return new Windows(
        axes(spatial(input), 1),
        axes(kernel, 1),
        axes(spatial(output), 1),
        axes(stride, 1),
        axes(padding, 0),
        axes(dilation, 1));
  }

  /** The sizes along the spatial axes. */
  static List<Integer> spatial(Shape shape) {
    return shape.slice(2, shape.rank()).toList();
  }

  private static int[] axes(List<Integer> values, int missing) {
    int[] axes = new int[AXES];
    int first = AXES - values.size();
    for (int i = 0; i < AXES; i++) {
      axes[i] = i < first ? missing : values.get(i - first);
    }
    return axes;
  }

  private static int product(int[] values) {
    return values[0] * values[1] * values[2];
  }

  /** Elements of one channel of the input. */
  int plane() {
    return product(size);
  }

  /** Taps of the window. */
  int taps() {
    return product(kernel);
  }

  /** Places of the window. */
  int places() {
    return product(count);
  }

  /** Where a tap of a window falls along an axis; outside of the input it may be anything. */
  int at(int axis, int place, int tap) {
    return place * stride[axis] - padding[axis] + tap * dilation[axis];
  }

  /** Whether each window is one element and each element one window. */
  boolean areElements() {
    for (int axis = 0; axis < AXES; axis++) {
      if (kernel[axis] != 1 || stride[axis] != 1 || padding[axis] != 0) {
        return false;
      }
    }
    return true;
  }
}
