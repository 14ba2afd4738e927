package dev.ladera.backend.cpu;

import java.util.Arrays;

/**
 * Some axes of an array, outermost first.
 *
 * @param sizes their sizes
 * @param strides the distances of neighbours along them
 */
record Axes(int[] sizes, int[] strides) {

  boolean isEmpty() {
    return sizes.length == 0;
  }

  int lastSize() {
    return sizes[sizes.length - 1];
  }

  int lastStride() {
    return strides[strides.length - 1];
  }

  Axes withoutLast() {
    return new Axes(
        Arrays.copyOf(sizes, sizes.length - 1), Arrays.copyOf(strides, strides.length - 1));
  }

  /** The number of elements. */
  int count() {
    int count = 1;
    for (int size : sizes) {
      count *= size;
    }
    return count;
  }

  Odometer walk(int start) {
    return new Odometer(sizes, strides, start);
  }

  /** The same axes, those of small strides last. */
  Axes byStride() {
    int[] size = sizes.clone();
    int[] stride = strides.clone();
    for (int i = 1; i < size.length; i++) {
      for (int j = i; j > 0 && Math.abs(stride[j - 1]) < Math.abs(stride[j]); j--) {
        int kept = stride[j];
        stride[j] = stride[j - 1];
        stride[j - 1] = kept;
        kept = size[j];
        size[j] = size[j - 1];
        size[j - 1] = kept;
      }
    }
    return new Axes(size, stride);
  }

  /** As few axes of the same elements in the same order; none of size 1. */
  Axes merged() {
    int[] size = new int[sizes.length];
    int[] stride = new int[sizes.length];
    int depth = 0;
    for (int d = 0; d < sizes.length; d++) {
      if (sizes[d] == 1) {
        continue;
      }
      if (depth > 0 && stride[depth - 1] == (long) strides[d] * sizes[d]) {
        size[depth - 1] *= sizes[d];
        stride[depth - 1] = strides[d];
      } else {
        size[depth] = sizes[d];
        stride[depth++] = strides[d];
      }
    }
    return new Axes(Arrays.copyOf(size, depth), Arrays.copyOf(stride, depth));
  }
}
