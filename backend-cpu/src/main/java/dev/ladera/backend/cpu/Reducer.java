package dev.ladera.backend.cpu;

import dev.ladera.DType;
import dev.ladera.op.Primitive.Reduction;
import java.util.Arrays;
import java.util.List;

/**
 * Joins elements of one type in one way.
 *
 * <p>Two ways lead through an array. <em>Along rows</em>: the elements to be joined are walked in
 * blocks, each joined in {@link Chains}, and so are the blocks' results. <em>Along columns</em>:
 * where the elements that stay apart are neighbours, whole rows are joined elementwise, in pairs of
 * blocks. Both cut by the sizes and strides alone, so the bits do not depend on threads.
 */
final class Reducer {
  /** Elements that are joined in one set of chains: 64 a chain. */
  static final int BLOCK = 64 * Chains.COUNT;

  /** Elements that a chunk of work has. */
  private static final int CHUNK = 1 << 15;

  private static final int LEAF_ROWS = 32;
  private static final int MOST_COLUMNS = 1024;
  private static final int LEAST_COLUMNS = 16;

  /** What is joined, and how. */
  record Key(DType dtype, Reduction reduction) {}

  private final DType dtype;
  private final Reduction reduction;
  private final Parallel parallel;
  private final LaneOp op;
  private final Chains chains;
  private final ElementLoops fold;
  private final ThreadLocal<Rows> kept = ThreadLocal.withInitial(Rows::new);
  private final ElementLoops.Rows addOne;
  private final ElementLoops.Rows addFour;

  Reducer(Key key, Engine engine) {
    this.dtype = key.dtype();
    this.reduction = key.reduction();
    this.parallel = engine.parallel();
    this.op = op(key);
    this.chains = new Chains(dtype, op);
    LaneCode.Builder code = new LaneCode.Builder();
    int element = code.input(0, dtype);
    this.fold = new ElementLoops(code.build(List.of(dtype), List.of(op), element), engine);
    this.addOne = adder(1, engine);
    this.addFour = adder(4, engine);
  }

  private static LaneOp op(Key key) {
    boolean bool = key.dtype() == DType.BOOL;
    return switch (key.reduction()) {
      case SUM -> LaneOp.ADD;
      case PROD -> LaneOp.MUL;
      case MAX -> bool ? LaneOp.OR : LaneOp.MAX;
      case MIN -> bool ? LaneOp.AND : LaneOp.MIN;
    };
  }

  /** Loops that join one or four rows into another, which is input 0. */
  private ElementLoops.Rows adder(int rows, Engine engine) {
    LaneCode.Builder code = new LaneCode.Builder();
    DType[] inputs = new DType[rows + 1];
    Arrays.fill(inputs, dtype);
    int[] row = new int[rows];
    for (int i = 0; i < rows; i++) {
      row[i] = code.input(i + 1, dtype);
    }
    int sum = row[0];
    if (rows == 4) {
      sum = code.apply(op, code.apply(op, row[0], row[1]), code.apply(op, row[2], row[3]));
    }
    int[] strides = new int[rows + 2];
    Arrays.fill(strides, 1);
    return new ElementLoops(
            code.build(List.of(inputs), code.apply(op, code.input(0, dtype), sum)), engine)
        .rows(strides);
  }

  /** Writes what joining nothing gives. */
  void fillEmpty(Object out) {
    boolean one = reduction == Reduction.PROD || reduction == Reduction.MIN;
    switch (out) {
      case float[] values -> Arrays.fill(values, one ? 1 : 0);
      case double[] values -> Arrays.fill(values, one ? 1 : 0);
      case int[] values -> Arrays.fill(values, one ? 1 : 0);
      case long[] values -> Arrays.fill(values, one ? 1 : 0);
      case boolean[] values -> Arrays.fill(values, one);
      default -> throw new IllegalArgumentException("no array of elements: " + out.getClass());
    }
  }

  /** How two elements are joined. */
  LaneOp op() {
    return op;
  }

  /** How elements are joined in chains. */
  Chains chains() {
    return chains;
  }

  /** What the calling thread joins rows with; it keeps that for its next call. */
  Rows rows() {
    return kept.get();
  }

  /** Joins rows of elements, one after the other, on one thread. */
  final class Rows {
    private final Object[] arrays = new Object[2];
    private final int[] at = new int[2];
    private final Object chainsOfRow = chains.newArray();
    private int stride = 1;
    private ElementLoops.Rows loop = fold.rows(1, stride);

    /** Joins elements at even distances, at least one. */
    void run(Object in, int start, int stride, int count, Object out, int outAt) {
      int blocks = (count + BLOCK - 1) / BLOCK;
      if (blocks == 1) {
        block(in, start, stride, count, out, outAt);
        return;
      }
      Object partial = dtype.newArray(blocks);
      for (int b = 0; b < blocks; b++) {
        int from = b * BLOCK;
        block(in, start + from * stride, stride, Math.min(BLOCK, count - from), partial, b);
      }
      run(partial, 0, 1, blocks, out, outAt);
    }

    private void block(Object in, int start, int stride, int count, Object out, int outAt) {
      arrays[0] = chainsOfRow;
      arrays[1] = in;
      at[1] = start;
      if (stride != this.stride) {
        this.stride = stride;
        loop = fold.rows(1, stride);
      }
      loop.run(arrays, at, count);
      arrays[1] = chainsOfRow; // the elements may be garbage from here on
      chains.end(chainsOfRow, count, out, outAt);
    }
  }

  /**
   * Joins some axes of an array of at least one element.
   *
   * @param in the array
   * @param kept the axes that stay, in the order of the result
   * @param gone the axes that are joined, in any order
   * @param out where the results go, without gaps from 0
   */
  void reduce(Object in, int offset, Axes kept, Axes gone, Object out) {
    Axes outer = kept.merged();
    Axes inner = gone.byStride().merged();
    int columns = outer.isEmpty() ? 1 : outer.lastSize();
    boolean alongColumns =
        !outer.isEmpty()
            && !inner.isEmpty()
            && outer.lastStride() == 1
            && columns >= LEAST_COLUMNS
            && inner.lastStride() != 1;
    if (alongColumns) {
      new Columns(in, offset, outer, inner, out).run();
    } else {
      rows(in, offset, outer, inner, out);
    }
  }

  // --- along rows ----------------------------------------------------------------------------

  private void rows(Object in, int offset, Axes kept, Axes gone, Object out) {
    int results = kept.count();
    int stride = gone.isEmpty() ? 1 : gone.lastStride();
    int length = gone.isEmpty() ? 1 : gone.lastSize();
    Odometer starts = kept.walk(offset);
    Axes others = gone.isEmpty() ? gone : gone.withoutLast();
    int runs = others.count();
    if (runs == 1) {
      int parts = (length + BLOCK - 1) / BLOCK;
      if (results < 4 && length > 2 * CHUNK) {
        for (int i = 0; i < results; i++) {
          blocks(in, starts.at(i), stride, length, parts, out, i);
        }
        return;
      }
      parallel.forRange(
          results,
          Math.max(1, CHUNK / length),
          (from, to) -> {
            Odometer start = starts.fresh().seek(from);
            Rows rows = rows();
            for (int i = from; i < to; i++, start.next()) {
              rows.run(in, start.at(), stride, length, out, i);
            }
          });
      return;
    }
    long work = (long) runs * length;
    if (work > 2 * CHUNK) {
      Object partial = dtype.newArray(runs);
      for (int i = 0; i < results; i++) {
        Odometer begin = others.walk(starts.at(i));
        parallel.forRange(
            runs,
            Math.max(1, CHUNK / length),
            (from, to) -> runs(in, begin.fresh(), stride, length, from, to, partial));
        rows().run(partial, 0, 1, runs, out, i);
      }
      return;
    }
    parallel.forRange(
        results,
        (int) Math.max(1, CHUNK / work),
        (from, to) -> {
          Object partial = dtype.newArray(runs);
          for (int i = from; i < to; i++) {
            runs(in, others.walk(starts.at(i)), stride, length, 0, runs, partial);
            rows().run(partial, 0, 1, runs, out, i);
          }
        });
  }

  /** Joins runs, each to one partial result. */
  private void runs(
      Object in, Odometer begin, int stride, int length, int from, int to, Object partial) {
    Rows rows = rows();
    begin.seek(from);
    for (int r = from; r < to; r++, begin.next()) {
      rows.run(in, begin.at(), stride, length, partial, r);
    }
  }

  /** One long run, its blocks shared among the threads; the same blocks as {@link Rows#run}'s. */
  private void blocks(Object in, int at, int stride, int length, int parts, Object out, int outAt) {
    Object partial = dtype.newArray(parts);
    parallel.forRange(
        parts,
        CHUNK / BLOCK,
        (from, to) -> {
          Rows rows = rows();
          for (int b = from; b < to; b++) {
            int first = b * BLOCK;
            rows.run(in, at + first * stride, stride, Math.min(BLOCK, length - first), partial, b);
          }
        });
    rows().run(partial, 0, 1, parts, out, outAt);
  }

  // --- along columns -------------------------------------------------------------------------

  /** Joins whole rows of neighbouring elements. */
  private final class Columns {
    private final Object in;
    private final Object out;
    private final int columns;
    private final Odometer outer;
    private final Odometer rows;
    private final int rowCount;

    Columns(Object in, int offset, Axes kept, Axes gone, Object out) {
      this.in = in;
      this.out = out;
      this.columns = kept.lastSize();
      this.outer = kept.withoutLast().walk(offset);
      this.rows = gone.walk(0);
      this.rowCount = gone.count();
    }

    void run() {
      int strips = (columns + MOST_COLUMNS - 1) / MOST_COLUMNS;
      int tasks = outer.count() * strips;
      int width = Math.min(columns, MOST_COLUMNS);
      long work = (long) rowCount * width;
      if (tasks < 4 && work > 2 * CHUNK) {
        for (int task = 0; task < tasks; task++) {
          tall(task / strips, task % strips * MOST_COLUMNS, width);
        }
        return;
      }
      parallel.forRange(
          tasks,
          (int) Math.max(1, CHUNK / work),
          (from, to) -> {
            for (int task = from; task < to; task++) {
              int group = task / strips;
              int column = task % strips * MOST_COLUMNS;
              Strip strip = new Strip(outer.at(group) + column, width(column));
              strip.join(0, rowCount, out, group * columns + column, 0);
              withoutSignOfZero(out, group * columns + column, width(column));
            }
          });
    }

    private int width(int column) {
      return Math.min(MOST_COLUMNS, columns - column);
    }

    /** Many rows, which the threads share in blocks that are whole branches of the tree. */
    private void tall(int group, int column, int widest) {
      int block = LEAF_ROWS;
      while ((long) block * widest < CHUNK) {
        block *= 2;
      }
      int rowsOfBlock = block;
      int blocks = (rowCount + block - 1) / block;
      int width = width(column);
      Object partial = dtype.newArray(blocks * width);
      parallel.forEachChunk(
          blocks,
          b -> {
            int first = b * rowsOfBlock;
            new Strip(outer.at(group) + column, width)
                .join(first, Math.min(rowCount, first + rowsOfBlock), partial, b * width, 0);
          });
      Strip strip = new Strip(0, width);
      strip.joinPartials(partial, 0, blocks);
      System.arraycopy(partial, 0, out, group * columns + column, width);
      withoutSignOfZero(out, group * columns + column, width);
    }

    /** A sum of negative zeros alone is 0, as if it had begun there. */
    private void withoutSignOfZero(Object sums, int at, int count) {
      if (reduction == Reduction.SUM && sums instanceof float[] floats) {
        for (int i = at; i < at + count; i++) {
          floats[i] += 0f;
        }
      } else if (reduction == Reduction.SUM && sums instanceof double[] doubles) {
        for (int i = at; i < at + count; i++) {
          doubles[i] += 0.0;
        }
      }
    }

    /** Some columns of all rows. */
    private final class Strip {
      private final int start;
      private final int width;
      private final Object[] two = new Object[3];
      private final int[] twoAt = new int[3];
      private final Object[] five = new Object[6];
      private final int[] fiveAt = new int[6];
      private Object[] spare = {};

      Strip(int start, int width) {
        this.start = start;
        this.width = width;
      }

      /** Joins rows from..to into a row of target. */
      void join(int from, int to, Object target, int targetAt, int level) {
        if (to - from <= LEAF_ROWS) {
          leaf(from, to, target, targetAt);
          return;
        }
        int leaves = (to - from - 1) / LEAF_ROWS;
        int middle = from + Integer.highestOneBit(leaves) * LEAF_ROWS;
        if (spare.length <= level) {
          spare = Arrays.copyOf(spare, level + 1);
          spare[level] = dtype.newArray(width);
        }
        join(from, middle, target, targetAt, level + 1);
        Object other = spare[level];
        join(middle, to, other, 0, level + 1);
        addRow(target, targetAt, other, 0);
      }

      private void leaf(int from, int to, Object target, int targetAt) {
        System.arraycopy(in, start + rows.at(from), target, targetAt, width);
        int row = from + 1;
        for (; row + 4 <= to; row += 4) {
          five[0] = target;
          five[1] = target;
          fiveAt[0] = targetAt;
          fiveAt[1] = targetAt;
          for (int i = 0; i < 4; i++) {
            five[i + 2] = in;
            fiveAt[i + 2] = start + rows.at(row + i);
          }
          addFour.run(five, fiveAt, width);
        }
        for (; row < to; row++) {
          addRow(target, targetAt, in, start + rows.at(row));
        }
      }

      private void addRow(Object target, int targetAt, Object row, int rowAt) {
        two[0] = target;
        two[1] = target;
        two[2] = row;
        twoAt[0] = targetAt;
        twoAt[1] = targetAt;
        twoAt[2] = rowAt;
        addOne.run(two, twoAt, width);
      }

      /** Joins the rows from..to of an array of rows into the first of them, as join would. */
      void joinPartials(Object partial, int from, int to) {
        if (to - from == 1) {
          return;
        }
        int middle = from + Integer.highestOneBit(to - from - 1);
        joinPartials(partial, from, middle);
        joinPartials(partial, middle, to);
        addRow(partial, from * width, partial, middle * width);
      }
    }
  }
}
