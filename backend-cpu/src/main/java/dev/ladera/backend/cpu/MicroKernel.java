package dev.ladera.backend.cpu;

/**
 * The innermost loop of a matrix product: one tile of C from one packed panel of A and one of B.
 *
 * <p>Panel of A: {@code a[aOffset + p * rows() + i]} is row {@code i} at depth {@code p}. Panel of
 * B: {@code b[bOffset + p * columns() + j]} is column {@code j} at depth {@code p}. The tile is
 * {@code c[cOffset + i * cStride + j]}.
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
  void multiply(int depth, A a, int aOffset, A b, int bOffset, A c, int cOffset, int cStride);

  /** Starts each element's chain at what the tile holds. */
  void multiplyAdd(int depth, A a, int aOffset, A b, int bOffset, A c, int cOffset, int cStride);
}
