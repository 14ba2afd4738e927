package dev.ladera.backend.cpu;

import org.jspecify.annotations.Nullable;

/**
 * One matrix product, cut into blocks that fit the caches and tiles that fit the registers.
 *
 * <p>A block of depth keeps a panel of B in the first-level cache, a block of rows keeps the packed
 * A in the second. Where B is small, its columns are neighbours and few rows of A are to meet it,
 * it is read where it lies; otherwise it is packed, by each task for itself if there is but one
 * block of rows, else once for all.
 */
final class BlockedProduct<A> {

  private static final int DEPTH_BLOCK_BYTES = 2048;
  private static final int ROW_BLOCK = 60;

  /** Packed columns of B up to this stay in the second-level cache while rows are worked off. */
  private static final int FEW_COLUMNS_BYTES = 1 << 18;

  private static final int COLUMN_BLOCK = 3072;

  /** Depth that is packed at a time: several blocks, over which a tile of C stays in a cache. */
  private static final int PACKED_DEPTH = 1024;

  /** Multiply-adds that a thread should have to do at least, to be worth its waking. */
  private static final long TASK_WORK = 1 << 20;

  private static final int MAX_TASKS = 64;

  /** Elements that a thread packs at least. */
  private static final int PACK_GRAIN = 1 << 15;

  private static final int MOST_IN_RUNS = 1 << 22;

  /** A matrix of B beyond this has rows too far apart to be read in place. */
  private static final int IN_PLACE_BYTES = 1 << 18;

  private final Elements<A> elements;
  private final Packing<A> packing;
  private final Tiling<A> tiling;
  private final Parallel parallel;
  private final Scratch<A> scratch;
  private final int m;
  private final int n;
  private final int from;
  private final int to;
  private final PackSource<A> left;
  private final PackSource<A> right;
  private final ProductTarget<A> target;
  private final @Nullable Summand<A> summand;
  private final int width;
  private final int depthBlock;
  private final int[] packedRows;
  private final @Nullable StridedSource<A> rightInPlace;
  private final int[] rowsInPlace;

  /** What the sums of a tile's columns begin at: the summand, or zeros. */
  private A start;

  private int startAt;

  /**
   * The product over the inner indices {@code from} to {@code to}, of which there is at least one.
   *
   * @param summand what is added to each row; null for nothing
   */
  BlockedProduct(
      Gemm<A> gemm,
      int m,
      int n,
      int from,
      int to,
      PackSource<A> left,
      PackSource<A> right,
      ProductTarget<A> target,
      @Nullable Summand<A> summand) {
    this.elements = gemm.elements();
    this.packing = gemm.kernels().packing();
    this.parallel = gemm.parallel();
    this.scratch = gemm.scratch();
    this.m = m;
    this.n = n;
    this.from = from;
    this.to = to;
    this.left = left;
    this.right = right;
    this.target = target;
    this.depthBlock = Math.min(to - from, DEPTH_BLOCK_BYTES / elements.bytes());
    this.rightInPlace = inPlace(gemm.kernels());
    this.tiling = gemm.kernels().tiling(m, n, rightInPlace == null);
    this.width = tiling.columns();
    this.summand = summand;
    this.start = gemm.kernels().zeros();
    this.packedRows = gemm.rowsOfPanel(width, DEPTH_BLOCK_BYTES / elements.bytes());
    this.rowsInPlace =
        rightInPlace == null ? packedRows : Gemm.rowTable(rightInPlace.depthStride(), depthBlock);
  }

  private @Nullable StridedSource<A> inPlace(KernelSet<A> kernels) {
    return kernels.readsInPlace(m)
            && right instanceof StridedSource<A> matrix
            && matrix.isPlain()
            && matrix.laneStride() == 1
            && (long) n * (to - from) * elements.bytes() <= IN_PLACE_BYTES
        ? matrix
        : null;
  }

  void run() {
    if (summand == null) {
      blocks();
      return;
    }
    // Tiles read whole rows of it, also those beyond the last column.
    Scratch.Piece<A> row = scratch.borrow(roundUp(n, width));
    start = row.array();
    startAt = row.at();
    elements.copy(summand.array(), summand.offset(), 1, start, startAt, 1, n);
    blocks();
    scratch.giveBack(row);
  }

  private void blocks() {
    boolean shared = tiling.panels() * tiling.main().rows() > ROW_BLOCK && rightInPlace == null;
    int columnBlock = shared ? roundUp(Math.min(n, COLUMN_BLOCK), width) : n;
    for (int first = 0; first < n; first += columnBlock) {
      int end = Math.min(n, first + columnBlock);
      for (int depth = from; depth < to; depth += PACKED_DEPTH) {
        int endDepth = Math.min(to, depth + PACKED_DEPTH);
        if (shared) {
          withSharedRight(first, end, depth, endDepth);
        } else {
          grid(first, end, depth, endDepth, null);
        }
      }
    }
  }

  /** Packs B for all tasks: depth block after depth block, all panels in each. */
  private void withSharedRight(int first, int end, int depth, int endDepth) {
    int panels = ceilDiv(end - first, width);
    Scratch.Piece<A> packed = scratch.borrow(panels * width * (endDepth - depth));
    parallel.forRange(
        panels,
        Math.max(1, PACK_GRAIN / (width * (endDepth - depth))),
        (firstPanel, endPanel) -> {
          int column = first + firstPanel * width;
          int columns = Math.min(end - column, (endPanel - firstPanel) * width);
          for (int at = depth; at < endDepth; at += depthBlock) {
            int count = Math.min(depthBlock, endDepth - at);
            int offset = packed.at() + width * ((at - depth) * panels + firstPanel * count);
            packing.panels(right, column, columns, width, at, count, packed.array(), offset);
          }
        });
    grid(first, end, depth, endDepth, packed);
    scratch.giveBack(packed);
  }

  /** Cuts the result into tasks: blocks of rows, and of columns where the former are few. */
  private void grid(
      int first, int end, int depth, int endDepth, Scratch.@Nullable Piece<A> packedRight) {
    int rowBlocks = ceilDiv(m, ROW_BLOCK);
    int panelsOfBlock = ceilDiv(tiling.panels(), rowBlocks);
    int panels = ceilDiv(end - first, width);
    long work = (long) m * (end - first) * (endDepth - depth);
    int tasks = Math.clamp(work / TASK_WORK, 1, MAX_TASKS);
    int columnTasks = Math.clamp(tasks / rowBlocks, 1, Math.max(1, panels / 2));
    // Tasks that have rows in common share the packed rows. Lanes that are neighbours are packed
    // for all tasks too, in long runs.
    boolean inRuns = isInRuns(endDepth - depth);
    Scratch.@Nullable Piece<A> packedLeft =
        columnTasks > 1 || inRuns
            ? packLeft(depth, endDepth, inRuns ? packing.panelsOfRun(tiling.main().rows()) : 1)
            : null;
    parallel.forEachChunk(
        ceilDiv(tiling.panels(), panelsOfBlock) * columnTasks,
        task -> {
          int panel = task / columnTasks * panelsOfBlock;
          int endOfPanels = Math.min(tiling.panels(), panel + panelsOfBlock);
          long columnTask = task % columnTasks;
          int firstPanel = (int) (panels * columnTask / columnTasks);
          int endPanel = (int) (panels * (columnTask + 1) / columnTasks);
          int column = first + firstPanel * width;
          int columns = Math.min(end - column, (endPanel - firstPanel) * width);
          new Task(panel, endOfPanels, column, columns, packedRight, panels, firstPanel)
              .run(depth, endDepth, packedLeft);
        });
    if (packedLeft != null) {
      scratch.giveBack(packedLeft);
    }
  }

  /** Whether rows of A are neighbours in memory, and all of them fit a scratch array. */
  private boolean isInRuns(int depth) {
    return left instanceof StridedSource<A> matrix
        && matrix.isPlain()
        && matrix.laneStride() == 1
        && m > ROW_BLOCK
        && (long) m * depth <= MOST_IN_RUNS;
  }

  /**
   * Packs all rows over a range of depth: depth block after depth block, all rows in each.
   *
   * @param least the panels that a thread takes at least
   */
  private Scratch.Piece<A> packLeft(int depth, int endDepth, int least) {
    int allRows = tiling.paddedRows();
    Scratch.Piece<A> packed = scratch.borrow(allRows * (endDepth - depth));
    int grain = Math.max(least, PACK_GRAIN / (endDepth - depth) / tiling.main().rows());
    parallel.forRange(
        tiling.panels(),
        grain,
        (firstPanel, endPanel) -> {
          for (int at = depth; at < endDepth; at += depthBlock) {
            int count = Math.min(depthBlock, endDepth - at);
            int offset = packed.at() + (at - depth) * allRows + tiling.firstRow(firstPanel) * count;
            tiling.pack(packing, left, m, firstPanel, endPanel, at, count, packed.array(), offset);
          }
        });
    return packed;
  }

  /** What one thread does: some panels of rows of some columns of the result. */
  private final class Task {
    private final int firstPanel;
    private final int endPanel;
    private final int column;
    private final int columns;
    private final Scratch.@Nullable Piece<A> sharedRight;
    private final int sharedPanels;
    private final int firstSharedPanel;
    private final Scratch.Piece<A> edge;

    // The block of depth that the task is at, and the task's rows of A in it.
    private boolean first;
    private int count;
    private Scratch.Piece<A> packedLeft;
    private int leftOffset;

    Task(
        int firstPanel,
        int endPanel,
        int column,
        int columns,
        Scratch.@Nullable Piece<A> sharedRight,
        int sharedPanels,
        int firstSharedPanel) {
      this.firstPanel = firstPanel;
      this.endPanel = endPanel;
      this.column = column;
      this.columns = columns;
      this.sharedRight = sharedRight;
      this.sharedPanels = sharedPanels;
      this.firstSharedPanel = firstSharedPanel;
      this.edge = scratch.borrow(tiling.main().rows() * width);
      this.packedLeft = edge;
    }

    void run(int depth, int endDepth, Scratch.@Nullable Piece<A> sharedLeft) {
      Scratch.Piece<A> ownLeft = edge;
      if (sharedLeft == null) {
        int ownRows = tiling.endRow(endPanel) - tiling.firstRow(firstPanel);
        ownLeft = scratch.borrow(ownRows * (endDepth - depth));
        for (int at = depth; at < endDepth; at += depthBlock) {
          int size = Math.min(depthBlock, endDepth - at);
          int offset = ownLeft.at() + ownRows * (at - depth);
          tiling.pack(packing, left, m, firstPanel, endPanel, at, size, ownLeft.array(), offset);
        }
      }
      packedLeft = sharedLeft == null ? ownLeft : sharedLeft;
      int leftRows =
          sharedLeft == null
              ? tiling.endRow(endPanel) - tiling.firstRow(firstPanel)
              : tiling.paddedRows();
      int skippedRows = sharedLeft == null ? 0 : tiling.firstRow(firstPanel);
      if (sharedRight != null && isSmall(endDepth - depth)) {
        first = depth == from;
        count = endDepth - depth;
        leftOffset = packedLeft.at() + skippedRows * count;
        rowAfterRow(sharedRight);
      } else {
        columnAfterColumn(depth, endDepth, leftRows, skippedRows);
      }
      if (sharedLeft == null) {
        scratch.giveBack(ownLeft);
      }
      scratch.giveBack(edge);
    }

    /** Whether all of the task's columns fit a cache, over one block of depth. */
    private boolean isSmall(int depth) {
      return depth <= depthBlock && (long) depth * columns * elements.bytes() <= FEW_COLUMNS_BYTES;
    }

    /** Rows of the result are written from end to end, which memory is fast at. */
    private void rowAfterRow(Scratch.Piece<A> b) {
      for (int row = firstPanel; row < endPanel; row++) {
        for (int done = 0; done < columns; done += width) {
          int some = Math.min(width, columns - done);
          int offset = b.at() + (firstSharedPanel * width + done) * count;
          tiles(row, row + 1, column + done, some, b.array(), offset, packedRows);
        }
      }
    }

    private void columnAfterColumn(int depth, int endDepth, int leftRows, int skippedRows) {
      Scratch.Piece<A> panel = scratch.borrow(width * depthBlock);
      for (int done = 0; done < columns; done += width) {
        for (int at = depth; at < endDepth; at += depthBlock) {
          first = at == from;
          count = Math.min(depthBlock, endDepth - at);
          leftOffset = packedLeft.at() + (at - depth) * leftRows + skippedRows * count;
          panel(at, at - depth, done, Math.min(width, columns - done), panel);
        }
      }
      scratch.giveBack(panel);
    }

    /** All rows against one panel of B, wherever that lies. */
    private void panel(int depth, int packedDepth, int done, int some, Scratch.Piece<A> panel) {
      int at = column + done;
      if (sharedRight != null) {
        int inBlock = (firstSharedPanel * width + done) * count;
        int offset = sharedRight.at() + width * packedDepth * sharedPanels + inBlock;
        tiles(firstPanel, endPanel, at, some, sharedRight.array(), offset, packedRows);
      } else if (rightInPlace != null && some == width) {
        int start = rightInPlace.offset() + depth * rightInPlace.depthStride() + at;
        tiles(firstPanel, endPanel, at, width, rightInPlace.array(), start, rowsInPlace);
      } else {
        packing.panels(right, at, some, width, depth, count, panel.array(), panel.at());
        tiles(firstPanel, endPanel, at, some, panel.array(), panel.at(), packedRows);
      }
    }

    /** Panels of rows against one panel of B. */
    private void tiles(
        int fromPanel, int toPanel, int atColumn, int some, A b, int bOffset, int[] bRows) {
      boolean whole = some == width && target.run(atColumn, some) == some;
      for (int panel = fromPanel; panel < toPanel; panel++) {
        MicroKernel<A> kernel = tiling.kernel(panel);
        int row = tiling.firstRow(panel);
        int someRows = Math.min(kernel.rows(), m - row);
        int a = leftOffset + (row - tiling.firstRow(firstPanel)) * count;
        if (whole && someRows == kernel.rows()) {
          int at = target.index(row, atColumn);
          tile(kernel, a, b, bOffset, bRows, atColumn, target.array(), at, target.rowStride());
        } else {
          edgeTile(kernel, a, row, someRows, atColumn, some, b, bOffset, bRows);
        }
      }
    }

    /** A tile that does not fit into the target goes by way of one that does. */
    private void edgeTile(
        MicroKernel<A> kernel,
        int a,
        int row,
        int someRows,
        int atColumn,
        int some,
        A b,
        int bOffset,
        int[] bRows) {
      if (!first) {
        elements.clear(edge.array(), edge.at(), 1, kernel.rows() * width);
        for (int i = 0; i < someRows; i++) {
          target.read(edge.array(), edge.at() + i * width, row + i, atColumn, some);
        }
      }
      tile(kernel, a, b, bOffset, bRows, atColumn, edge.array(), edge.at(), width);
      for (int i = 0; i < someRows; i++) {
        target.write(edge.array(), edge.at() + i * width, row + i, atColumn, some);
      }
    }

    private void tile(
        MicroKernel<A> kernel,
        int a,
        A b,
        int bOffset,
        int[] bRows,
        int atColumn,
        A c,
        int cOffset,
        int cStride) {
      int half = width / 2;
      if (first) {
        kernel.run(
            count,
            start,
            summand == null ? 0 : startAt + atColumn,
            0,
            summand == null ? 0 : half,
            packedLeft.array(),
            a,
            b,
            bOffset,
            half,
            bRows,
            0,
            c,
            cOffset,
            cStride,
            half);
      } else {
        kernel.run(
            count,
            c,
            cOffset,
            cStride,
            half,
            packedLeft.array(),
            a,
            b,
            bOffset,
            half,
            bRows,
            0,
            c,
            cOffset,
            cStride,
            half);
      }
    }
  }

  private static int ceilDiv(int value, int divisor) {
    return (value + divisor - 1) / divisor;
  }

  private static int roundUp(int value, int multiple) {
    return ceilDiv(value, multiple) * multiple;
  }
}
