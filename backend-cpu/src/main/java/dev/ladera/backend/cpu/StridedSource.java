package dev.ladera.backend.cpu;

/**
 * A matrix in an array, with any strides, zero and negative included.
 *
 * <p>The depth may be broken into blocks, to read for example the images of a batch as one long
 * inner index: element (i, p) is {@code array[offset + i * laneStride + p / depthBlock *
 * blockStride + p % depthBlock * depthStride]}.
 */
record StridedSource<A>(
    Elements<A> elements,
    A array,
    int offset,
    int laneStride,
    int depthStride,
    int depthBlock,
    int blockStride)
    implements PackSource<A> {

  /** A matrix whose depth is not broken into blocks. */
  StridedSource(Elements<A> elements, A array, int offset, int laneStride, int depthStride) {
    this(elements, array, offset, laneStride, depthStride, Integer.MAX_VALUE, 0);
  }

  boolean isPlain() {
    return depthBlock == Integer.MAX_VALUE;
  }

  @Override
  public void pack(
      int firstLane, int lanes, int firstDepth, int depth, int width, A panel, int panelOffset) {
    int done = 0;
    while (done < depth) {
      int block = (firstDepth + done) / depthBlock;
      int within = (firstDepth + done) % depthBlock;
      int count = Math.min(depth - done, depthBlock - within);
      elements.pack(
          array,
          offset + firstLane * laneStride + block * blockStride + within * depthStride,
          laneStride,
          depthStride,
          lanes,
          count,
          panel,
          panelOffset + done * width,
          width);
      done += count;
    }
  }
}
