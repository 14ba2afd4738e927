package dev.ladera.backend.cpu;

/**
 * Products of integer matrices, by plain loops. Sums wrap around, as Java's and PyTorch's do.
 *
 * <p>Element (i, j) of a matrix is {@code array[offset + i * rowStride + j * columnStride]}; the
 * result is row-major with neighbouring columns, and must not overlap the operands.
 */
final class IntegerProducts {

  /** Multiply-adds of a chunk. */
  private static final long CHUNK_WORK = 1 << 18;

  private final Parallel parallel;

  IntegerProducts(Parallel parallel) {
    this.parallel = parallel;
  }

  /** A matrix in an array. */
  record Matrix<A>(A array, int offset, int rowStride, int columnStride) {}

  /** C = A B for int32. */
  void multiply(
      int m, int n, int k, Matrix<int[]> a, Matrix<int[]> b, int[] c, int cOffset, int cStride) {
    parallel.forRange(
        m,
        rowsInChunk(n, k),
        (from, to) -> {
          for (int i = from; i < to; i++) {
            row(n, k, a, a.offset + i * a.rowStride, b, c, cOffset + i * cStride);
          }
        });
  }

  private static void row(
      int n, int k, Matrix<int[]> a, int aRow, Matrix<int[]> b, int[] c, int cRow) {
    for (int j = 0; j < n; j++) {
      c[cRow + j] = 0;
    }
    for (int p = 0; p < k; p++) {
      int factor = a.array[aRow + p * a.columnStride];
      int at = b.offset + p * b.rowStride;
      for (int j = 0; j < n; j++, at += b.columnStride) {
        c[cRow + j] += factor * b.array[at];
      }
    }
  }

  /** C = A B for int64. */
  void multiply(
      int m, int n, int k, Matrix<long[]> a, Matrix<long[]> b, long[] c, int cOffset, int cStride) {
    parallel.forRange(
        m,
        rowsInChunk(n, k),
        (from, to) -> {
          for (int i = from; i < to; i++) {
            row(n, k, a, a.offset + i * a.rowStride, b, c, cOffset + i * cStride);
          }
        });
  }

  private static void row(
      int n, int k, Matrix<long[]> a, int aRow, Matrix<long[]> b, long[] c, int cRow) {
    for (int j = 0; j < n; j++) {
      c[cRow + j] = 0;
    }
    for (int p = 0; p < k; p++) {
      long factor = a.array[aRow + p * a.columnStride];
      int at = b.offset + p * b.rowStride;
      for (int j = 0; j < n; j++, at += b.columnStride) {
        c[cRow + j] += factor * b.array[at];
      }
    }
  }

  private static int rowsInChunk(int n, int k) {
    return Math.clamp(CHUNK_WORK / Math.max(1, (long) n * k), 1, Integer.MAX_VALUE);
  }
}
