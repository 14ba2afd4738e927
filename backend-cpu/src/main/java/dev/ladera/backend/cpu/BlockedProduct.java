package dev.ladera.backend.cpu;

import org.jspecify.annotations.Nullable;

/**
 * One matrix product, cut into blocks that fit the caches and tiles that fit the registers.
 *
 * <p>A block of depth keeps a panel of B in the first-level cache, a block of rows keeps the packed
 * A in the second. Where B is small and its columns are neighbours it is read where it lies;
 * otherwise it is packed, by each task for itself if there is but one block of rows, else once for
 * all.
 */
final class BlockedProduct<A> {

  private static final int DEPTH_BLOCK_BYTES = 1024;
  private static final int ROW_BLOCK = 240;
  private static final int COLUMN_BLOCK = 3072;

  /** Depth over which the rows of one row block are packed at a time. */
  private static final int MAX_PACKED_DEPTH = 4096;

  /** Multiply-adds that a thread should have to do at least, to be worth its waking. */
  private static final long TASK_WORK = 1 << 20;

  private static final int MAX_TASKS = 64;

  /** Elements that a thread packs at least. */
  private static final int PACK_GRAIN = 1 << 15;

  /** A matrix of B beyond this has rows too far apart to be read in place. */
  private static final int IN_PLACE_BYTES = 1 << 18;

  private final Elements<A> elements;
  private final MicroKernel<A> kernel;
  private final A zeros;
  private final Parallel parallel;
  private final ScratchArrays<A> scratch;
  private final int m;
  private final int n;
  private final int from;
  private final int to;
  private final PackSource<A> left;
  private final PackSource<A> right;
  private final ProductTarget<A> target;
  private final int width;
  private final int depthBlock;
  private final int[] packedRows;
  private final @Nullable StridedSource<A> rightInPlace;
  private final int[] rowsInPlace;

  /**
   * The product over the inner indices {@code from} to {@code to}, of which there is at least one.
   */
  BlockedProduct(
      Gemm<A> gemm,
      int m,
      int n,
      int from,
      int to,
      PackSource<A> left,
      PackSource<A> right,
      ProductTarget<A> target) {
    this.elements = gemm.elements();
    this.kernel = gemm.kernels().choose(m, n);
    this.zeros = gemm.kernels().zeros();
    this.parallel = gemm.parallel();
    this.scratch = gemm.scratch();
    this.m = m;
    this.n = n;
    this.from = from;
    this.to = to;
    this.left = left;
    this.right = right;
    this.target = target;
    this.width = kernel.columns();
    this.depthBlock = Math.min(to - from, DEPTH_BLOCK_BYTES / elements.bytes());
    this.packedRows = rowTable(width);
    this.rightInPlace = inPlace();
    this.rowsInPlace = rightInPlace == null ? packedRows : rowTable(rightInPlace.depthStride());
  }

  private int[] rowTable(int stride) {
    int[] rows = new int[depthBlock];
    for (int p = 0; p < rows.length; p++) {
      rows[p] = p * stride;
    }
    return rows;
  }

  private @Nullable StridedSource<A> inPlace() {
    return right instanceof StridedSource<A> matrix
            && matrix.isPlain()
            && matrix.laneStride() == 1
            && (long) n * (to - from) * elements.bytes() <= IN_PLACE_BYTES
        ? matrix
        : null;
  }

  void run() {
    if (m <= ROW_BLOCK || rightInPlace != null) {
      for (int depth = from; depth < to; depth += MAX_PACKED_DEPTH) {
        grid(0, n, depth, Math.min(to, depth + MAX_PACKED_DEPTH), null);
      }
      return;
    }
    int columnBlock = roundUp(Math.min(n, COLUMN_BLOCK), width);
    for (int first = 0; first < n; first += columnBlock) {
      int end = Math.min(n, first + columnBlock);
      for (int depth = from; depth < to; depth += depthBlock) {
        withSharedRight(first, end, depth, Math.min(depthBlock, to - depth));
      }
    }
  }

  private void withSharedRight(int first, int end, int depth, int count) {
    int panels = ceilDiv(end - first, width);
    A packed = scratch.borrow(panels * width * count);
    parallel.forRange(
        panels,
        Math.max(1, PACK_GRAIN / (width * count)),
        (firstPanel, endPanel) -> {
          int column = first + firstPanel * width;
          int columns = Math.min(end - column, (endPanel - firstPanel) * width);
          right.packPanels(
              elements, column, columns, width, depth, count, packed, firstPanel * width * count);
        });
    grid(first, end, depth, depth + count, packed);
    scratch.giveBack(packed);
  }

  /** Cuts the result into tasks: blocks of rows, and of columns where the former are few. */
  private void grid(int first, int end, int depth, int endDepth, @Nullable A packedRight) {
    int rowBlocks = ceilDiv(m, ROW_BLOCK);
    int rows = roundUp(ceilDiv(m, rowBlocks), kernel.rows());
    int panels = ceilDiv(end - first, width);
    long work = (long) m * (end - first) * (endDepth - depth);
    int tasks = Math.clamp(work / TASK_WORK, 1, MAX_TASKS);
    int columnTasks = Math.clamp(tasks / rowBlocks, 1, Math.max(1, panels / 2));
    // Tasks that have rows in common share the packed rows.
    A packedLeft = columnTasks == 1 ? null : packLeft(depth, endDepth);
    parallel.forEachChunk(
        ceilDiv(m, rows) * columnTasks,
        task -> {
          int row = task / columnTasks * rows;
          long columnTask = task % columnTasks;
          int firstPanel = (int) (panels * columnTask / columnTasks);
          int endPanel = (int) (panels * (columnTask + 1) / columnTasks);
          int column = first + firstPanel * width;
          int columns = Math.min(end - column, (endPanel - firstPanel) * width);
          int shared = firstPanel * width * (endDepth - depth);
          new Task(row, Math.min(rows, m - row), column, columns, packedRight, shared)
              .run(depth, endDepth, packedLeft);
        });
    if (packedLeft != null) {
      scratch.giveBack(packedLeft);
    }
  }

  /** Packs all rows over a range of depth: depth block after depth block, all rows in each. */
  private A packLeft(int depth, int endDepth) {
    int allRows = roundUp(m, kernel.rows());
    A packed = scratch.borrow(allRows * (endDepth - depth));
    int rowGrain = roundUp(Math.max(1, PACK_GRAIN / (endDepth - depth)), kernel.rows());
    parallel.forRange(
        m,
        rowGrain,
        (firstRow, endRow) -> {
          for (int at = depth; at < endDepth; at += depthBlock) {
            int count = Math.min(depthBlock, endDepth - at);
            int offset = (at - depth) * allRows + firstRow * count;
            left.packPanels(
                elements, firstRow, endRow - firstRow, kernel.rows(), at, count, packed, offset);
          }
        });
    return packed;
  }

  /** What one thread does: some rows of some columns of the result. */
  private final class Task {
    private final int row;
    private final int rows;
    private final int column;
    private final int columns;
    private final @Nullable A sharedRight;
    private final int sharedRightOffset;
    private final A edge;

    // The block of depth that the task is at, and the task's rows of A in it.
    private boolean first;
    private int count;
    private A packedLeft;
    private int leftOffset;

    Task(
        int row,
        int rows,
        int column,
        int columns,
        @Nullable A sharedRight,
        int sharedRightOffset) {
      this.row = row;
      this.rows = rows;
      this.column = column;
      this.columns = columns;
      this.sharedRight = sharedRight;
      this.sharedRightOffset = sharedRightOffset;
      this.edge = scratch.borrow(kernel.rows() * width);
      this.packedLeft = edge;
    }

    void run(int depth, int endDepth, @Nullable A sharedLeft) {
      int ownRows = sharedLeft == null ? roundUp(rows, kernel.rows()) : 0;
      A ownLeft = scratch.borrow(ownRows * depthBlock);
      A panel = scratch.borrow(width * depthBlock);
      for (int at = depth; at < endDepth; at += depthBlock) {
        first = at == from;
        count = Math.min(depthBlock, endDepth - at);
        if (sharedLeft == null) {
          left.packPanels(elements, row, rows, kernel.rows(), at, count, ownLeft, 0);
          packedLeft = ownLeft;
          leftOffset = 0;
        } else {
          packedLeft = sharedLeft;
          leftOffset = (at - depth) * roundUp(m, kernel.rows()) + row * count;
        }
        for (int done = 0; done < columns; done += width) {
          panel(at, done, Math.min(width, columns - done), panel);
        }
      }
      scratch.giveBack(panel);
      scratch.giveBack(ownLeft);
      scratch.giveBack(edge);
    }

    /** All rows against one panel of B, wherever that lies. */
    private void panel(int depth, int done, int some, A panel) {
      int at = column + done;
      if (sharedRight != null) {
        tiles(at, some, sharedRight, sharedRightOffset + done * count, packedRows);
      } else if (rightInPlace != null && some == width) {
        int start = rightInPlace.offset() + depth * rightInPlace.depthStride() + at;
        tiles(at, width, rightInPlace.array(), start, rowsInPlace);
      } else {
        right.packPanels(elements, at, some, width, depth, count, panel, 0);
        tiles(at, some, panel, 0, packedRows);
      }
    }

    private void tiles(int atColumn, int some, A b, int bOffset, int[] bRows) {
      boolean whole = some == width && target.run(atColumn, some) == some;
      for (int done = 0; done < rows; done += kernel.rows()) {
        int someRows = Math.min(kernel.rows(), rows - done);
        if (whole && someRows == kernel.rows()) {
          int at = target.index(row + done, atColumn);
          tile(done, b, bOffset, bRows, target.array(), at, target.rowStride());
        } else {
          edgeTile(done, someRows, atColumn, some, b, bOffset, bRows);
        }
      }
    }

    /** A tile that does not fit into the target goes by way of one that does. */
    private void edgeTile(
        int done, int someRows, int atColumn, int some, A b, int bOffset, int[] bRows) {
      if (!first) {
        elements.clear(edge, 0, 1, kernel.rows() * width);
        for (int i = 0; i < someRows; i++) {
          target.read(edge, i * width, row + done + i, atColumn, some);
        }
      }
      tile(done, b, bOffset, bRows, edge, 0, width);
      for (int i = 0; i < someRows; i++) {
        target.write(edge, i * width, row + done + i, atColumn, some);
      }
    }

    private void tile(int done, A b, int bOffset, int[] bRows, A c, int cOffset, int cStride) {
      int a = leftOffset + done * count;
      int half = width / 2;
      if (first) {
        kernel.run(
            count,
            packedLeft,
            a,
            b,
            bOffset,
            half,
            bRows,
            0,
            zeros,
            0,
            0,
            0,
            c,
            cOffset,
            cStride,
            half);
      } else {
        kernel.run(
            count,
            packedLeft,
            a,
            b,
            bOffset,
            half,
            bRows,
            0,
            c,
            cOffset,
            cStride,
            half,
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
