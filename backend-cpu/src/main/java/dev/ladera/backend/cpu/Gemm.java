package dev.ladera.backend.cpu;

/**
 * Products of matrices, for one element type.
 *
 * <p>Design. The usual three levels of blocks: a block of the inner index ({@code DEPTH_BLOCK}), so
 * that a panel of B stays in the first-level cache; a block of rows, whose packed A stays in the
 * second; a block of columns, whose packed B stays in the third. Both operands are packed into
 * panels that the {@link MicroKernel} reads front to back, through {@link PackSource}: so
 * transposed, strided and virtual matrices (a convolution's patches) cost nothing more.
 *
 * <p>Each element of the result is one chain of fused multiply-adds over the inner index, in order,
 * so blocks may be of any size. The exception: where the result is small and the inner index is
 * long, the latter is cut into pieces, by the three sizes alone, whose results are added in order.
 *
 * <p>The result must not overlap the operands. Instances may be used by any number of threads.
 *
 * @param <A> {@code float[]} or {@code double[]}
 */
final class Gemm<A> {

  /** Multiply-adds that a thread should have to do at least, to be worth its waking. */
  private static final long TASK_WORK = 1 << 20;

  private static final int MAX_TASKS = 64;

  /** Products up to this many multiply-adds are done in place by plain loops. */
  private static final long DIRECT_WORK = 1 << 12;

  private static final int PANEL_BYTES = 1024;
  private static final int ROW_BLOCK = 240;
  private static final int COLUMN_BLOCK = 3072;

  private static final int MIN_PIECE_DEPTH = 1024;
  private static final int WANTED_PIECES = 16;

  private final Elements<A> elements;
  private final KernelSet<A> kernels;
  private final Parallel parallel;
  private final ScratchArrays<A> scratch;
  private final int depthBlock;

  Gemm(KernelSet<A> kernels, Parallel parallel) {
    this.elements = kernels.elements();
    this.kernels = kernels;
    this.parallel = parallel;
    this.scratch = new ScratchArrays<>(elements);
    this.depthBlock = PANEL_BYTES / elements.bytes();
  }

  Elements<A> elements() {
    return elements;
  }

  Parallel parallel() {
    return parallel;
  }

  ScratchArrays<A> scratch() {
    return scratch;
  }

  /**
   * C = A B for matrices in arrays.
   *
   * @param m rows of A and C
   * @param n columns of B and C
   * @param k columns of A and rows of B; 0 gives zeros
   * @param left A, its lanes being its rows
   * @param right B, its lanes being its columns
   * @param c the array of C, row-major with neighbouring columns
   * @param cOffset the index of C's first element
   * @param cStride the distance of C's rows
   */
  void multiply(
      int m,
      int n,
      int k,
      StridedSource<A> left,
      StridedSource<A> right,
      A c,
      int cOffset,
      int cStride) {
    long work = (long) m * n * k;
    if (work > 0 && left.isPlain() && right.isPlain()) {
      if (n == 1) {
        timesVector(m, k, left, right, c, cOffset, cStride);
        return;
      }
      if (m == 1) {
        timesVector(n, k, right, left, c, cOffset, 1);
        return;
      }
      if (work <= DIRECT_WORK) {
        direct(m, n, k, left, right, c, cOffset, cStride);
        return;
      }
    }
    multiply(m, n, k, left, right, new ProductTarget<>(c, cOffset, cStride));
  }

  /** C = A B for operands that need not lie in memory. */
  void multiply(
      int m, int n, int k, PackSource<A> left, PackSource<A> right, ProductTarget<A> target) {
    if (m == 0 || n == 0) {
      return;
    }
    if (k == 0) {
      clear(m, n, target);
      return;
    }
    int pieces = pieces(m, n, k);
    if (pieces == 1) {
      product(m, n, 0, k, left, right, target);
    } else {
      inPieces(m, n, k, pieces, left, right, target);
    }
  }

  /** Into how many pieces the inner index is cut: decided by the sizes alone. */
  private static int pieces(int m, int n, int k) {
    long tiles = (m + 63L) / 64 * ((n + 127L) / 128);
    if (tiles >= WANTED_PIECES || k < 2 * MIN_PIECE_DEPTH) {
      return 1;
    }
    return (int) Math.min((WANTED_PIECES + tiles - 1) / tiles, k / MIN_PIECE_DEPTH);
  }

  private void inPieces(
      int m,
      int n,
      int k,
      int pieces,
      PackSource<A> left,
      PackSource<A> right,
      ProductTarget<A> target) {
    int size = m * n;
    A partial = scratch.borrow(Math.multiplyExact(pieces, size));
    parallel.forEachChunk(
        pieces,
        piece -> {
          int from = (int) ((long) k * piece / pieces);
          int to = (int) ((long) k * (piece + 1) / pieces);
          product(m, n, from, to, left, right, new ProductTarget<>(partial, piece * size, n));
        });
    for (int piece = 1; piece < pieces; piece++) {
      elements.add(partial, piece * size, partial, 0, size);
    }
    for (int i = 0; i < m; i++) {
      copyRow(partial, i * n, target, i * target.rowStride(), 0, n);
    }
    scratch.giveBack(partial);
  }

  /** The product over a range of the inner index that is not empty. */
  private void product(
      int m,
      int n,
      int from,
      int to,
      PackSource<A> left,
      PackSource<A> right,
      ProductTarget<A> target) {
    MicroKernel<A> kernel = kernels.choose(m, n);
    if (m <= ROW_BLOCK) {
      new FewRows(kernel, m, n, from, to, left, right, target).run();
      return;
    }
    int columnBlock = roundUp(Math.min(n, COLUMN_BLOCK), kernel.columns());
    for (int firstColumn = 0; firstColumn < n; firstColumn += columnBlock) {
      int columns = Math.min(columnBlock, n - firstColumn);
      for (int depth = from; depth < to; depth += depthBlock) {
        new Block(
                kernel,
                m,
                firstColumn,
                columns,
                depth,
                Math.min(depthBlock, to - depth),
                depth == from,
                left,
                right,
                target)
            .run();
      }
    }
  }

  private int tasks(long work) {
    return (int) Math.clamp(work / TASK_WORK, 1L, MAX_TASKS);
  }

  /**
   * Products whose rows fit into one block: tasks take columns, and each packs its panels of B just
   * before it uses them.
   */
  private final class FewRows {
    private final MicroKernel<A> kernel;
    private final int m;
    private final int n;
    private final int from;
    private final int to;
    private final PackSource<A> left;
    private final PackSource<A> right;
    private final ProductTarget<A> target;

    FewRows(
        MicroKernel<A> kernel,
        int m,
        int n,
        int from,
        int to,
        PackSource<A> left,
        PackSource<A> right,
        ProductTarget<A> target) {
      this.kernel = kernel;
      this.m = m;
      this.n = n;
      this.from = from;
      this.to = to;
      this.left = left;
      this.right = right;
      this.target = target;
    }

    void run() {
      int panels = ceilDiv(n, kernel.columns());
      int tasks = Math.min(panels, tasks((long) m * n * (to - from)));
      parallel.forEachChunk(
          tasks,
          task -> {
            int firstPanel = (int) ((long) panels * task / tasks);
            int endPanel = (int) ((long) panels * (task + 1) / tasks);
            columns(
                firstPanel * kernel.columns(),
                (int) Math.min(n, (long) endPanel * kernel.columns()));
          });
    }

    private void columns(int first, int end) {
      A packedLeft = scratch.borrow(roundUp(m, kernel.rows()) * depthBlock);
      A panel = scratch.borrow(kernel.columns() * depthBlock);
      A edge = scratch.borrow(kernel.rows() * kernel.columns());
      for (int depth = from; depth < to; depth += depthBlock) {
        int count = Math.min(depthBlock, to - depth);
        packPanels(left, 0, m, kernel.rows(), depth, count, packedLeft, 0);
        for (int column = first; column < end; column += kernel.columns()) {
          int columns = Math.min(kernel.columns(), end - column);
          packPanels(right, column, columns, kernel.columns(), depth, count, panel, 0);
          rowTiles(
              kernel,
              0,
              m,
              column,
              columns,
              count,
              depth == from,
              packedLeft,
              panel,
              0,
              edge,
              target);
        }
      }
      scratch.giveBack(edge);
      scratch.giveBack(panel);
      scratch.giveBack(packedLeft);
    }
  }

  /**
   * One block of depth of a product with many rows: B is packed once for all, then tasks take
   * blocks of rows, and of columns where there are few rows.
   */
  private final class Block {
    private final MicroKernel<A> kernel;
    private final int m;
    private final int firstColumn;
    private final int columns;
    private final int depth;
    private final int count;
    private final boolean first;
    private final PackSource<A> left;
    private final PackSource<A> right;
    private final ProductTarget<A> target;
    private final int panels;

    Block(
        MicroKernel<A> kernel,
        int m,
        int firstColumn,
        int columns,
        int depth,
        int count,
        boolean first,
        PackSource<A> left,
        PackSource<A> right,
        ProductTarget<A> target) {
      this.kernel = kernel;
      this.m = m;
      this.firstColumn = firstColumn;
      this.columns = columns;
      this.depth = depth;
      this.count = count;
      this.first = first;
      this.left = left;
      this.right = right;
      this.target = target;
      this.panels = ceilDiv(columns, kernel.columns());
    }

    void run() {
      A packedRight = scratch.borrow(panels * kernel.columns() * count);
      int tasks = tasks((long) m * columns * count);
      int packTasks = Math.min(tasks, panels);
      parallel.forEachChunk(packTasks, task -> packRight(task, packTasks, packedRight));
      int rowBlock = Math.max(kernel.rows(), ROW_BLOCK / kernel.rows() * kernel.rows());
      int rowBlocks = ceilDiv(m, rowBlock);
      int columnTasks = Math.min(Math.max(1, tasks / rowBlocks), ceilDiv(panels, 4));
      parallel.forEachChunk(
          rowBlocks * columnTasks,
          task -> {
            int row = task / columnTasks * rowBlock;
            rows(row, Math.min(rowBlock, m - row), task % columnTasks, columnTasks, packedRight);
          });
      scratch.giveBack(packedRight);
    }

    private void packRight(int task, int tasks, A packed) {
      int firstPanel = (int) ((long) panels * task / tasks);
      int endPanel = (int) ((long) panels * (task + 1) / tasks);
      int width = kernel.columns();
      int end = Math.min(columns, endPanel * width);
      packPanels(
          right,
          firstColumn + firstPanel * width,
          end - firstPanel * width,
          width,
          depth,
          count,
          packed,
          firstPanel * width * count);
    }

    private void rows(int row, int rows, int columnTask, int columnTasks, A packedRight) {
      A packedLeft = scratch.borrow(roundUp(rows, kernel.rows()) * count);
      A edge = scratch.borrow(kernel.rows() * kernel.columns());
      packPanels(left, row, rows, kernel.rows(), depth, count, packedLeft, 0);
      int firstPanel = (int) ((long) panels * columnTask / columnTasks);
      int endPanel = (int) ((long) panels * (columnTask + 1) / columnTasks);
      for (int panel = firstPanel; panel < endPanel; panel++) {
        int column = panel * kernel.columns();
        rowTiles(
            kernel,
            row,
            rows,
            firstColumn + column,
            Math.min(kernel.columns(), columns - column),
            count,
            first,
            packedLeft,
            packedRight,
            column * count,
            edge,
            target);
      }
      scratch.giveBack(edge);
      scratch.giveBack(packedLeft);
    }
  }

  /** Packs lanes into panels of {@code width}; lanes that are missing in the last become zeros. */
  private void packPanels(
      PackSource<A> source,
      int firstLane,
      int lanes,
      int width,
      int depth,
      int count,
      A packed,
      int offset) {
    for (int done = 0; done < lanes; done += width) {
      int some = Math.min(width, lanes - done);
      int at = offset + done * count;
      if (some < width) {
        elements.clear(packed, at, 1, width * count);
      }
      source.pack(firstLane + done, some, depth, count, width, packed, at);
    }
  }

  /** All tiles of some rows against one panel of B. */
  private void rowTiles(
      MicroKernel<A> kernel,
      int firstRow,
      int rows,
      int column,
      int columns,
      int count,
      boolean first,
      A packedLeft,
      A packedRight,
      int rightOffset,
      A edge,
      ProductTarget<A> target) {
    boolean whole = columns == kernel.columns() && target.run(column, columns) == columns;
    int base = target.index(column) + firstRow * target.rowStride();
    for (int row = 0; row < rows; row += kernel.rows()) {
      int leftOffset = row * count;
      int some = Math.min(kernel.rows(), rows - row);
      if (whole && some == kernel.rows()) {
        int at = base + row * target.rowStride();
        run(
            kernel,
            first,
            count,
            packedLeft,
            leftOffset,
            packedRight,
            rightOffset,
            target.array(),
            at,
            target.rowStride());
      } else {
        edgeTile(
            kernel,
            firstRow + row,
            some,
            column,
            columns,
            count,
            first,
            packedLeft,
            leftOffset,
            packedRight,
            rightOffset,
            edge,
            target);
      }
    }
  }

  private static <A> void run(
      MicroKernel<A> kernel,
      boolean first,
      int count,
      A a,
      int aOffset,
      A b,
      int bOffset,
      A c,
      int cOffset,
      int cStride) {
    if (first) {
      kernel.multiply(count, a, aOffset, b, bOffset, c, cOffset, cStride);
    } else {
      kernel.multiplyAdd(count, a, aOffset, b, bOffset, c, cOffset, cStride);
    }
  }

  /** A tile that does not fit into the target goes by way of one that does. */
  private void edgeTile(
      MicroKernel<A> kernel,
      int row,
      int rows,
      int column,
      int columns,
      int count,
      boolean first,
      A packedLeft,
      int leftOffset,
      A packedRight,
      int rightOffset,
      A edge,
      ProductTarget<A> target) {
    int stride = kernel.columns();
    if (!first) {
      elements.clear(edge, 0, 1, kernel.rows() * stride);
      for (int i = 0; i < rows; i++) {
        readRow(edge, i * stride, target, (row + i) * target.rowStride(), column, columns);
      }
    }
    run(kernel, first, count, packedLeft, leftOffset, packedRight, rightOffset, edge, 0, stride);
    for (int i = 0; i < rows; i++) {
      copyRow(edge, i * stride, target, (row + i) * target.rowStride(), column, columns);
    }
  }

  private void copyRow(
      A source, int sourceOffset, ProductTarget<A> target, int rowOffset, int column, int columns) {
    for (int done = 0; done < columns; ) {
      int count = target.run(column + done, columns - done);
      elements.copy(
          source,
          sourceOffset + done,
          1,
          target.array(),
          target.index(column + done) + rowOffset,
          1,
          count);
      done += count;
    }
  }

  private void readRow(
      A edge, int edgeOffset, ProductTarget<A> target, int rowOffset, int column, int columns) {
    for (int done = 0; done < columns; ) {
      int count = target.run(column + done, columns - done);
      elements.copy(
          target.array(),
          target.index(column + done) + rowOffset,
          1,
          edge,
          edgeOffset + done,
          1,
          count);
      done += count;
    }
  }

  private void clear(int m, int n, ProductTarget<A> target) {
    for (int i = 0; i < m; i++) {
      for (int done = 0; done < n; ) {
        int count = target.run(done, n - done);
        elements.clear(target.array(), target.index(done) + i * target.rowStride(), 1, count);
        done += count;
      }
    }
  }

  /** Without packing: for products too small to repay it. */
  private void direct(
      int m,
      int n,
      int k,
      StridedSource<A> left,
      StridedSource<A> right,
      A c,
      int cOffset,
      int cStride) {
    for (int i = 0; i < m; i++) {
      int row = left.offset() + i * left.laneStride();
      int at = cOffset + i * cStride;
      if (right.laneStride() == 1) {
        elements.clear(c, at, 1, n);
        elements.rowTimesMatrix(
            k,
            left.array(),
            row,
            left.depthStride(),
            right.array(),
            right.offset(),
            right.depthStride(),
            c,
            at,
            n);
      } else {
        elements.rowsTimesVector(
            n,
            k,
            right.array(),
            right.offset(),
            right.laneStride(),
            right.depthStride(),
            left.array(),
            row,
            left.depthStride(),
            c,
            at,
            1);
      }
    }
  }

  /** A matrix of {@code rows} lanes times a vector, in pieces of the inner index as elsewhere. */
  private void timesVector(
      int rows,
      int k,
      StridedSource<A> matrix,
      StridedSource<A> vector,
      A c,
      int cOffset,
      int cStride) {
    int pieces = pieces(rows, 1, k);
    if (pieces == 1 && (cStride == 1 || matrix.laneStride() != 1)) {
      timesVectorRange(rows, 0, k, matrix, vector, c, cOffset, cStride);
      return;
    }
    A partial = scratch.borrow(pieces * rows);
    parallel.forEachChunk(
        pieces,
        piece -> {
          int from = (int) ((long) k * piece / pieces);
          int to = (int) ((long) k * (piece + 1) / pieces);
          timesVectorRange(rows, from, to, matrix, vector, partial, piece * rows, 1);
        });
    for (int piece = 1; piece < pieces; piece++) {
      elements.add(partial, piece * rows, partial, 0, rows);
    }
    elements.copy(partial, 0, 1, c, cOffset, cStride, rows);
    scratch.giveBack(partial);
  }

  private void timesVectorRange(
      int rows,
      int from,
      int to,
      StridedSource<A> matrix,
      StridedSource<A> vector,
      A c,
      int cOffset,
      int cStride) {
    int depth = to - from;
    int grain = Math.clamp(TASK_WORK / 4 / depth, 32, Integer.MAX_VALUE) & -32;
    parallel.forRange(
        rows,
        grain,
        (first, end) ->
            timesVectorRows(first, end, from, depth, matrix, vector, c, cOffset, cStride));
  }

  private void timesVectorRows(
      int first,
      int end,
      int from,
      int depth,
      StridedSource<A> matrix,
      StridedSource<A> vector,
      A c,
      int cOffset,
      int cStride) {
    int matrixAt = matrix.offset() + first * matrix.laneStride() + from * matrix.depthStride();
    int vectorAt = vector.offset() + from * vector.depthStride();
    int at = cOffset + first * cStride;
    if (matrix.laneStride() == 1) {
      elements.clear(c, at, 1, end - first);
      elements.rowTimesMatrix(
          depth,
          vector.array(),
          vectorAt,
          vector.depthStride(),
          matrix.array(),
          matrixAt,
          matrix.depthStride(),
          c,
          at,
          end - first);
    } else {
      elements.rowsTimesVector(
          end - first,
          depth,
          matrix.array(),
          matrixAt,
          matrix.laneStride(),
          matrix.depthStride(),
          vector.array(),
          vectorAt,
          vector.depthStride(),
          c,
          at,
          cStride);
    }
  }

  private static int ceilDiv(int value, int divisor) {
    return (value + divisor - 1) / divisor;
  }

  private static int roundUp(int value, int multiple) {
    return ceilDiv(value, multiple) * multiple;
  }
}
