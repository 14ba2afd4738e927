package dev.ladera.backend.cpu;

import java.util.Arrays;

/** Loops over {@code double[]}; {@link FloatElements} is the same text with another type. */
final class DoubleElements extends Elements<double[]> {

  static final DoubleElements INSTANCE = new DoubleElements();

  private DoubleElements() {}

  @Override
  int bytes() {
    return Double.BYTES;
  }

  @Override
  double[] newArray(int length) {
    return new double[length];
  }

  @Override
  int length(double[] array) {
    return array.length;
  }

  @Override
  void clear(double[] array, int offset, int stride, int count) {
    if (stride == 1) {
      Arrays.fill(array, offset, offset + count, 0);
      return;
    }
    for (int i = 0, at = offset; i < count; i++, at += stride) {
      array[at] = 0;
    }
  }

  @Override
  void copy(
      double[] source,
      int sourceOffset,
      int sourceStride,
      double[] target,
      int targetOffset,
      int targetStride,
      int count) {
    if (sourceStride == 1 && targetStride == 1) {
      System.arraycopy(source, sourceOffset, target, targetOffset, count);
    } else if (targetStride == 1) {
      for (int i = 0; i < count; i++) {
        target[targetOffset + i] = source[sourceOffset + i * sourceStride];
      }
    } else {
      for (int i = 0; i < count; i++) {
        target[targetOffset + i * targetStride] = source[sourceOffset + i * sourceStride];
      }
    }
  }

  @Override
  void add(
      double[] source,
      int sourceOffset,
      double[] target,
      int targetOffset,
      int targetStride,
      int count) {
    if (targetStride == 1) {
      for (int i = 0; i < count; i++) {
        target[targetOffset + i] += source[sourceOffset + i];
      }
      return;
    }
    for (int i = 0; i < count; i++) {
      target[targetOffset + i * targetStride] += source[sourceOffset + i];
    }
  }

  @Override
  void addProducts(
      int count,
      int lanes,
      double[] g,
      int gAt,
      double[] x,
      int xAt,
      int[] places,
      double[] sums,
      int sumsAt) {
    for (int p = 0; p < count; p++) {
      int from = gAt + p * lanes;
      int with = xAt + places[p];
      for (int lane = 0; lane < lanes; lane++) {
        sums[sumsAt + lane] = Math.fma(g[from + lane], x[with + lane], sums[sumsAt + lane]);
      }
    }
  }

  @Override
  void addHalves(double[] array, int offset, int stride, int half, int count) {
    for (int i = 0; i < count; i++) {
      int at = offset + i * stride;
      for (int j = 0; j < half; j++) {
        array[at + j] += array[at + half + j];
      }
    }
  }

  @Override
  void pack(
      double[] source,
      int offset,
      int laneStride,
      int depthStride,
      int lanes,
      int depth,
      double[] panel,
      int panelOffset,
      int width) {
    if (laneStride == 1 && lanes == 8) {
      copyEights(source, offset, depthStride, depth, panel, panelOffset, width);
      return;
    }
    if (laneStride == 1) {
      for (int p = 0; p < depth; p++) {
        System.arraycopy(source, offset + p * depthStride, panel, panelOffset + p * width, lanes);
      }
      return;
    }
    int lane = 0;
    for (; depthStride == 1 && lane + 8 <= lanes; lane += 8) {
      packEight(
          source, offset + lane * laneStride, laneStride, depth, panel, panelOffset + lane, width);
    }
    // Lanes contiguous in depth are read one after the other: memory is fast at one long run.
    for (; depthStride != 1 && lane + 4 <= lanes; lane += 4) {
      packFour(
          source,
          offset + lane * laneStride,
          laneStride,
          depthStride,
          depth,
          panel,
          panelOffset + lane,
          width);
    }
    for (; lane < lanes; lane++) {
      copy(
          source, offset + lane * laneStride, depthStride, panel, panelOffset + lane, width, depth);
    }
  }

  /** Eight neighbouring lanes, too few for the cost of a call that copies arrays. */
  private static void copyEights(
      double[] source,
      int offset,
      int depthStride,
      int depth,
      double[] panel,
      int panelOffset,
      int width) {
    for (int p = 0; p < depth; p++) {
      int from = offset + p * depthStride;
      int to = panelOffset + p * width;
      panel[to] = source[from];
      panel[to + 1] = source[from + 1];
      panel[to + 2] = source[from + 2];
      panel[to + 3] = source[from + 3];
      panel[to + 4] = source[from + 4];
      panel[to + 5] = source[from + 5];
      panel[to + 6] = source[from + 6];
      panel[to + 7] = source[from + 7];
    }
  }

  /** Lanes that are contiguous in depth, the usual case: their index checks leave the loop. */
  private static void packEight(
      double[] source,
      int offset,
      int laneStride,
      int depth,
      double[] panel,
      int panelOffset,
      int width) {
    int from1 = offset + laneStride;
    int from2 = from1 + laneStride;
    int from3 = from2 + laneStride;
    int from4 = from3 + laneStride;
    int from5 = from4 + laneStride;
    int from6 = from5 + laneStride;
    int from7 = from6 + laneStride;
    for (int p = 0; p < depth; p++) {
      int to = panelOffset + p * width;
      panel[to] = source[offset + p];
      panel[to + 1] = source[from1 + p];
      panel[to + 2] = source[from2 + p];
      panel[to + 3] = source[from3 + p];
      panel[to + 4] = source[from4 + p];
      panel[to + 5] = source[from5 + p];
      panel[to + 6] = source[from6 + p];
      panel[to + 7] = source[from7 + p];
    }
  }

  private static void packFour(
      double[] source,
      int offset,
      int laneStride,
      int depthStride,
      int depth,
      double[] panel,
      int panelOffset,
      int width) {
    int from = offset;
    int to = panelOffset;
    for (int p = 0; p < depth; p++, from += depthStride, to += width) {
      panel[to] = source[from];
      panel[to + 1] = source[from + laneStride];
      panel[to + 2] = source[from + 2 * laneStride];
      panel[to + 3] = source[from + 3 * laneStride];
    }
  }

  @Override
  void rowTimesMatrix(
      int depth,
      double[] a,
      int aOffset,
      int aStride,
      double[] b,
      int bOffset,
      int bStride,
      double[] c,
      int cOffset,
      int columns) {
    int p = 0;
    for (; p + 4 <= depth; p += 4) {
      int at = aOffset + p * aStride;
      fourRows(
          a[at],
          a[at + aStride],
          a[at + 2 * aStride],
          a[at + 3 * aStride],
          b,
          bOffset + p * bStride,
          bStride,
          c,
          cOffset,
          columns);
    }
    for (; p < depth; p++) {
      oneRow(a[aOffset + p * aStride], b, bOffset + p * bStride, c, cOffset, columns);
    }
  }

  /** Four steps of depth at once, so that c is read and written a quarter as often. */
  private static void fourRows(
      double a0,
      double a1,
      double a2,
      double a3,
      double[] b,
      int bOffset,
      int bStride,
      double[] c,
      int cOffset,
      int columns) {
    int b1 = bOffset + bStride;
    int b2 = b1 + bStride;
    int b3 = b2 + bStride;
    for (int j = 0; j < columns; j++) {
      double sum = Math.fma(a0, b[bOffset + j], c[cOffset + j]);
      sum = Math.fma(a1, b[b1 + j], sum);
      sum = Math.fma(a2, b[b2 + j], sum);
      c[cOffset + j] = Math.fma(a3, b[b3 + j], sum);
    }
  }

  private static void oneRow(
      double factor, double[] b, int bOffset, double[] c, int cOffset, int columns) {
    for (int j = 0; j < columns; j++) {
      c[cOffset + j] = Math.fma(factor, b[bOffset + j], c[cOffset + j]);
    }
  }

  @Override
  TileRows<double[]> newTileRows(int rows, int columns) {
    return new TileRows<>(new double[rows][columns], new double[4][columns]);
  }

  @Override
  void addTile(
      TileRows<double[]> rows,
      int depth,
      double[] a,
      int aOffset,
      double[] b,
      int bOffset,
      int bGap,
      int[] bRows,
      int bRowsOffset) {
    double[][] sums = rows.sums();
    double[][] columns = rows.columns();
    int p = 0;
    for (; p + 4 <= depth; p += 4) {
      for (int step = 0; step < 4; step++) {
        copyHalves(b, bOffset + bRows[bRowsOffset + p + step], bGap, columns[step]);
      }
      for (int i = 0; i < sums.length; i++) {
        int at = aOffset + p * sums.length + i;
        fourSteps(
            a[at],
            a[at + sums.length],
            a[at + 2 * sums.length],
            a[at + 3 * sums.length],
            columns,
            sums[i]);
      }
    }
    for (; p < depth; p++) {
      copyHalves(b, bOffset + bRows[bRowsOffset + p], bGap, columns[0]);
      for (int i = 0; i < sums.length; i++) {
        oneRow(a[aOffset + p * sums.length + i], columns[0], 0, sums[i], 0, sums[i].length);
      }
    }
  }

  private static void copyHalves(double[] b, int from, int gap, double[] row) {
    int half = row.length / 2;
    System.arraycopy(b, from, row, 0, half);
    System.arraycopy(b, from + gap, row, half, half);
  }

  /** One index for all arrays: what the compiler of Java 25 needs to see to use vectors here. */
  private static void fourSteps(
      double a0, double a1, double a2, double a3, double[][] columns, double[] sums) {
    double[] b0 = columns[0];
    double[] b1 = columns[1];
    double[] b2 = columns[2];
    double[] b3 = columns[3];
    for (int j = 0; j < sums.length; j++) {
      double sum = Math.fma(a0, b0[j], sums[j]);
      sum = Math.fma(a1, b1[j], sum);
      sum = Math.fma(a2, b2[j], sum);
      sums[j] = Math.fma(a3, b3[j], sum);
    }
  }

  @Override
  void rowsTimesVector(
      int rows,
      int depth,
      double[] a,
      int aOffset,
      int aRowStride,
      int aStride,
      double[] b,
      int bOffset,
      int bStride,
      double[] c,
      int cOffset,
      int cStride) {
    int i = 0;
    for (; i + 4 <= rows; i += 4) {
      fourDots(
          depth,
          a,
          aOffset + i * aRowStride,
          aRowStride,
          aStride,
          b,
          bOffset,
          bStride,
          c,
          cOffset + i * cStride,
          cStride);
    }
    for (; i < rows; i++) {
      c[cOffset + i * cStride] =
          dot(depth, a, aOffset + i * aRowStride, aStride, b, bOffset, bStride);
    }
  }

  private static void fourDots(
      int depth,
      double[] a,
      int aOffset,
      int aRowStride,
      int aStride,
      double[] b,
      int bOffset,
      int bStride,
      double[] c,
      int cOffset,
      int cStride) {
    double sum0 = 0;
    double sum1 = 0;
    double sum2 = 0;
    double sum3 = 0;
    int at = aOffset;
    for (int p = 0; p < depth; p++, at += aStride) {
      double factor = b[bOffset + p * bStride];
      sum0 = Math.fma(a[at], factor, sum0);
      sum1 = Math.fma(a[at + aRowStride], factor, sum1);
      sum2 = Math.fma(a[at + 2 * aRowStride], factor, sum2);
      sum3 = Math.fma(a[at + 3 * aRowStride], factor, sum3);
    }
    c[cOffset] = sum0;
    c[cOffset + cStride] = sum1;
    c[cOffset + 2 * cStride] = sum2;
    c[cOffset + 3 * cStride] = sum3;
  }

  private static double dot(
      int depth, double[] a, int aOffset, int aStride, double[] b, int bOffset, int bStride) {
    double sum = 0;
    for (int p = 0; p < depth; p++) {
      sum = Math.fma(a[aOffset + p * aStride], b[bOffset + p * bStride], sum);
    }
    return sum;
  }
}
