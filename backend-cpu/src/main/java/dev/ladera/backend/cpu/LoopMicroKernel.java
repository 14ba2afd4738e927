package dev.ladera.backend.cpu;

/**
 * The micro-kernel in plain loops: the twin of the generated ones, bit for bit. It serves where
 * there are no vectors, and until the generated kernels have been compiled.
 */
record LoopMicroKernel<A>(Elements<A> elements, int rows, int half) implements MicroKernel<A> {

  @Override
  public void run(
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
      int cGap) {
    Elements.TileRows<A> tile = elements.newTileRows(rows, columns());
    for (int i = 0; i < rows; i++) {
      A sums = tile.sums()[i];
      elements.copy(start, startOffset + i * startStride, 1, sums, 0, 1, half);
      elements.copy(start, startOffset + i * startStride + startGap, 1, sums, half, 1, half);
    }
    elements.addTile(tile, depth, a, aOffset, b, bOffset, bGap, bRows, bRowsOffset);
    for (int i = 0; i < rows; i++) {
      A sums = tile.sums()[i];
      elements.copy(sums, 0, 1, c, cOffset + i * cStride, 1, half);
      elements.copy(sums, half, 1, c, cOffset + i * cStride + cGap, 1, half);
    }
  }
}
