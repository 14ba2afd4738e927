package dev.ladera.backend.cpu;

/**
 * Where a matrix product is written: row-major with neighbouring columns, but the columns may lie
 * in blocks, as the images of a batch do in a convolution's output.
 *
 * <p>Element (i, j) is {@code array[offset + i * rowStride + j / columnBlock * blockStride + j %
 * columnBlock]}.
 */
record ProductTarget<A>(
    Elements<A> elements, A array, int offset, int rowStride, int columnBlock, int blockStride) {

  /** One block: an ordinary matrix. */
  ProductTarget(Elements<A> elements, A array, int offset, int rowStride) {
    this(elements, array, offset, rowStride, Integer.MAX_VALUE, 0);
  }

  int index(int row, int column) {
    return offset + row * rowStride + column / columnBlock * blockStride + column % columnBlock;
  }

  /** How many columns from this one on lie next to each other, at most {@code count}. */
  int run(int column, int count) {
    return Math.min(count, columnBlock - column % columnBlock);
  }

  /** Writes neighbouring elements of a row. */
  void write(A source, int sourceOffset, int row, int column, int columns) {
    for (int done = 0; done < columns; ) {
      int count = run(column + done, columns - done);
      elements.copy(source, sourceOffset + done, 1, array, index(row, column + done), 1, count);
      done += count;
    }
  }

  /** Reads neighbouring elements of a row. */
  void read(A result, int resultOffset, int row, int column, int columns) {
    for (int done = 0; done < columns; ) {
      int count = run(column + done, columns - done);
      elements.copy(array, index(row, column + done), 1, result, resultOffset + done, 1, count);
      done += count;
    }
  }

  /** Sets the first {@code m} rows and {@code n} columns to zero. */
  void clear(int m, int n) {
    for (int i = 0; i < m; i++) {
      for (int done = 0; done < n; ) {
        int count = run(done, n - done);
        elements.clear(array, index(i, done), 1, count);
        done += count;
      }
    }
  }
}
