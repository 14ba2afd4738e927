package dev.ladera.backend.cpu;

import dev.ladera.Layout;

/** Walks the elements of some axes in row-major order and tells where each stands. */
final class Odometer {
  private final int[] sizes;
  private final int[] strides;
  private final int[] place;
  private final int start;
  private int at;

  /** Over axes of these sizes and strides, the first element being at {@code start}. */
  Odometer(int[] sizes, int[] strides, int start) {
    this.sizes = sizes;
    this.strides = strides;
    this.place = new int[sizes.length];
    this.start = start;
    this.at = start;
  }

  /** Over all axes of a layout but one. */
  static Odometer without(Layout layout, int axis) {
    int rank = layout.rank();
    int[] sizes = new int[rank - 1];
    int[] strides = new int[rank - 1];
    for (int d = 0, i = 0; d < rank; d++) {
      if (d != axis) {
        sizes[i] = layout.shape().size(d);
        strides[i++] = (int) layout.stride(d);
      }
    }
    return new Odometer(sizes, strides, (int) layout.offset());
  }

  /** Another walk over the same axes. */
  Odometer fresh() {
    return new Odometer(sizes, strides, start);
  }

  /** The number of elements. */
  int count() {
    int count = 1;
    for (int size : sizes) {
      count *= size;
    }
    return count;
  }

  /** Where the present element stands. */
  int at() {
    return at;
  }

  /** Where the element of a row-major number stands, without going there. */
  int at(int number) {
    int left = number;
    int result = start;
    for (int d = sizes.length - 1; d >= 0 && left > 0; d--) {
      result += left % sizes[d] * strides[d];
      left /= sizes[d];
    }
    return result;
  }

  /** Goes to the element of a row-major number. */
  Odometer seek(int number) {
    int left = number;
    at = start;
    for (int d = sizes.length - 1; d >= 0; d--) {
      place[d] = left % sizes[d];
      left /= sizes[d];
      at += place[d] * strides[d];
    }
    return this;
  }

  /** Goes to the next element; after the last comes the first. */
  void next() {
    for (int d = sizes.length - 1; d >= 0; d--) {
      at += strides[d];
      if (++place[d] < sizes[d]) {
        return;
      }
      at -= strides[d] * sizes[d];
      place[d] = 0;
    }
  }
}
