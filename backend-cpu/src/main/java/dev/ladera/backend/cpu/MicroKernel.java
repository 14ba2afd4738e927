package dev.ladera.backend.cpu;

/**
 * The innermost loop of a matrix product: one tile of C from a packed panel of A and some rows of
 * B.
 *
 * <p>A: {@code a[aOffset + p * rows() + i]} is row {@code i} at depth {@code p}.
 *
 * <p>A tile has two halves of {@link #half} neighbouring columns each, that need not be neighbours:
 * in B and C the second begins a gap after the first. B: {@code b[bOffset + bRows[bRowsOffset + p]
 * + j]} is column {@code j} of the first half at depth {@code p}; so rows of B may be those of a
 * packed panel, of a matrix, or shifted rows of an image. C: {@code c[cOffset + i * cStride + j]}
 * is column {@code j} of the first half in row {@code i}. Halves may overlap in C: the second is
 * written last, and rows of the tile in order.
 *
 * <p>For each element of the tile the kernel does {@code sum = fma(a, b, sum)} for {@code p} from 0
 * up, beginning with what is at its place in the start tile, and nothing else: kernels of any shape
 * give the same bits. To start from zero is to start from an array of zeros, with strides of 0; one
 * method for both halves what has to be compiled.
 *
 * @param <A> {@code float[]} or {@code double[]}
 */
interface MicroKernel<A> {

  /** The rows of a tile. */
  int rows();

  /** The columns of each half of a tile. */
  int half();

  /** The columns of both halves. */
  default int columns() {
    return 2 * half();
  }

  /**
   * Computes a tile; the start tile may be the result's own. Parameters stand in the order of their
   * use, lest the compiler put what it needs later where it is slow to fetch.
   */
  void run(
      int depth,
      A start,
      int startOffset,
      int startStride,
      int startGap,
      A a,
      int aOffset,
      A b,
      int bOffset,
      int bGap,
      int[] bRows,
      int bRowsOffset,
      A c,
      int cOffset,
      int cStride,
      int cGap);
}
