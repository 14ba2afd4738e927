package dev.ladera.backend.cpu;

/** {@link LaneProduct} in plain loops: the twin of the generated ones, bit for bit. */
record LaneLoops<A>(Elements<A> elements, int rows, int taps) implements LaneProduct<A> {
  @Override
  public int lanes() {
    return ImageLanes.IMAGES;
  }

  @Override
  public void run(
      int count,
      A g,
      int gAt,
      int gStride,
      A x,
      int xAt,
      int[] places,
      int[] tapPlaces,
      int firstTap,
      A sums,
      int sumsAt,
      int sumsStride) {
    for (int i = 0; i < rows; i++) {
      for (int t = 0; t < taps; t++) {
        elements.addProducts(
            count,
            ImageLanes.IMAGES,
            g,
            gAt + i * gStride,
            x,
            xAt + tapPlaces[firstTap + t],
            places,
            sums,
            sumsAt + i * sumsStride + t * ImageLanes.IMAGES);
      }
    }
  }
}
