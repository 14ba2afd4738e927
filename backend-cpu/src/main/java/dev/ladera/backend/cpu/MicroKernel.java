package dev.ladera.backend.cpu;

/**
 * The innermost loop of a matrix product: one tile of C from a packed panel of A and some rows of
 * B.
 *
 * <p>Panel of A: {@code a[aOffset + p * rows() + i]} is row {@code i} at depth {@code p}. B: {@code
 * b[bOffset + bRows[bRowsOffset + p] + j]} is column {@code j} at depth {@code p}; so its rows may
 * be a packed panel, rows of a matrix, or shifted rows of an image. The tile is {@code c[cOffset +
 * i * cStride + j]}.
 *
 * <p>For each element of the tile the kernel does {@code c = fma(a, b, c)} for {@code p} from 0 up,
 * and nothing else: kernels of any shape give the same bits.
 *
 * @param <A> {@code float[]} or {@code double[]}
 */
interface MicroKernel<A> {

  /** The rows of a tile. */
  int rows();

  /** The columns of a tile. */
  int columns();

  /** Starts each element's chain at zero. */
  void multiply(
      int depth,
      A a,
      int aOffset,
      A b,
      int bOffset,
      int[] bRows,
      int bRowsOffset,
      A c,
      int cOffset,
      int cStride);

  /** Starts each element's chain at what the tile holds. */
  void multiplyAdd(
      int depth,
      A a,
      int aOffset,
      A b,
      int bOffset,
      int[] bRows,
      int bRowsOffset,
      A c,
      int cOffset,
      int cStride);
}
