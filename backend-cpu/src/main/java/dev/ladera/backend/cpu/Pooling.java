package dev.ladera.backend.cpu;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Maximum and average pooling and their gradients.
 *
 * <p>Planes are independent of each other, and chunks are whole planes. All arrays are contiguous
 * from their offset on.
 */
final class Pooling {

  private final Parallel parallel;
  private final PairMaxima maxima;

  Pooling(Parallel parallel, PairMaxima maxima) {
    this.parallel = parallel;
    this.maxima = maxima;
  }

  /**
   * The greatest element of each window, and its index in the input's plane. The first of equals
   * wins; a NaN wins over all numbers, and the last of several NaNs, as in PyTorch.
   */
  void max(
      PoolShape shape,
      float[] input,
      int inputOffset,
      float[] output,
      int outputOffset,
      long[] indices,
      int indicesOffset) {
    PairMaximum pairs = shape.isOfPairs() ? maxima.get() : null;
    parallel.forRange(
        shape.planes(),
        shape.planesInChunk(),
        (from, to) -> {
          for (int plane = from; plane < to; plane++) {
            maxOfPlane(
                shape,
                pairs,
                input,
                inputOffset + plane * shape.inputPlane(),
                output,
                outputOffset + plane * shape.outputPlane(),
                outputOffset + to * shape.outputPlane(),
                indices,
                indicesOffset + plane * shape.outputPlane());
          }
        });
  }

  /**
   * One plane of several that are done in order, up to {@code end}: what a vector writes beyond a
   * row is written again after it.
   */
  private static void maxOfPlane(
      PoolShape shape,
      @Nullable PairMaximum pairs,
      float[] input,
      int inputOffset,
      float[] output,
      int outputOffset,
      int end,
      long[] indices,
      int indicesOffset) {
    int done = 0;
    for (int z = 0; z < shape.depth().output(); z++) {
      for (int y = 0; y < shape.height().output(); y++) {
        int out = outputOffset + done;
        int place = indicesOffset + done;
        int first = 2 * y * shape.width().input();
        if (pairs != null && out + pairs.reach(shape.width().output()) <= end) {
          int columns = shape.width().input();
          int count = shape.width().output();
          pairs.run(input, inputOffset + first, columns, count, output, out, indices, place, first);
        } else {
          maxOfRow(shape, z, y, input, inputOffset, output, out, indices, place);
        }
        done += shape.width().output();
      }
    }
  }

  private static void maxOfRow(
      PoolShape shape,
      int z,
      int y,
      float[] input,
      int inputOffset,
      float[] output,
      int outputOffset,
      long[] indices,
      int indicesOffset) {
    WindowAxis width = shape.width();
    int z0 = firstTap(shape.depth(), z);
    int z1 = endTap(shape.depth(), z);
    int y0 = firstTap(shape.height(), y);
    int y1 = endTap(shape.height(), y);
    int rows = shape.height().input();
    int columns = width.input();
    for (int x = 0; x < width.output(); x++) {
      int x0 = firstTap(width, x);
      int x1 = endTap(width, x);
      float best = Float.NEGATIVE_INFINITY;
      int bestAt = (z0 * rows + y0) * columns + x0;
      for (int iz = z0; iz < z1; iz += shape.depth().dilation()) {
        for (int iy = y0; iy < y1; iy += shape.height().dilation()) {
          int row = (iz * rows + iy) * columns;
          for (int at = row + x0; at < row + x1; at += width.dilation()) {
            float value = input[inputOffset + at];
            if (value > best || Float.isNaN(value)) {
              best = value;
              bestAt = at;
            }
          }
        }
      }
      output[outputOffset + x] = best;
      indices[indicesOffset + x] = bestAt;
    }
  }

  /**
   * The gradient of {@link #max(PoolShape, float[], int, float[], int, long[], int)}: each window's
   * goes to its greatest element.
   */
  void maxGradient(
      PoolShape shape,
      float[] gradient,
      int gradientOffset,
      long[] indices,
      int indicesOffset,
      float[] result,
      int resultOffset) {
    int size = shape.outputPlane();
    parallel.forRange(
        shape.planes(),
        shape.planesInChunk(),
        (from, to) -> {
          for (int plane = from; plane < to; plane++) {
            int base = resultOffset + plane * shape.inputPlane();
            Arrays.fill(result, base, base + shape.inputPlane(), 0);
            for (int i = plane * size; i < (plane + 1) * size; i++) {
              result[base + (int) indices[indicesOffset + i]] += gradient[gradientOffset + i];
            }
          }
        });
  }

  /**
   * The mean of each window. Elements outside the input count as zeros, or, unless {@code
   * countIncludePad}, not at all.
   */
  void average(
      PoolShape shape,
      boolean countIncludePad,
      float[] input,
      int inputOffset,
      float[] output,
      int outputOffset) {
    parallel.forRange(
        shape.planes(),
        shape.planesInChunk(),
        (from, to) -> {
          for (int plane = from; plane < to; plane++) {
            int done = outputOffset + plane * shape.outputPlane();
            for (int z = 0; z < shape.depth().output(); z++) {
              for (int y = 0; y < shape.height().output(); y++) {
                averageOfRow(
                    shape,
                    countIncludePad,
                    z,
                    y,
                    input,
                    inputOffset + plane * shape.inputPlane(),
                    output,
                    done);
                done += shape.width().output();
              }
            }
          }
        });
  }

  private static void averageOfRow(
      PoolShape shape,
      boolean countIncludePad,
      int z,
      int y,
      float[] input,
      int inputOffset,
      float[] output,
      int outputOffset) {
    WindowAxis width = shape.width();
    int z0 = firstTap(shape.depth(), z);
    int z1 = endTap(shape.depth(), z);
    int y0 = firstTap(shape.height(), y);
    int y1 = endTap(shape.height(), y);
    for (int x = 0; x < width.output(); x++) {
      int x0 = firstTap(width, x);
      int x1 = endTap(width, x);
      float sum = 0;
      for (int iz = z0; iz < z1; iz++) {
        for (int iy = y0; iy < y1; iy++) {
          int row = inputOffset + (iz * shape.height().input() + iy) * width.input();
          for (int at = row + x0; at < row + x1; at++) {
            sum += input[at];
          }
        }
      }
      int count = countIncludePad ? paddedCount(shape, z, y, x) : (z1 - z0) * (y1 - y0) * (x1 - x0);
      output[outputOffset + x] = x1 > x0 && y1 > y0 && z1 > z0 ? sum / count : 0;
    }
  }

  /** The gradient of {@link #average(PoolShape, boolean, float[], int, float[], int)}. */
  void averageGradient(
      PoolShape shape,
      boolean countIncludePad,
      float[] gradient,
      int gradientOffset,
      float[] result,
      int resultOffset) {
    parallel.forRange(
        shape.planes(),
        shape.planesInChunk(),
        (from, to) -> {
          for (int plane = from; plane < to; plane++) {
            int base = resultOffset + plane * shape.inputPlane();
            Arrays.fill(result, base, base + shape.inputPlane(), 0);
            int done = gradientOffset + plane * shape.outputPlane();
            for (int z = 0; z < shape.depth().output(); z++) {
              for (int y = 0; y < shape.height().output(); y++) {
                averageGradientOfRow(shape, countIncludePad, z, y, gradient, done, result, base);
                done += shape.width().output();
              }
            }
          }
        });
  }

  private static void averageGradientOfRow(
      PoolShape shape,
      boolean countIncludePad,
      int z,
      int y,
      float[] gradient,
      int gradientOffset,
      float[] result,
      int resultOffset) {
    WindowAxis width = shape.width();
    int z0 = firstTap(shape.depth(), z);
    int z1 = endTap(shape.depth(), z);
    int y0 = firstTap(shape.height(), y);
    int y1 = endTap(shape.height(), y);
    for (int x = 0; x < width.output(); x++) {
      int x0 = firstTap(width, x);
      int x1 = endTap(width, x);
      int count = countIncludePad ? paddedCount(shape, z, y, x) : (z1 - z0) * (y1 - y0) * (x1 - x0);
      float share = gradient[gradientOffset + x] / count;
      for (int iz = z0; iz < z1; iz++) {
        for (int iy = y0; iy < y1; iy++) {
          int row = resultOffset + (iz * shape.height().input() + iy) * width.input();
          for (int at = row + x0; at < row + x1; at++) {
            result[at] += share;
          }
        }
      }
    }
  }

  /**
   * The greatest element of each window, and its index in the input's plane. The first of equals
   * wins; a NaN wins over all numbers, and the last of several NaNs, as in PyTorch.
   */
  void max(
      PoolShape shape,
      double[] input,
      int inputOffset,
      double[] output,
      int outputOffset,
      long[] indices,
      int indicesOffset) {
    parallel.forRange(
        shape.planes(),
        shape.planesInChunk(),
        (from, to) -> {
          for (int plane = from; plane < to; plane++) {
            maxOfPlane(
                shape,
                input,
                inputOffset + plane * shape.inputPlane(),
                output,
                outputOffset + plane * shape.outputPlane(),
                indices,
                indicesOffset + plane * shape.outputPlane());
          }
        });
  }

  private static void maxOfPlane(
      PoolShape shape,
      double[] input,
      int inputOffset,
      double[] output,
      int outputOffset,
      long[] indices,
      int indicesOffset) {
    int done = 0;
    for (int z = 0; z < shape.depth().output(); z++) {
      for (int y = 0; y < shape.height().output(); y++) {
        maxOfRow(
            shape,
            z,
            y,
            input,
            inputOffset,
            output,
            outputOffset + done,
            indices,
            indicesOffset + done);
        done += shape.width().output();
      }
    }
  }

  private static void maxOfRow(
      PoolShape shape,
      int z,
      int y,
      double[] input,
      int inputOffset,
      double[] output,
      int outputOffset,
      long[] indices,
      int indicesOffset) {
    WindowAxis width = shape.width();
    int z0 = firstTap(shape.depth(), z);
    int z1 = endTap(shape.depth(), z);
    int y0 = firstTap(shape.height(), y);
    int y1 = endTap(shape.height(), y);
    int rows = shape.height().input();
    int columns = width.input();
    for (int x = 0; x < width.output(); x++) {
      int x0 = firstTap(width, x);
      int x1 = endTap(width, x);
      double best = Double.NEGATIVE_INFINITY;
      int bestAt = (z0 * rows + y0) * columns + x0;
      for (int iz = z0; iz < z1; iz += shape.depth().dilation()) {
        for (int iy = y0; iy < y1; iy += shape.height().dilation()) {
          int row = (iz * rows + iy) * columns;
          for (int at = row + x0; at < row + x1; at += width.dilation()) {
            double value = input[inputOffset + at];
            if (value > best || Double.isNaN(value)) {
              best = value;
              bestAt = at;
            }
          }
        }
      }
      output[outputOffset + x] = best;
      indices[indicesOffset + x] = bestAt;
    }
  }

  /**
   * The gradient of {@link #max(PoolShape, double[], int, double[], int, long[], int)}: each
   * window's goes to its greatest element.
   */
  void maxGradient(
      PoolShape shape,
      double[] gradient,
      int gradientOffset,
      long[] indices,
      int indicesOffset,
      double[] result,
      int resultOffset) {
    int size = shape.outputPlane();
    parallel.forRange(
        shape.planes(),
        shape.planesInChunk(),
        (from, to) -> {
          for (int plane = from; plane < to; plane++) {
            int base = resultOffset + plane * shape.inputPlane();
            Arrays.fill(result, base, base + shape.inputPlane(), 0);
            for (int i = plane * size; i < (plane + 1) * size; i++) {
              result[base + (int) indices[indicesOffset + i]] += gradient[gradientOffset + i];
            }
          }
        });
  }

  /**
   * The mean of each window. Elements outside the input count as zeros, or, unless {@code
   * countIncludePad}, not at all.
   */
  void average(
      PoolShape shape,
      boolean countIncludePad,
      double[] input,
      int inputOffset,
      double[] output,
      int outputOffset) {
    parallel.forRange(
        shape.planes(),
        shape.planesInChunk(),
        (from, to) -> {
          for (int plane = from; plane < to; plane++) {
            int done = outputOffset + plane * shape.outputPlane();
            for (int z = 0; z < shape.depth().output(); z++) {
              for (int y = 0; y < shape.height().output(); y++) {
                averageOfRow(
                    shape,
                    countIncludePad,
                    z,
                    y,
                    input,
                    inputOffset + plane * shape.inputPlane(),
                    output,
                    done);
                done += shape.width().output();
              }
            }
          }
        });
  }

  private static void averageOfRow(
      PoolShape shape,
      boolean countIncludePad,
      int z,
      int y,
      double[] input,
      int inputOffset,
      double[] output,
      int outputOffset) {
    WindowAxis width = shape.width();
    int z0 = firstTap(shape.depth(), z);
    int z1 = endTap(shape.depth(), z);
    int y0 = firstTap(shape.height(), y);
    int y1 = endTap(shape.height(), y);
    for (int x = 0; x < width.output(); x++) {
      int x0 = firstTap(width, x);
      int x1 = endTap(width, x);
      double sum = 0;
      for (int iz = z0; iz < z1; iz++) {
        for (int iy = y0; iy < y1; iy++) {
          int row = inputOffset + (iz * shape.height().input() + iy) * width.input();
          for (int at = row + x0; at < row + x1; at++) {
            sum += input[at];
          }
        }
      }
      int count = countIncludePad ? paddedCount(shape, z, y, x) : (z1 - z0) * (y1 - y0) * (x1 - x0);
      output[outputOffset + x] = x1 > x0 && y1 > y0 && z1 > z0 ? sum / count : 0;
    }
  }

  /** The gradient of {@link #average(PoolShape, boolean, double[], int, double[], int)}. */
  void averageGradient(
      PoolShape shape,
      boolean countIncludePad,
      double[] gradient,
      int gradientOffset,
      double[] result,
      int resultOffset) {
    parallel.forRange(
        shape.planes(),
        shape.planesInChunk(),
        (from, to) -> {
          for (int plane = from; plane < to; plane++) {
            int base = resultOffset + plane * shape.inputPlane();
            Arrays.fill(result, base, base + shape.inputPlane(), 0);
            int done = gradientOffset + plane * shape.outputPlane();
            for (int z = 0; z < shape.depth().output(); z++) {
              for (int y = 0; y < shape.height().output(); y++) {
                averageGradientOfRow(shape, countIncludePad, z, y, gradient, done, result, base);
                done += shape.width().output();
              }
            }
          }
        });
  }

  private static void averageGradientOfRow(
      PoolShape shape,
      boolean countIncludePad,
      int z,
      int y,
      double[] gradient,
      int gradientOffset,
      double[] result,
      int resultOffset) {
    WindowAxis width = shape.width();
    int z0 = firstTap(shape.depth(), z);
    int z1 = endTap(shape.depth(), z);
    int y0 = firstTap(shape.height(), y);
    int y1 = endTap(shape.height(), y);
    for (int x = 0; x < width.output(); x++) {
      int x0 = firstTap(width, x);
      int x1 = endTap(width, x);
      int count = countIncludePad ? paddedCount(shape, z, y, x) : (z1 - z0) * (y1 - y0) * (x1 - x0);
      double share = gradient[gradientOffset + x] / count;
      for (int iz = z0; iz < z1; iz++) {
        for (int iy = y0; iy < y1; iy++) {
          int row = resultOffset + (iz * shape.height().input() + iy) * width.input();
          for (int at = row + x0; at < row + x1; at++) {
            result[at] += share;
          }
        }
      }
    }
  }

  /** The first element of a window that lies inside the input. */
  private static int firstTap(WindowAxis axis, int window) {
    int start = window * axis.stride() - axis.padBegin();
    if (start >= 0) {
      return start;
    }
    return start + (-start + axis.dilation() - 1) / axis.dilation() * axis.dilation();
  }

  /** The end, excluded, of a window's elements inside the input. */
  private static int endTap(WindowAxis axis, int window) {
    int start = window * axis.stride() - axis.padBegin();
    return Math.min(axis.input(), start + (axis.kernel() - 1) * axis.dilation() + 1);
  }

  /** The elements of a window inside the padded input. */
  private static int paddedCount(PoolShape shape, int z, int y, int x) {
    return paddedCount(shape.depth(), z)
        * paddedCount(shape.height(), y)
        * paddedCount(shape.width(), x);
  }

  private static int paddedCount(WindowAxis axis, int window) {
    int start = window * axis.stride() - axis.padBegin();
    return Math.min(axis.input() + axis.padEnd(), start + axis.kernel()) - start;
  }
}
