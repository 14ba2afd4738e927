package dev.ladera.backend.cpu;

import dev.ladera.backend.cpu.PatchSource.Window;

/**
 * Weights times patches for many small images with few channels, as in LeNet: a lane is an image,
 * see {@link ImageLanes}. Nothing is lost at the ends of rows, however short they are.
 *
 * <p>Chains of sums run over channels and taps in the same order as those of {@link
 * RowConvolution}, so both give the same bits.
 */
final class LaneConvolution<A> {
  /** The largest panel, of the images or of the outputs, that suits the second-level cache. */
  private static final int MOST_BYTES = 1 << 20;

  private static final int MOST_ROWS = 32;
  private static final int MOST_TAPS = 512;

  private final Elements<A> elements;
  private final Packing<A> packing;
  private final Parallel parallel;
  private final ScratchArrays<A> scratch;
  private final A zeros;
  private final Tiling<A> tiling;
  private final ImageLanes<A> lanes;
  private final int batch;
  private final int m;
  private final PackSource<A> weights;
  private final ProductTarget<A> target;
  private final int[] taps;
  private final int positions;

  /** The product of {@code m} rows of weights with the patches of {@code batch} images. */
  LaneConvolution(
      Gemm<A> gemm,
      int batch,
      int m,
      PackSource<A> weights,
      PatchSource<A> patches,
      ProductTarget<A> target) {
    this.elements = gemm.elements();
    this.packing = gemm.kernels().packing();
    this.parallel = gemm.parallel();
    this.scratch = gemm.scratch();
    this.zeros = gemm.kernels().zeros();
    this.tiling = gemm.kernels().tiling(m, ImageLanes.IMAGES, false);
    this.lanes = new ImageLanes<>(gemm, patches, batch);
    this.batch = batch;
    this.m = m;
    this.weights = weights;
    this.target = target;
    this.taps = lanes.taps();
    this.positions = patches.positions();
  }

  /** Whether a convolution of {@code m} output channels is of this kind, by its sizes alone. */
  static boolean suits(Elements<?> elements, int batch, int m, PatchSource<?> patches) {
    Window height = patches.height();
    Window width = patches.width();
    int images = ImageLanes.IMAGES * elements.bytes();
    long input = (long) patches.channels() * height.extent() * width.extent() * images;
    long output = (long) m * patches.positions() * images;
    return 4 * batch >= 3 * ImageLanes.panels(batch) * ImageLanes.IMAGES
        && m <= MOST_ROWS
        && patches.depthOfProduct() <= MOST_TAPS
        && input <= MOST_BYTES
        && output <= MOST_BYTES
        && patches.depth().isIdentity()
        && patches.depth().source() == 1;
  }

  void run() {
    A packed = scratch.borrow(tiling.paddedRows() * taps.length);
    tiling.pack(packing, weights, m, 0, tiling.panels(), 0, taps.length, packed, 0);
    parallel.forEachChunk(ImageLanes.panels(batch), panel -> panel(panel, packed));
    scratch.giveBack(packed);
  }

  private void panel(int panel, A packed) {
    A images = scratch.borrow(lanes.size());
    lanes.fill(panel, images, 0);
    int rowSize = positions * ImageLanes.IMAGES;
    A sums = scratch.borrow(tiling.paddedRows() * rowSize);
    int half = tiling.half();
    for (int position = 0; position < positions; position++) {
      int at = lanes.position(position);
      for (int rows = 0; rows < tiling.panels(); rows++) {
        int row = tiling.firstRow(rows);
        MicroKernel<A> kernel = tiling.kernel(rows);
        for (int image = 0; image < ImageLanes.IMAGES; image += tiling.columns()) {
          kernel.run(
              taps.length,
              packed,
              row * taps.length,
              images,
              at + image,
              half,
              taps,
              0,
              zeros,
              0,
              0,
              0,
              sums,
              row * rowSize + position * ImageLanes.IMAGES + image,
              rowSize,
              half);
        }
      }
    }
    int to = target.offset() + panel * ImageLanes.IMAGES * target.blockStride();
    packing.unpack(
        sums,
        m * positions,
        ImageLanes.IMAGES,
        lanes.images(panel),
        target.array(),
        to,
        target.blockStride());
    scratch.giveBack(sums);
    scratch.giveBack(images);
  }
}
