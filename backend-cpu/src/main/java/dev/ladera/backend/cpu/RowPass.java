package dev.ladera.backend.cpu;

import dev.ladera.DType;
import dev.ladera.op.Primitive.Reduction;
import dev.ladera.op.UnaryOp;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.Consumer;

/**
 * A loop over the elements of a row, of which kernels that go over each row several times, while it
 * is in cache, are made. What it computes of each element it stores in a tensor, or joins to a
 * number of the row, or both. A number of the row is one for all of its elements.
 */
final class RowPass {
  /** What an operand of the loop is: a tensor's elements, or a number of the row. */
  private record Operand(boolean isNumber, int index) {}

  /** What is joined: the number that it becomes, and how. */
  private record Fold(int number, Reducer reducer) {}

  private final DType type;
  private final ElementLoops loops;
  private final List<Operand> stored;
  private final List<Fold> folds;
  private final List<Operand> inputs;

  private RowPass(Code code) {
    this.type = code.type;
    this.stored = List.copyOf(code.stored);
    this.folds = List.copyOf(code.folds);
    this.inputs = List.copyOf(code.inputs);
    List<Integer> results = new ArrayList<>(code.results);
    results.addAll(code.joined);
    this.loops =
        new ElementLoops(
            code.lanes.build(
                Collections.nCopies(inputs.size(), type),
                folds.stream().map(fold -> fold.reducer.op()).toList(),
                results.toArray(Integer[]::new)),
            code.engine);
  }

  /** A pass over elements of a type, written in lanes. */
  static RowPass of(Engine engine, DType type, Consumer<Code> body) {
    Code code = new Code(engine, type);
    body.accept(code);
    return new RowPass(code);
  }

  /** What is done with one element. */
  static final class Code {
    private final Engine engine;
    private final DType type;
    private final LaneCode.Builder lanes = new LaneCode.Builder();
    private final List<Operand> inputs = new ArrayList<>();
    private final List<Operand> stored = new ArrayList<>();
    private final List<Integer> results = new ArrayList<>();
    private final List<Fold> folds = new ArrayList<>();
    private final List<Integer> joined = new ArrayList<>();

    private Code(Engine engine, DType type) {
      this.engine = engine;
      this.type = type;
    }

    private Lane input(Operand operand) {
      int known = inputs.indexOf(operand);
      if (known < 0) {
        known = inputs.size();
        inputs.add(operand);
      }
      return new Lane(lanes, lanes.input(known, type));
    }

    /** The element in a tensor. */
    Lane element(int tensor) {
      return input(new Operand(false, tensor));
    }

    /** A number of the row. */
    Lane number(int index) {
      return input(new Operand(true, index));
    }

    Lane exp(Lane x) {
      return new Lane(
          lanes, new LaneFunctions(lanes, engine.functions()).unary(UnaryOp.EXP, x.place()));
    }

    /** Writes a value to a tensor. */
    void store(int tensor, Lane value) {
      stored.add(new Operand(false, tensor));
      results.add(value.place());
    }

    /** Joins the values of all elements to a number of the row. */
    void fold(Reduction reduction, int number, Lane value) {
      folds.add(new Fold(number, engine.reducer(type, reduction)));
      joined.add(value.place());
    }
  }

  /** This pass over the rows of one thread. */
  final class Run {
    private final Row row;
    private final Object[] arrays;
    private final int[] at;
    private final int[] strides;
    private final Joining[] joinings;
    private final Joining[] none = new Joining[0];

    Run(Row row) {
      this.row = row;
      int results = stored.size() + folds.size();
      this.arrays = new Object[results + inputs.size()];
      this.at = new int[arrays.length];
      this.strides = new int[arrays.length];
      this.joinings = new Joining[folds.size()];
      for (int k = 0; k < stored.size(); k++) {
        bind(k, stored.get(k));
      }
      for (int i = 0; i < joinings.length; i++) {
        joinings[i] = new Joining(folds.get(i));
        arrays[stored.size() + i] = joinings[i].chains.chains;
        strides[stored.size() + i] = 1;
      }
      for (int i = 0; i < inputs.size(); i++) {
        bind(results + i, inputs.get(i));
      }
    }

    private void bind(int k, Operand operand) {
      arrays[k] = operand.isNumber ? row.numbers : row.arrays[operand.index];
      at[k] = operand.index;
      strides[k] = operand.isNumber ? 0 : 1;
    }

    /** Goes over the present row, joining in blocks of as many rounds of the chains. */
    void run() {
      int length = row.length();
      int piece = folds.isEmpty() ? length : Math.min(length, Reducer.BLOCK);
      int rounds = (piece + Chains.COUNT - 1) & -Chains.COUNT;
      int runsOfBlock = Math.max(1, Reducer.BLOCK / rounds);
      int blocks = (length + piece - 1) / piece * ((row.runs() + runsOfBlock - 1) / runsOfBlock);
      int block = 0;
      for (int run = 0; run < row.runs(); run++) {
        boolean begins = run % runsOfBlock == 0;
        boolean ends = run % runsOfBlock == runsOfBlock - 1 || run == row.runs() - 1;
        for (int from = 0; from < length; from += piece) {
          for (Joining joining : begins ? joinings : none) {
            joining.chains.clear(piece);
          }
          place(run * row.distance() + from);
          loops.row(arrays, at, strides, Math.min(piece, length - from));
          for (Joining joining : ends ? joinings : none) {
            joining.end(piece, block, blocks);
          }
          block += ends ? 1 : 0;
        }
      }
    }

    private void place(int from) {
      for (int k = 0; k < stored.size(); k++) {
        at[k] = row.at[stored.get(k).index] + from;
      }
      for (int i = 0, k = stored.size() + folds.size(); i < inputs.size(); i++, k++) {
        Operand operand = inputs.get(i);
        if (!operand.isNumber) {
          at[k] = row.at[operand.index] + from;
        }
      }
    }

    /** Joins what one thread computes. */
    private final class Joining {
      private final Fold fold;
      final Chains.Row chains;
      private final Reducer.Rows rows;
      private Object blocksOfRow = type.newArray(0);
      private int capacity;

      Joining(Fold fold) {
        this.fold = fold;
        this.chains = fold.reducer.chains().new Row();
        this.rows = fold.reducer.new Rows();
      }

      /** Ends a block, and after the last the row. */
      void end(int elements, int block, int blocks) {
        if (blocks == 1) {
          chains.join(elements, row.numbers, fold.number);
          return;
        }
        if (capacity < blocks) {
          capacity = blocks;
          blocksOfRow = type.newArray(blocks);
        }
        chains.join(elements, blocksOfRow, block);
        if (block == blocks - 1) {
          rows.run(blocksOfRow, 0, 1, blocks, row.numbers, fold.number);
        }
      }
    }
  }
}
