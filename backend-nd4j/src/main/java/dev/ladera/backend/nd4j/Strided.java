package dev.ladera.backend.nd4j;

import dev.ladera.Layout;
import dev.ladera.Shape;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * Copies between layouts, by width alone. ND4J takes no negative strides, and is several times
 * slower at the others than this loop.
 */
final class Strided {
  /** Transposed planes are copied in squares of this side, so that both sides stay in the cache. */
  private static final long TILE = 32;

  private Strided() {}

  /** Copies what a layout shows of a block to a dense one. */
  static void gather(Block from, Layout layout, Block to) {
    Nest nest = Nest.of(layout.shape(), layout);
    new Copy(nest.sizes(), from, nest.strides(0), to, nest.rowMajor()).run(layout.offset(), 0);
  }

  /** Copies what strides show of a block, from an offset on, to a dense one. */
  static void gather(Block from, long offset, long[] sizes, long[] strides, Block to) {
    new Copy(sizes, from, strides, to, Nest.rowMajor(sizes)).run(offset, 0);
  }

  /** Copies a dense block to the places that a layout names. */
  static void scatter(Block from, Block to, Layout layout) {
    Nest nest = Nest.of(layout.shape(), layout);
    new Copy(nest.sizes(), from, nest.rowMajor(), to, nest.strides(0)).run(0, layout.offset());
  }

  /** Copies what a layout of one block shows to the places that another layout names. */
  static void copy(Block from, Layout source, Block to, Layout target, Shape shape) {
    Nest nest = Nest.of(shape, source, target);
    new Copy(nest.sizes(), from, nest.strides(0), to, nest.strides(1))
        .run(source.offset(), target.offset());
  }

  /** Repeats a dense block of a shape with ones in it to fill the whole shape. */
  static void expand(Block from, long[] shape, Block to, long[] sizes) {
    long[] strides = new long[shape.length];
    long step = 1;
    for (int i = shape.length - 1; i >= 0; i--) {
      strides[i] = shape[i] == 1 ? 0 : step;
      step *= shape[i];
    }
    new Copy(sizes, from, strides, to, Nest.rowMajor(sizes)).run(0, 0);
  }

  @SuppressWarnings("ArrayRecordComponent") // Never compared, and seen by this class only.
  private record Copy(long[] sizes, Block from, long[] source, Block to, long[] target) {

    void run(long sourceAt, long targetAt) {
      run(0, sourceAt, targetAt);
    }

    private void run(int axis, long sourceAt, long targetAt) {
      int left = sizes.length - axis;
      if (left == 1) {
        row(sizes[axis], sourceAt, source[axis], targetAt, target[axis]);
      } else if (left == 2 && isTransposed(axis)) {
        plane(axis, sourceAt, targetAt);
      } else {
        for (long i = 0; i < sizes[axis]; i++) {
          run(axis + 1, sourceAt + i * source[axis], targetAt + i * target[axis]);
        }
      }
    }

    /** Whether rows of one side are columns of the other. */
    private boolean isTransposed(int axis) {
      return (source[axis] == 1 && source[axis + 1] != 1)
          || (target[axis] == 1 && target[axis + 1] != 1);
    }

    private void plane(int axis, long sourceAt, long targetAt) {
      for (long i = 0; i < sizes[axis]; i += TILE) {
        long rows = Math.min(TILE, sizes[axis] - i);
        for (long j = 0; j < sizes[axis + 1]; j += TILE) {
          long columns = Math.min(TILE, sizes[axis + 1] - j);
          for (long row = i; row < i + rows; row++) {
            row(
                columns,
                sourceAt + row * source[axis] + j * source[axis + 1],
                source[axis + 1],
                targetAt + row * target[axis] + j * target[axis + 1],
                target[axis + 1]);
          }
        }
      }
    }

    private void row(long length, long sourceAt, long sourceStep, long targetAt, long targetStep) {
      if (sourceStep == 1 && targetStep == 1) {
        to.copyRun(targetAt, from, sourceAt, length);
        return;
      }
      MemorySegment in = from.memory();
      MemorySegment out = to.memory();
      switch (from.dtype.bytes()) {
        case 4 -> {
          for (long i = 0; i < length; i++) {
            out.setAtIndex(
                ValueLayout.JAVA_INT,
                targetAt + i * targetStep,
                in.getAtIndex(ValueLayout.JAVA_INT, sourceAt + i * sourceStep));
          }
        }
        case 8 -> {
          for (long i = 0; i < length; i++) {
            out.setAtIndex(
                ValueLayout.JAVA_LONG,
                targetAt + i * targetStep,
                in.getAtIndex(ValueLayout.JAVA_LONG, sourceAt + i * sourceStep));
          }
        }
        default -> {
          for (long i = 0; i < length; i++) {
            out.set(
                ValueLayout.JAVA_BYTE,
                targetAt + i * targetStep,
                in.get(ValueLayout.JAVA_BYTE, sourceAt + i * sourceStep));
          }
        }
      }
    }
  }
}
