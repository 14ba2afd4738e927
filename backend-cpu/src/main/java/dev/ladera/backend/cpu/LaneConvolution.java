package dev.ladera.backend.cpu;

import dev.ladera.backend.cpu.PatchSource.Window;
import java.util.Arrays;

/**
 * Weights times patches for many small images with few channels, as in LeNet: a lane is an image,
 * see {@link ImageLanes}. Nothing is lost at the ends of rows, however short they are.
 *
 * <p>Taps that read nothing but padding are left out: near the edges of a small image, half of all.
 * Chains of sums run over rows of taps, in those over channels, and in those over columns, so that
 * what is left out is the begin and the end of a chain, and columns of a list for each kind of
 * column.
 */
final class LaneConvolution<A> {
  /** The largest panel, of the images or of the outputs, that suits the second-level cache. */
  private static final int MOST_BYTES = 1 << 20;

  private static final int MOST_ROWS = 32;
  private static final int MOST_TAPS = 512;

  private final Elements<A> elements;
  private final Packing<A> packing;
  private final Parallel parallel;
  private final Scratch<A> scratch;
  private final A zeros;
  private final Tiling<A> tiling;
  private final ImageLanes<A> lanes;
  private final int batch;
  private final int m;
  private final PackSource<A> weights;
  private final ProductTarget<A> target;
  private final PatchSource<A> patches;
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
    this.patches = patches;
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

  /** The columns of taps that some positions read, and where their weights begin. */
  private record Columns(int first, int end, int[] taps, int weightsAt) {}

  void run() {
    int depth = patches.depthOfProduct();
    Scratch.Piece<A> plain = scratch.borrow(tiling.paddedRows() * depth);
    tiling.pack(packing, weights, m, 0, tiling.panels(), 0, depth, plain.array(), plain.at());
    Columns[] columns = columns();
    Scratch.Piece<A> packed = scratch.borrow(columns.length * tiling.paddedRows() * depth);
    Arrays.stream(columns).distinct().forEach(kind -> pack(plain, depth, kind, packed));
    parallel.forEachChunk(ImageLanes.panels(batch), panel -> panel(panel, columns, packed));
    scratch.giveBack(packed);
    scratch.giveBack(plain);
  }

  /** The columns that each position of a row reads: neighbours that read the same share them. */
  private Columns[] columns() {
    Window across = patches.width();
    Columns[] columns = new Columns[across.positions()];
    for (int x = 0; x < columns.length; x++) {
      int first = across.firstTap(x);
      int end = Math.max(first, across.endTap(x));
      boolean same = x > 0 && columns[x - 1].first == first && columns[x - 1].end == end;
      int at = x * tiling.paddedRows() * patches.depthOfProduct();
      columns[x] = same ? columns[x - 1] : new Columns(first, end, lanes.taps(first, end), at);
    }
    return columns;
  }

  /** From all taps, channel after channel, to the columns of a kind, row after row. */
  private void pack(Scratch.Piece<A> plain, int depth, Columns kind, Scratch.Piece<A> packed) {
    Window down = patches.height();
    Window across = patches.width();
    for (int panel = 0; panel < tiling.panels(); panel++) {
      int rows = tiling.kernel(panel).rows();
      int from = plain.at() + tiling.firstRow(panel) * depth;
      int to = packed.at() + kind.weightsAt + tiling.firstRow(panel) * kind.taps.length;
      for (int y = 0; y < down.taps(); y++) {
        for (int channel = 0; channel < patches.channels(); channel++) {
          int tap = (channel * down.taps() + y) * across.taps() + kind.first;
          int count = (kind.end - kind.first) * rows;
          elements.copy(plain.array(), from + tap * rows, 1, packed.array(), to, 1, count);
          to += count;
        }
      }
    }
  }

  private void panel(int panel, Columns[] columns, Scratch.Piece<A> packed) {
    Scratch.Piece<A> images = scratch.borrow(lanes.size());
    lanes.fill(panel, images.array(), images.at());
    int rowSize = positions * ImageLanes.IMAGES;
    Scratch.Piece<A> sums = scratch.borrow(tiling.paddedRows() * rowSize);
    for (int position = 0; position < positions; position++) {
      position(position, columns[position % columns.length], images, packed, sums);
    }
    int to = target.offset() + panel * ImageLanes.IMAGES * target.blockStride();
    packing.unpack(
        sums.array(),
        sums.at(),
        m * positions,
        ImageLanes.IMAGES,
        lanes.images(panel),
        target.array(),
        to,
        target.blockStride());
    scratch.giveBack(sums);
    scratch.giveBack(images);
  }

  /** All rows of weights at one position of all images of a panel. */
  private void position(
      int position,
      Columns columns,
      Scratch.Piece<A> images,
      Scratch.Piece<A> packed,
      Scratch.Piece<A> sums) {
    Window down = patches.height();
    int y = position / patches.width().positions();
    int tapsOfRow = patches.channels() * (columns.end - columns.first);
    int first = down.firstTap(y);
    int count = Math.max(0, down.endTap(y) - first) * tapsOfRow;
    int rowSize = positions * ImageLanes.IMAGES;
    int half = tiling.half();
    for (int rows = 0; rows < tiling.panels(); rows++) {
      int row = tiling.firstRow(rows);
      MicroKernel<A> kernel = tiling.kernel(rows);
      int a =
          packed.at()
              + columns.weightsAt
              + row * columns.taps.length
              + first * tapsOfRow * kernel.rows();
      for (int image = 0; image < ImageLanes.IMAGES; image += tiling.columns()) {
        kernel.run(
            count,
            zeros,
            0,
            0,
            0,
            packed.array(),
            a,
            images.array(),
            images.at() + lanes.position(position) + image,
            half,
            columns.taps,
            first * tapsOfRow,
            sums.array(),
            sums.at() + row * rowSize + position * ImageLanes.IMAGES + image,
            rowSize,
            half);
      }
    }
  }
}
