package dev.ladera.backend.cpu;

/**
 * Where a matrix product is written: row-major with neighbouring columns, but the columns may lie
 * in blocks, as the images of a batch do in a convolution's output.
 *
 * <p>Element (i, j) is {@code array[offset + i * rowStride + j / columnBlock * blockStride + j %
 * columnBlock]}.
 */
record ProductTarget<A>(A array, int offset, int rowStride, int columnBlock, int blockStride) {

  /** One block: an ordinary matrix. */
  ProductTarget(A array, int offset, int rowStride) {
    this(array, offset, rowStride, Integer.MAX_VALUE, 0);
  }

  /** The index of row 0 of a column. */
  int index(int column) {
    return offset + column / columnBlock * blockStride + column % columnBlock;
  }

  /** How many columns from this one on lie next to each other, at most {@code count}. */
  int run(int column, int count) {
    return Math.min(count, columnBlock - column % columnBlock);
  }
}
