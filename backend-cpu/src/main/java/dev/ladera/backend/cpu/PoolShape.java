package dev.ladera.backend.cpu;

/**
 * The sizes of a pooling with up to three spatial axes; missing ones are {@link WindowAxis#NONE}.
 *
 * @param planes the number of planes, that is images times channels
 * @param depth the first axis
 * @param height the second axis
 * @param width the last axis, whose elements are neighbours
 */
record PoolShape(int planes, WindowAxis depth, WindowAxis height, WindowAxis width) {

  /** The elements of a plane of the input. */
  int inputPlane() {
    return depth.input() * height.input() * width.input();
  }

  /** The elements of a plane of the output. */
  int outputPlane() {
    return depth.output() * height.output() * width.output();
  }

  /** Whether windows are squares of two by two that neither overlap nor reach beyond the input. */
  boolean isOfPairs() {
    return depth.equals(WindowAxis.NONE) && isOfPairs(height) && isOfPairs(width);
  }

  private static boolean isOfPairs(WindowAxis axis) {
    return axis.kernel() == 2
        && axis.stride() == 2
        && axis.dilation() == 1
        && axis.padBegin() == 0
        && 2 * axis.output() <= axis.input();
  }

  /** A number of planes whose work is worth a chunk. */
  int planesInChunk() {
    long work =
        (long) outputPlane() * depth.kernel() * height.kernel() * width.kernel() + inputPlane() + 1;
    return Math.clamp((1 << 16) / work, 1, Integer.MAX_VALUE);
  }
}
