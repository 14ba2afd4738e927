package dev.ladera.backend.cpu;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Products of matrices, for one element type.
 *
 * <p>Small products and products with a vector are done in place by plain loops. All others are
 * {@link BlockedProduct}s: both operands are packed into panels, through {@link PackSource}, that
 * the {@link MicroKernel} reads front to back; so transposed, strided and virtual matrices (a
 * convolution's patches) cost nothing more.
 *
 * <p>Each element of the result is one chain of fused multiply-adds over the inner index, in order,
 * so blocks may be of any size. The exception: where the result is small and the inner index is
 * long, the latter is cut into pieces, by the three sizes alone, whose results are added in order.
 *
 * <p>The result must not overlap the operands. Instances may be used by any number of threads.
 *
 * @param <A> {@code float[]} or {@code double[]}
 */
final class Gemm<A> {

  /** Multiply-adds of a chunk of a matrix times a vector. */
  private static final long VECTOR_WORK = 1 << 18;

  /** Products up to this many multiply-adds are done in place by plain loops. */
  private static final long DIRECT_WORK = 1 << 12;

  private static final int MIN_PIECE_DEPTH = 1024;
  private static final int WANTED_PIECES = 16;

  private final Elements<A> elements;
  private final KernelSet<A> kernels;
  private final Parallel parallel;
  private final Scratch<A> scratch;
  private volatile int[] rowsOfPanel = {};

  Gemm(KernelSet<A> kernels, Parallel parallel) {
    this.elements = kernels.elements();
    this.kernels = kernels;
    this.parallel = parallel;
    this.scratch = new Scratch<>(elements);
  }

  Elements<A> elements() {
    return elements;
  }

  KernelSet<A> kernels() {
    return kernels;
  }

  Parallel parallel() {
    return parallel;
  }

  Scratch<A> scratch() {
    return scratch;
  }

  /** Where the rows of a panel so wide begin; kept, as nearly all panels are of one width. */
  int[] rowsOfPanel(int width, int rows) {
    int[] known = rowsOfPanel;
    if (known.length != rows || known[1] != width) {
      known = rowTable(width, rows);
      rowsOfPanel = known;
    }
    return known;
  }

  /** Where rows begin that are so far from each other. */
  static int[] rowTable(int stride, int rows) {
    int[] table = new int[rows];
    Arrays.setAll(table, row -> row * stride);
    return table;
  }

  /**
   * C = A B for matrices in arrays.
   *
   * @param m rows of A and C
   * @param n columns of B and C
   * @param k columns of A and rows of B; 0 gives zeros
   * @param left A, its lanes being its rows
   * @param right B, its lanes being its columns
   * @param c the array of C, row-major with neighbouring columns
   * @param cOffset the index of C's first element
   * @param cStride the distance of C's rows
   * @param summand what is added to each row of C; null for nothing
   */
  void multiply(
      int m,
      int n,
      int k,
      StridedSource<A> left,
      StridedSource<A> right,
      A c,
      int cOffset,
      int cStride,
      @Nullable Summand<A> summand) {
    long work = (long) m * n * k;
    if (work > 0
        && left.isPlain()
        && right.isPlain()
        && (n == 1 || m == 1 || work <= DIRECT_WORK)) {
      if (n == 1) {
        timesVector(m, k, left, right, c, cOffset, cStride);
      } else if (m == 1) {
        timesVector(n, k, right, left, c, cOffset, 1);
      } else {
        direct(m, n, k, left, right, c, cOffset, cStride);
      }
      add(summand, m, n, c, cOffset, cStride);
      return;
    }
    multiply(m, n, k, left, right, new ProductTarget<>(elements, c, cOffset, cStride), summand);
  }

  /** C = A B for operands that need not lie in memory. */
  void multiply(
      int m, int n, int k, PackSource<A> left, PackSource<A> right, ProductTarget<A> target) {
    multiply(m, n, k, left, right, target, null);
  }

  private void multiply(
      int m,
      int n,
      int k,
      PackSource<A> left,
      PackSource<A> right,
      ProductTarget<A> target,
      @Nullable Summand<A> summand) {
    if (m == 0 || n == 0) {
      return;
    }
    if (k == 0) {
      target.clear(m, n);
      add(summand, m, n, target.array(), target.offset(), target.rowStride());
      return;
    }
    int pieces = pieces(m, n, k);
    if (pieces == 1) {
      new BlockedProduct<>(this, m, n, 0, k, left, right, target, summand).run();
    } else {
      inPieces(m, n, k, pieces, left, right, target);
      add(summand, m, n, target.array(), target.offset(), target.rowStride());
    }
  }

  private void add(@Nullable Summand<A> summand, int m, int n, A c, int cOffset, int cStride) {
    for (int i = 0; summand != null && i < m; i++) {
      elements.add(summand.array(), summand.offset(), c, cOffset + i * cStride, 1, n);
    }
  }

  /** Into how many pieces the inner index is cut: decided by the sizes alone. */
  static int pieces(int m, int n, int k) {
    long tiles = (m + 63L) / 64 * ((n + 127L) / 128);
    if (tiles >= WANTED_PIECES || k < 2 * MIN_PIECE_DEPTH) {
      return 1;
    }
    return (int) Math.min((WANTED_PIECES + tiles - 1) / tiles, k / MIN_PIECE_DEPTH);
  }

  private void inPieces(
      int m,
      int n,
      int k,
      int pieces,
      PackSource<A> left,
      PackSource<A> right,
      ProductTarget<A> target) {
    int size = m * n;
    Scratch.Piece<A> partial = scratch.borrow(Math.multiplyExact(pieces, size));
    A sums = partial.array();
    int at = partial.at();
    parallel.forEachChunk(
        pieces,
        piece -> {
          int from = (int) ((long) k * piece / pieces);
          int to = (int) ((long) k * (piece + 1) / pieces);
          ProductTarget<A> part = new ProductTarget<>(elements, sums, at + piece * size, n);
          new BlockedProduct<>(this, m, n, from, to, left, right, part, null).run();
        });
    for (int piece = 1; piece < pieces; piece++) {
      elements.add(sums, at + piece * size, sums, at, 1, size);
    }
    for (int i = 0; i < m; i++) {
      target.write(sums, at + i * n, i, 0, n);
    }
    scratch.giveBack(partial);
  }

  /** Without packing: for products too small to repay it. */
  private void direct(
      int m,
      int n,
      int k,
      StridedSource<A> left,
      StridedSource<A> right,
      A c,
      int cOffset,
      int cStride) {
    for (int i = 0; i < m; i++) {
      int row = left.offset() + i * left.laneStride();
      int at = cOffset + i * cStride;
      if (right.laneStride() == 1) {
        elements.clear(c, at, 1, n);
        elements.rowTimesMatrix(
            k,
            left.array(),
            row,
            left.depthStride(),
            right.array(),
            right.offset(),
            right.depthStride(),
            c,
            at,
            n);
      } else {
        elements.rowsTimesVector(
            n,
            k,
            right.array(),
            right.offset(),
            right.laneStride(),
            right.depthStride(),
            left.array(),
            row,
            left.depthStride(),
            c,
            at,
            1);
      }
    }
  }

  /** A matrix of {@code rows} lanes times a vector, in pieces of the inner index as elsewhere. */
  private void timesVector(
      int rows,
      int k,
      StridedSource<A> matrix,
      StridedSource<A> vector,
      A c,
      int cOffset,
      int cStride) {
    int pieces = pieces(rows, 1, k);
    if (pieces == 1 && (cStride == 1 || matrix.laneStride() != 1)) {
      timesVectorRange(rows, 0, k, matrix, vector, c, cOffset, cStride);
      return;
    }
    Scratch.Piece<A> partial = scratch.borrow(pieces * rows);
    A sums = partial.array();
    int at = partial.at();
    parallel.forEachChunk(
        pieces,
        piece -> {
          int from = (int) ((long) k * piece / pieces);
          int to = (int) ((long) k * (piece + 1) / pieces);
          timesVectorRange(rows, from, to, matrix, vector, sums, at + piece * rows, 1);
        });
    for (int piece = 1; piece < pieces; piece++) {
      elements.add(sums, at + piece * rows, sums, at, 1, rows);
    }
    elements.copy(sums, at, 1, c, cOffset, cStride, rows);
    scratch.giveBack(partial);
  }

  private void timesVectorRange(
      int rows,
      int from,
      int to,
      StridedSource<A> matrix,
      StridedSource<A> vector,
      A c,
      int cOffset,
      int cStride) {
    int depth = to - from;
    int grain = Math.clamp(VECTOR_WORK / depth, 32, Integer.MAX_VALUE) & -32;
    parallel.forRange(
        rows,
        grain,
        (first, end) ->
            timesVectorRows(first, end, from, depth, matrix, vector, c, cOffset, cStride));
  }

  private void timesVectorRows(
      int first,
      int end,
      int from,
      int depth,
      StridedSource<A> matrix,
      StridedSource<A> vector,
      A c,
      int cOffset,
      int cStride) {
    int matrixAt = matrix.offset() + first * matrix.laneStride() + from * matrix.depthStride();
    int vectorAt = vector.offset() + from * vector.depthStride();
    int at = cOffset + first * cStride;
    if (matrix.laneStride() == 1) {
      elements.clear(c, at, 1, end - first);
      elements.rowTimesMatrix(
          depth,
          vector.array(),
          vectorAt,
          vector.depthStride(),
          matrix.array(),
          matrixAt,
          matrix.depthStride(),
          c,
          at,
          end - first);
    } else {
      elements.rowsTimesVector(
          end - first,
          depth,
          matrix.array(),
          matrixAt,
          matrix.laneStride(),
          matrix.depthStride(),
          vector.array(),
          vectorAt,
          vector.depthStride(),
          c,
          at,
          cStride);
    }
  }
}
