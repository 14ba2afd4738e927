package dev.ladera.backend.nd4j;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * One image's windows as a matrix, a column a window and a row a tap of a channel, which turns
 * convolution into a product ("im2col"). Loops of our own, because ND4J's know two axes only.
 */
final class Patches {
  private final Windows windows;
  private final int channels;
  private final Block matrix;

  Patches(Windows windows, int channels, Block matrix) {
    this.windows = windows;
    this.channels = channels;
    this.matrix = matrix;
  }

  /** What is done with the part of a matrix row that falls into one row of the image. */
  private interface RowVisitor {
    /**
     * Visits a run of windows.
     *
     * @param row the first place in the matrix
     * @param image the first place in the image
     * @param before windows of the row that begin before the image
     * @param inside windows of the row that lie in it
     * @param after windows of the row that begin after it
     */
    void visit(long row, long image, int before, int inside, int after);
  }

  /** Fills the matrix from an image of so many channels. */
  void unfold(Block image, long at) {
    int step = windows.stride()[2];
    rows(
        at,
        (row, from, before, inside, after) -> {
          zero(row, before);
          copy(image, from, step, row + before, inside);
          zero(row + before + inside, after);
        });
  }

  /** Adds the matrix to an image of so many channels. */
  void fold(Block image, long at) {
    int step = windows.stride()[2];
    rows(at, (row, to, before, inside, _) -> add(row + before, image, to, step, inside));
  }

  private void rows(long at, RowVisitor visitor) {
    int[] kernel = windows.kernel();
    long row = 0;
    for (int channel = 0; channel < channels; channel++) {
      long plane = at + (long) channel * windows.plane();
      for (int z = 0; z < kernel[0]; z++) {
        for (int y = 0; y < kernel[1]; y++) {
          for (int x = 0; x < kernel[2]; x++) {
            row(plane, z, y, x, row, visitor);
            row += windows.places();
          }
        }
      }
    }
  }

  private void row(long plane, int tapZ, int tapY, int tapX, long row, RowVisitor visitor) {
    int[] count = windows.count();
    int[] size = windows.size();
    int step = windows.stride()[2];
    int first = windows.at(2, 0, tapX);
    int before = Math.clamp(-Math.floorDiv(first, step), 0, count[2]);
    int end = Math.clamp(-Math.floorDiv(first - size[2], step), before, count[2]);
    long at = row;
    for (int z = 0; z < count[0]; z++) {
      int inZ = windows.at(0, z, tapZ);
      for (int y = 0; y < count[1]; y++) {
        int inY = windows.at(1, y, tapY);
        if (inZ < 0 || inZ >= size[0] || inY < 0 || inY >= size[1]) {
          visitor.visit(at, 0, count[2], 0, 0);
        } else {
          long line = plane + ((long) inZ * size[1] + inY) * size[2];
          visitor.visit(
              at, line + first + (long) before * step, before, end - before, count[2] - end);
        }
        at += count[2];
      }
    }
  }

  private void zero(long at, int length) {
    int bytes = matrix.dtype.bytes();
    matrix.memory().asSlice(at * bytes, (long) length * bytes).fill((byte) 0);
  }

  private void copy(Block image, long from, int step, long to, int length) {
    if (length <= 0) {
      return;
    }
    if (step == 1) {
      matrix.copyRun(to, image, from, length);
      return;
    }
    for (int i = 0; i < length; i++) {
      matrix.copy(to + i, image, from + (long) i * step);
    }
  }

  private void add(long from, Block image, long to, int step, int length) {
    MemorySegment in = matrix.memory();
    MemorySegment out = image.memory();
    switch (image.dtype) {
      case FLOAT32 -> {
        for (int i = 0; i < length; i++) {
          long place = to + (long) i * step;
          float sum =
              out.getAtIndex(ValueLayout.JAVA_FLOAT, place)
                  + in.getAtIndex(ValueLayout.JAVA_FLOAT, from + i);
          out.setAtIndex(ValueLayout.JAVA_FLOAT, place, sum);
        }
      }
      default -> {
        for (int i = 0; i < length; i++) {
          long place = to + (long) i * step;
          image.set(place, image.getDouble(place) + matrix.getDouble(from + i));
        }
      }
    }
  }
}
