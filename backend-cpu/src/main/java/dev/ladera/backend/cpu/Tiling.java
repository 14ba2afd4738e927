package dev.ladera.backend.cpu;

/**
 * The rows of a product, cut into panels: as many as fit of the main kernel's height, and one of
 * the last kernel's, which may be lower, for what is left.
 *
 * @param main the kernel for all panels but the last
 * @param last the kernel for the last panel, of as many rows at least as are left for it
 * @param panels the number of panels
 */
record Tiling<A>(MicroKernel<A> main, MicroKernel<A> last, int panels) {

  /** The kernel of a panel. */
  MicroKernel<A> kernel(int panel) {
    return panel == panels - 1 ? last : main;
  }

  /** The rows of all panels before one. */
  int firstRow(int panel) {
    return panel * main.rows();
  }

  /** The rows of all panels up to one, which is left out. */
  int endRow(int panel) {
    return panel == panels ? paddedRows() : firstRow(panel);
  }

  /** The rows of all panels: those of the product, and what the last panel has beyond. */
  int paddedRows() {
    return (panels - 1) * main.rows() + last.rows();
  }

  /** The columns of a tile. */
  int columns() {
    return main.columns();
  }

  /** The columns of half a tile. */
  int half() {
    return main.half();
  }

  /**
   * Packs the lanes of the panels from {@code firstPanel} to {@code endPanel}, one panel after the
   * other; lanes beyond {@code lanes} become zeros.
   *
   * @param lanes the rows of the whole product
   */
  void pack(
      Packing<A> packing,
      PackSource<A> source,
      int lanes,
      int firstPanel,
      int endPanel,
      int firstDepth,
      int depth,
      A packed,
      int offset) {
    int first = firstRow(firstPanel);
    int whole = Math.min(endPanel, panels - 1) - firstPanel;
    packing.panels(
        source, first, whole * main.rows(), main.rows(), firstDepth, depth, packed, offset);
    if (endPanel == panels) {
      int begin = firstRow(panels - 1);
      packing.panels(
          source,
          begin,
          lanes - begin,
          last.rows(),
          firstDepth,
          depth,
          packed,
          offset + (begin - first) * depth);
    }
  }
}
