package dev.ladera.backend.cpu;

/**
 * The few loops that must be written once for each element type, so that everything above them is
 * written once for all.
 *
 * <p>The type parameter is the array type, not the element type: nothing is boxed, and each call
 * here does the work of a whole run of elements.
 *
 * @param <A> {@code float[]} or {@code double[]}
 */
abstract sealed class Elements<A> permits FloatElements, DoubleElements {

  /** The bytes of one element. */
  abstract int bytes();

  abstract A newArray(int length);

  abstract int length(A array);

  /** Sets {@code count} elements, {@code stride} apart, to zero. */
  abstract void clear(A array, int offset, int stride, int count);

  /** Copies {@code count} elements between places {@code stride} apart. */
  abstract void copy(
      A source,
      int sourceOffset,
      int sourceStride,
      A target,
      int targetOffset,
      int targetStride,
      int count);

  /** Adds {@code count} neighbouring elements to as many others, {@code targetStride} apart. */
  abstract void add(
      A source, int sourceOffset, A target, int targetOffset, int targetStride, int count);

  /**
   * Adds products lane by lane: {@code sums[sumsAt + j] = fma(g[gAt + p * lanes + j], x[xAt +
   * places[p] + j], sums[sumsAt + j])} for {@code p} from 0 to {@code count}.
   */
  abstract void addProducts(
      int count, int lanes, A g, int gAt, A x, int xAt, int[] places, A sums, int sumsAt);

  /**
   * Adds, in each of {@code count} runs that are {@code stride} apart, the second {@code half}
   * elements to the first.
   */
  abstract void addHalves(A array, int offset, int stride, int half, int count);

  /**
   * Copies a block of a strided matrix into a panel: {@code panel[panelOffset + p * width + i] =
   * source[offset + i * laneStride + p * depthStride]} for {@code i < lanes}, {@code p < depth}.
   */
  abstract void pack(
      A source,
      int offset,
      int laneStride,
      int depthStride,
      int lanes,
      int depth,
      A panel,
      int panelOffset,
      int width);

  /**
   * One row of a product: {@code c[j] = fma(a[p], b[p][j], c[j])} for {@code p} from 0 to {@code
   * depth}, where {@code a[p]} lies {@code aStride} apart, rows of b {@code bStride} apart, and the
   * columns of b and c are neighbours.
   */
  abstract void rowTimesMatrix(
      int depth,
      A a,
      int aOffset,
      int aStride,
      A b,
      int bOffset,
      int bStride,
      A c,
      int cOffset,
      int columns);

  /**
   * Makes what {@link #addTile} needs beside its operands: rows of one tile, each in an array of
   * its own.
   */
  abstract TileRows<A> newTileRows(int rows, int columns);

  /** The rows of a tile of C, and of B at four steps of depth, all starting at index 0. */
  record TileRows<A>(A[] sums, A[] columns) {}

  /** {@link MicroKernel#run} on {@link TileRows}, which hold both halves of a tile's rows. */
  abstract void addTile(
      TileRows<A> rows,
      int depth,
      A a,
      int aOffset,
      A b,
      int bOffset,
      int bGap,
      int[] bRows,
      int bRowsOffset);

  /**
   * Dot products of {@code rows} rows with one vector, each one chain from zero: {@code c[i] = sum
   * of fma(a[i][p], b[p])}.
   */
  abstract void rowsTimesVector(
      int rows,
      int depth,
      A a,
      int aOffset,
      int aRowStride,
      int aStride,
      A b,
      int bOffset,
      int bStride,
      A c,
      int cOffset,
      int cStride);
}
