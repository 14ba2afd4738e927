package dev.ladera.backend.cpu;

import org.jspecify.annotations.Nullable;

/**
 * Weights times patches, where each patch matrix's rows are read as shifted rows of the image
 * itself.
 *
 * <p>A tile is some channels of the output by some neighbouring positions of one row. In a {@link
 * PaddedImage} these positions' elements for a given tap are neighbours, so the micro-kernel can
 * take them from there: nothing is copied for each tap, only the image once for its padding, and
 * all taps of a channel meet in the first-level cache. What is lost is the part of the last tile
 * that sticks out of the row; with short rows and many channels packing is better, see {@link
 * #isWorthwhile}.
 *
 * <p>Chains of sums run over channels and taps in the same order as those of {@link
 * BlockedProduct}, so both give the same bits.
 */
final class RowConvolution<A> {

  private static final int DEPTH_BLOCK_BYTES = 2048;

  /** Multiply-adds that a thread should have to do at least, to be worth its waking. */
  private static final long TASK_WORK = 1 << 20;

  private static final int MAX_TASKS = 64;

  /** Elements that a thread packs at least. */
  private static final int PACK_GRAIN = 1 << 15;

  /** Tiles that share a panel of weights while it is in the first-level cache. */
  private static final int TILE_GROUP = 8;

  /** What a band of a padded image may take of the second-level cache. */
  private static final int BAND_BYTES = 1 << 18;

  /** The multiply-adds that cost as much as packing one element. */
  private static final double PACKING_COST = 34;

  private final Elements<A> elements;
  private final Parallel parallel;
  private final ScratchArrays<A> scratch;
  private final MicroKernel<A> kernel;
  private final int batch;
  private final int m;
  private final PackSource<A> weights;
  private final PatchSource<A> patches;
  private final ProductTarget<A> target;
  private final int rowLength;
  private final int rowsOfPlane;
  private final int planes;
  private final int width;
  private final int tilesOfRow;

  /** The product of {@code m} rows of weights with the patches of {@code batch} images. */
  RowConvolution(
      Gemm<A> gemm,
      int batch,
      int m,
      PackSource<A> weights,
      PatchSource<A> patches,
      ProductTarget<A> target) {
    this.elements = gemm.elements();
    this.parallel = gemm.parallel();
    this.scratch = gemm.scratch();
    this.batch = batch;
    this.m = m;
    this.weights = weights;
    this.patches = patches.flattened();
    this.target = target;
    this.rowLength = this.patches.width().positions();
    this.rowsOfPlane = this.patches.height().positions();
    this.planes = this.patches.depth().positions();
    this.kernel = gemm.kernels().chooseForRows(m, rowLength);
    this.width = kernel.columns();
    this.tilesOfRow = (rowLength + width - 1) / width;
  }

  /** Whether what tiles waste at the ends of rows costs less than packing. */
  boolean isWorthwhile() {
    double waste = (double) tilesOfRow * width / rowLength - 1;
    return m * waste < PACKING_COST;
  }

  void run() {
    PaddedImage<A> layout = new PaddedImage<>(patches, bandRows());
    int[] taps = layout.tapOffsets();
    int depthBlock = Math.min(taps.length, DEPTH_BLOCK_BYTES / elements.bytes());
    A packed = packWeights(taps.length, depthBlock);
    int bandRows = bandRows();
    int bands = (rowsOfPlane + bandRows - 1) / bandRows;
    int units = batch * bands;
    int tasks = Math.min(units, Math.clamp(work() / TASK_WORK, 1, MAX_TASKS));
    parallel.forEachChunk(
        tasks,
        task -> {
          int first = (int) ((long) units * task / tasks);
          int end = (int) ((long) units * (task + 1) / tasks);
          new Task(layout, taps, depthBlock, packed).run(first, end, bandRows);
        });
    scratch.giveBack(packed);
  }

  private long work() {
    return (long) m * patches.depthOfProduct() * planes * rowsOfPlane * rowLength * batch;
  }

  /** Rows of positions in a band: so many that its copy fits a cache, and that tasks are enough. */
  private int bandRows() {
    long row = new PaddedImage<>(patches, 1).size();
    long fitting = BAND_BYTES / (row * elements.bytes()) * patches.height().taps();
    long bandsWanted = Math.clamp(work() / TASK_WORK / batch, 1, MAX_TASKS);
    return Math.clamp(Math.min(fitting, rowsOfPlane / bandsWanted), 1, rowsOfPlane);
  }

  /** All weights: depth block after depth block, and in each panel after panel. */
  private A packWeights(int depth, int depthBlock) {
    int allRows = (m + kernel.rows() - 1) / kernel.rows() * kernel.rows();
    A packed = scratch.borrow(Math.multiplyExact(allRows, depth));
    int blocks = (depth + depthBlock - 1) / depthBlock;
    int grain = Math.max(1, PACK_GRAIN / (allRows * depthBlock));
    parallel.forRange(
        blocks,
        grain,
        (first, end) -> {
          for (int block = first; block < end; block++) {
            int at = block * depthBlock;
            int count = Math.min(depthBlock, depth - at);
            weights.packPanels(elements, 0, m, kernel.rows(), at, count, packed, at * allRows);
          }
        });
    return packed;
  }

  /** What one thread does: some bands of rows, of one or more images. */
  private final class Task {
    private final PaddedImage<A> layout;
    private final int[] taps;
    private final int depthBlock;
    private final A packed;
    private final int panels = (m + kernel.rows() - 1) / kernel.rows();
    private final int tileSize = kernel.rows() * width;
    private final A sums = scratch.borrow(TILE_GROUP * panels * tileSize);
    private @Nullable A buffer;

    // The band that the task is at; its rows are counted from firstY on in each plane.
    private A source;
    private int sourceOffset;
    private int targetOffset;
    private int firstY;
    private int height;

    Task(PaddedImage<A> layout, int[] taps, int depthBlock, A packed) {
      this.layout = layout;
      this.taps = taps;
      this.depthBlock = depthBlock;
      this.packed = packed;
      this.source = patches.array();
    }

    /** Bands {@code first} to {@code end}, counted through all images. */
    void run(int first, int end, int bandRows) {
      int bands = (rowsOfPlane + bandRows - 1) / bandRows;
      for (int unit = first; unit < end; unit++) {
        int image = unit / bands;
        firstY = unit % bands * bandRows;
        height = Math.min(bandRows, rowsOfPlane - firstY);
        targetOffset = target.offset() + image * target.blockStride();
        locate(image);
        band();
      }
      if (buffer != null) {
        scratch.giveBack(buffer);
      }
      scratch.giveBack(sums);
    }

    /** Takes the image where it lies, if tiles that stick out still end inside the array. */
    private void locate(int image) {
      int offset = patches.offset() + image * patches.imageStride();
      int needed = layout.size() + width;
      if (layout.isPlain() && offset + needed <= elements.length(patches.array())) {
        source = patches.array();
        sourceOffset = offset + layout.position(0, firstY);
        return;
      }
      A padded = buffer;
      if (padded == null) {
        padded = scratch.borrow(needed);
        elements.clear(padded, 0, 1, needed);
        buffer = padded;
      }
      layout.fill(image, layout.isPlain() ? 0 : firstY, padded);
      source = padded;
      sourceOffset = layout.isPlain() ? layout.position(0, firstY) : 0;
    }

    private void band() {
      int tiles = planes * height * tilesOfRow;
      for (int tile = 0; tile < tiles; tile += TILE_GROUP) {
        int end = Math.min(tiles, tile + TILE_GROUP);
        if (taps.length <= depthBlock) {
          oneBlock(tile, end);
        } else {
          severalBlocks(tile, end);
        }
      }
    }

    private int x(int tile) {
      return tile % tilesOfRow * width;
    }

    private int y(int tile) {
      return tile / tilesOfRow % height;
    }

    private int z(int tile) {
      return tile / tilesOfRow / height;
    }

    /** Where a tile begins in a plane of the target. */
    private int position(int tile) {
      return (z(tile) * rowsOfPlane + firstY + y(tile)) * rowLength + x(tile);
    }

    /** Where a tile's first position reads its first tap. */
    private int sourceOf(int tile) {
      return sourceOffset + layout.position(z(tile), y(tile)) + x(tile);
    }

    /**
     * All depth in one go, straight into the target where that is possible. A tile that sticks out
     * of its row may spill into the next, which is written later by the same thread; not beyond the
     * band.
     */
    private void oneBlock(int firstTile, int endTile) {
      for (int panel = 0; panel < panels; panel++) {
        int some = Math.min(kernel.rows(), m - panel * kernel.rows());
        int a = panel * kernel.rows() * taps.length;
        for (int tile = firstTile; tile < endTile; tile++) {
          int b = sourceOf(tile);
          int position = position(tile);
          int bandEnd = (z(tile) * rowsOfPlane + firstY + height) * rowLength;
          if (some == kernel.rows() && position + width <= bandEnd) {
            int c = targetOffset + panel * kernel.rows() * target.rowStride() + position;
            kernel.multiply(
                taps.length, packed, a, source, b, taps, 0, target.array(), c, target.rowStride());
          } else {
            kernel.multiply(taps.length, packed, a, source, b, taps, 0, sums, 0, width);
            write(panel, some, tile, 0);
          }
        }
      }
    }

    private void severalBlocks(int firstTile, int endTile) {
      for (int at = 0; at < taps.length; at += depthBlock) {
        int count = Math.min(depthBlock, taps.length - at);
        for (int panel = 0; panel < panels; panel++) {
          int a = (at * panels + panel * count) * kernel.rows();
          for (int tile = firstTile; tile < endTile; tile++) {
            int b = sourceOf(tile);
            int c = ((tile - firstTile) * panels + panel) * tileSize;
            if (at == 0) {
              kernel.multiply(count, packed, a, source, b, taps, at, sums, c, width);
            } else {
              kernel.multiplyAdd(count, packed, a, source, b, taps, at, sums, c, width);
            }
          }
        }
      }
      for (int tile = firstTile; tile < endTile; tile++) {
        for (int panel = 0; panel < panels; panel++) {
          int some = Math.min(kernel.rows(), m - panel * kernel.rows());
          write(panel, some, tile, ((tile - firstTile) * panels + panel) * tileSize);
        }
      }
    }

    private void write(int panel, int some, int tile, int from) {
      int count = Math.min(width, rowLength - x(tile));
      int to = targetOffset + panel * kernel.rows() * target.rowStride() + position(tile);
      for (int i = 0; i < some; i++) {
        int row = to + i * target.rowStride();
        elements.copy(sums, from + i * width, 1, target.array(), row, 1, count);
      }
    }
  }
}
