package dev.ladera.backend.cpu;

/**
 * The gradient of a convolution's weights for many small images with few channels: a lane is an
 * image, see {@link ImageLanes}. Each weight has a sum for each of the {@value ImageLanes#IMAGES}
 * images of a panel, which runs over the positions of all panels; these sums are joined at the end,
 * half onto half. So the bits do not depend on the width of vectors.
 */
final class LaneWeightGradient<A> {
  /** Elements of the copies of a group of panels. */
  private static final int GROUP_SIZE = 1 << 21;

  private final Elements<A> elements;
  private final Packing<A> packing;
  private final Parallel parallel;
  private final Scratch<A> scratch;
  private final ImageLanes<A> lanes;
  private final StridedSource<A> gradients;
  private final int batch;
  private final int m;
  private final LaneProduct<A> kernel;
  private final int[] taps;
  private final int[] positions;
  private final int tapCount;
  private final int tapBlocks;
  private final int rowBlocks;
  private final int gradientSize;

  /** The gradient for {@code m} output channels; of each image they are one after the other. */
  LaneWeightGradient(
      Gemm<A> gemm, int batch, int m, StridedSource<A> gradients, PatchSource<A> patches) {
    this.elements = gemm.elements();
    this.packing = gemm.kernels().packing();
    this.parallel = gemm.parallel();
    this.scratch = gemm.scratch();
    this.lanes = new ImageLanes<>(gemm, patches, batch);
    this.gradients = gradients;
    this.batch = batch;
    this.m = m;
    this.positions = lanes.positions();
    int[] exact = lanes.taps();
    this.tapCount = exact.length;
    this.kernel = gemm.kernels().laneProduct(m, tapCount);
    this.tapBlocks = (tapCount + kernel.taps() - 1) / kernel.taps();
    this.rowBlocks = (m + kernel.rows() - 1) / kernel.rows();
    // Beyond the last tap the first is taken again, and its sums are not looked at.
    this.taps = java.util.Arrays.copyOf(exact, tapBlocks * kernel.taps());
    this.gradientSize = rowBlocks * kernel.rows() * positions.length * ImageLanes.IMAGES;
  }

  /** Writes the gradient, row-major, from {@code offset} on. */
  void run(A result, int offset) {
    int rowStride = taps.length * ImageLanes.IMAGES;
    int sumSize = rowBlocks * kernel.rows() * rowStride;
    Scratch.Piece<A> sums = scratch.borrow(sumSize);
    elements.clear(sums.array(), sums.at(), 1, sumSize);
    int panels = ImageLanes.panels(batch);
    int group = Math.clamp(GROUP_SIZE / (lanes.size() + gradientSize), 1, panels);
    Scratch.Piece<A> images = scratch.borrow(group * lanes.size());
    Scratch.Piece<A> packed = scratch.borrow(group * gradientSize);
    for (int first = 0; first < panels; first += group) {
      int firstPanel = first;
      int count = Math.min(group, panels - first);
      parallel.forEachChunk(
          2 * count,
          i -> {
            if (i % 2 == 0) {
              lanes.fill(firstPanel + i / 2, images.array(), images.at() + i / 2 * lanes.size());
            } else {
              pack(firstPanel + i / 2, packed.array(), packed.at() + i / 2 * gradientSize);
            }
          });
      parallel.forEachChunk(
          rowBlocks * tapBlocks,
          block -> block(block / tapBlocks, block % tapBlocks, count, images, packed, sums));
    }
    parallel.forRange(m, 1, (from, to) -> join(from, to, sums, rowStride, result, offset));
    scratch.giveBack(packed);
    scratch.giveBack(images);
    scratch.giveBack(sums);
  }

  /** The gradients of a panel of images side by side; rows beyond the last are zeros. */
  private void pack(int panel, A packed, int at) {
    int count = m * positions.length;
    StridedSource<A> images =
        new StridedSource<>(
            elements,
            gradients.array(),
            gradients.offset() + panel * ImageLanes.IMAGES * gradients.blockStride(),
            gradients.blockStride(),
            1);
    int size = ImageLanes.IMAGES;
    packing.panels(images, 0, lanes.images(panel), size, 0, count, packed, at);
    elements.clear(packed, at + count * size, 1, gradientSize - count * size);
  }

  private void block(
      int rows,
      int firstTap,
      int panels,
      Scratch.Piece<A> images,
      Scratch.Piece<A> packed,
      Scratch.Piece<A> sums) {
    int rowSize = positions.length * ImageLanes.IMAGES;
    int row = rows * kernel.rows();
    int tap = firstTap * kernel.taps();
    int sum = sums.at() + (row * taps.length + tap) * ImageLanes.IMAGES;
    for (int panel = 0; panel < panels; panel++) {
      for (int lane = 0; lane < ImageLanes.IMAGES; lane += kernel.lanes()) {
        kernel.run(
            positions.length,
            packed.array(),
            packed.at() + panel * gradientSize + row * rowSize + lane,
            rowSize,
            images.array(),
            images.at() + panel * lanes.size() + lane,
            positions,
            taps,
            tap,
            sums.array(),
            sum + lane,
            taps.length * ImageLanes.IMAGES);
      }
    }
  }

  /** Joins the lanes of each weight of some rows. */
  private void join(
      int fromRow, int toRow, Scratch.Piece<A> sums, int rowStride, A result, int offset) {
    for (int row = fromRow; row < toRow; row++) {
      int at = sums.at() + row * rowStride;
      for (int half = ImageLanes.IMAGES / 2; half > 0; half /= 2) {
        elements.addHalves(sums.array(), at, ImageLanes.IMAGES, half, tapCount);
      }
      elements.copy(
          sums.array(), at, ImageLanes.IMAGES, result, offset + row * tapCount, 1, tapCount);
    }
  }
}
