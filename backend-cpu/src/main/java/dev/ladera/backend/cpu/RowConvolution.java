package dev.ladera.backend.cpu;

import org.jspecify.annotations.Nullable;

/**
 * Weights times patches, where each patch matrix's rows are read as shifted rows of the image
 * itself.
 *
 * <p>Half a tile is some channels of the output by some neighbouring positions of one row. In a
 * {@link PaddedImage} these positions' elements for a given tap are neighbours, so the micro-kernel
 * can take them from there: nothing is copied for each tap, only the image once for its padding,
 * and all taps of a channel meet in the first-level cache. What is lost is the part of the last
 * tile that sticks out of the row; with short rows and many channels packing is better, see {@link
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
  private final Packing<A> packing;
  private final Parallel parallel;
  private final Scratch<A> scratch;
  private final Tiling<A> tiling;
  private final int batch;
  private final int m;
  private final PackSource<A> weights;
  private final PatchSource<A> patches;
  private final ProductTarget<A> target;
  private final int rowLength;
  private final int rowsOfPlane;
  private final int planes;
  private final A zeros;
  private final int half;
  private final int halvesOfRow;

  /** The product of {@code m} rows of weights with the patches of {@code batch} images. */
  RowConvolution(
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
    this.batch = batch;
    this.m = m;
    this.weights = weights;
    this.patches = patches.flattened();
    this.target = target;
    this.rowLength = this.patches.width().positions();
    this.rowsOfPlane = this.patches.height().positions();
    this.planes = this.patches.depth().positions();
    this.tiling = gemm.kernels().tiling(m, rowLength, false);
    this.zeros = gemm.kernels().zeros();
    this.half = tiling.half();
    this.halvesOfRow = (rowLength + half - 1) / half;
  }

  /** Whether what tiles waste at the ends of rows costs less than packing. */
  boolean isWorthwhile() {
    double waste = (double) halvesOfRow * half / rowLength - 1;
    return m * waste < PACKING_COST;
  }

  void run() {
    PaddedImage<A> layout = new PaddedImage<>(patches, bandRows());
    int[] taps = layout.tapOffsets();
    int depthBlock = Math.min(taps.length, DEPTH_BLOCK_BYTES / elements.bytes());
    Scratch.Piece<A> packed = packWeights(taps.length, depthBlock);
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
  private Scratch.Piece<A> packWeights(int depth, int depthBlock) {
    int allRows = tiling.paddedRows();
    Scratch.Piece<A> packed = scratch.borrow(Math.multiplyExact(allRows, depth));
    int blocks = (depth + depthBlock - 1) / depthBlock;
    int grain = Math.max(1, PACK_GRAIN / (allRows * depthBlock));
    parallel.forRange(
        blocks,
        grain,
        (first, end) -> {
          for (int block = first; block < end; block++) {
            int at = block * depthBlock;
            int count = Math.min(depthBlock, depth - at);
            int to = packed.at() + at * allRows;
            tiling.pack(packing, weights, m, 0, tiling.panels(), at, count, packed.array(), to);
          }
        });
    return packed;
  }

  /** What one thread does: some bands of rows, of one or more images. */
  private final class Task {
    private final PaddedImage<A> layout;
    private final int[] taps;
    private final int depthBlock;
    private final Scratch.Piece<A> packed;
    private final int panels = tiling.panels();
    private final int tileSize = tiling.main().rows() * tiling.columns();
    private final Scratch.Piece<A> sums = scratch.borrow(TILE_GROUP * panels * tileSize);
    private Scratch.@Nullable Piece<A> buffer;

    // The band that the task is at; its rows are counted from firstY on in each plane.
    private A source;
    private int sourceOffset;
    private int targetOffset;
    private int firstY;
    private int height;

    Task(PaddedImage<A> layout, int[] taps, int depthBlock, Scratch.Piece<A> packed) {
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
      int needed = layout.size() + half;
      if (layout.isPlain() && offset + needed <= elements.length(patches.array())) {
        source = patches.array();
        sourceOffset = offset + layout.position(0, firstY);
        return;
      }
      Scratch.Piece<A> padded = buffer;
      if (padded == null) {
        padded = scratch.borrow(needed);
        elements.clear(padded.array(), padded.at(), 1, needed);
        buffer = padded;
      }
      layout.fill(image, layout.isPlain() ? 0 : firstY, padded.array(), padded.at());
      source = padded.array();
      sourceOffset = padded.at() + (layout.isPlain() ? layout.position(0, firstY) : 0);
    }

    private void band() {
      int halves = planes * height * halvesOfRow;
      for (int first = 0; first < halves; first += 2 * TILE_GROUP) {
        int end = Math.min(halves, first + 2 * TILE_GROUP);
        if (taps.length <= depthBlock) {
          oneBlock(first, end);
        } else {
          severalBlocks(first, end);
        }
      }
    }

    // Halves of tiles are counted through the rows of the band, plane after plane.

    private int x(int at) {
      return at % halvesOfRow * half;
    }

    private int y(int at) {
      return at / halvesOfRow % height;
    }

    private int z(int at) {
      return at / halvesOfRow / height;
    }

    /** Where a half begins in a plane of the target. */
    private int position(int at) {
      return (z(at) * rowsOfPlane + firstY + y(at)) * rowLength + x(at);
    }

    /** Whether what a half writes beyond its row stays inside the band. */
    private boolean staysInside(int at) {
      return position(at) + half <= (z(at) * rowsOfPlane + firstY + height) * rowLength;
    }

    /** Where a half's first position reads its first tap. */
    private int sourceOf(int at) {
      return sourceOffset + layout.position(z(at), y(at)) + x(at);
    }

    /**
     * All depth in one go, straight into the target where that is possible. A tile that sticks out
     * of its row may spill into the next, which is written later by the same thread; not beyond the
     * band.
     */
    private void oneBlock(int first, int end) {
      for (int panel = 0; panel < panels; panel++) {
        MicroKernel<A> kernel = tiling.kernel(panel);
        int row = tiling.firstRow(panel);
        int some = Math.min(kernel.rows(), m - row);
        int a = packed.at() + row * taps.length;
        for (int at = first; at < end; at += 2) {
          // At the end of the band there may be but one half: then it is computed twice.
          int second = Math.min(at + 1, end - 1);
          int b = sourceOf(at);
          int bGap = sourceOf(second) - b;
          if (some == kernel.rows() && staysInside(at) && staysInside(second)) {
            int c = targetOffset + row * target.rowStride() + position(at);
            kernel.run(
                taps.length,
                zeros,
                0,
                0,
                0,
                packed.array(),
                a,
                source,
                b,
                bGap,
                taps,
                0,
                target.array(),
                c,
                target.rowStride(),
                position(second) - position(at));
          } else {
            kernel.run(
                taps.length,
                zeros,
                0,
                0,
                0,
                packed.array(),
                a,
                source,
                b,
                bGap,
                taps,
                0,
                sums.array(),
                sums.at(),
                2 * half,
                half);
            write(panel, some, at, sums.at());
            write(panel, some, second, sums.at() + half);
          }
        }
      }
    }

    private void severalBlocks(int first, int end) {
      for (int block = 0; block < taps.length; block += depthBlock) {
        int count = Math.min(depthBlock, taps.length - block);
        for (int panel = 0; panel < panels; panel++) {
          MicroKernel<A> kernel = tiling.kernel(panel);
          int a = packed.at() + block * tiling.paddedRows() + tiling.firstRow(panel) * count;
          for (int at = first; at < end; at += 2) {
            int b = sourceOf(at);
            int bGap = sourceOf(Math.min(at + 1, end - 1)) - b;
            int sum = sumOf(at - first, panel);
            boolean begins = block == 0;
            kernel.run(
                count,
                begins ? zeros : sums.array(),
                begins ? 0 : sum,
                begins ? 0 : 2 * half,
                begins ? 0 : half,
                packed.array(),
                a,
                source,
                b,
                bGap,
                taps,
                block,
                sums.array(),
                sum,
                2 * half,
                half);
          }
        }
      }
      for (int at = first; at < end; at++) {
        for (int panel = 0; panel < panels; panel++) {
          int some = Math.min(tiling.kernel(panel).rows(), m - tiling.firstRow(panel));
          write(panel, some, at, sumOf(at - first, panel) + (at - first) % 2 * half);
        }
      }
    }

    /** Where the sums of a tile begin, given one of its halves. */
    private int sumOf(int at, int panel) {
      return sums.at() + (at / 2 * panels + panel) * tileSize;
    }

    /** Writes a half's sums that lie inside its row. */
    private void write(int panel, int some, int at, int from) {
      int count = Math.min(half, rowLength - x(at));
      int to = targetOffset + tiling.firstRow(panel) * target.rowStride() + position(at);
      for (int i = 0; i < some; i++) {
        int row = to + i * target.rowStride();
        elements.copy(sums.array(), from + i * 2 * half, 1, target.array(), row, 1, count);
      }
    }
  }
}
