package dev.ladera.backend.cpu;

/**
 * The micro-kernel in plain loops: the twin of the generated ones, bit for bit. It serves where
 * there are no vectors, and until the generated kernels have been compiled.
 */
record LoopMicroKernel<A>(Elements<A> elements, int rows, int columns) implements MicroKernel<A> {

  @Override
  public void multiply(
      int depth,
      A a,
      int aOffset,
      A b,
      int bOffset,
      int[] bRows,
      int bRowsOffset,
      A c,
      int cOffset,
      int cStride) {
    Elements.TileRows<A> tile = elements.newTileRows(rows, columns);
    elements.addTile(tile, depth, a, aOffset, b, bOffset, bRows, bRowsOffset);
    write(tile, c, cOffset, cStride);
  }

  @Override
  public void multiplyAdd(
      int depth,
      A a,
      int aOffset,
      A b,
      int bOffset,
      int[] bRows,
      int bRowsOffset,
      A c,
      int cOffset,
      int cStride) {
    Elements.TileRows<A> tile = elements.newTileRows(rows, columns);
    for (int i = 0; i < rows; i++) {
      elements.copy(c, cOffset + i * cStride, 1, tile.sums()[i], 0, 1, columns);
    }
    elements.addTile(tile, depth, a, aOffset, b, bOffset, bRows, bRowsOffset);
    write(tile, c, cOffset, cStride);
  }

  private void write(Elements.TileRows<A> tile, A c, int cOffset, int cStride) {
    for (int i = 0; i < rows; i++) {
      elements.copy(tile.sums()[i], 0, 1, c, cOffset + i * cStride, 1, columns);
    }
  }
}
