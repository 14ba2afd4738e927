package dev.ladera.backend.cpu;

import dev.ladera.DType;
import dev.ladera.op.Primitive.Reduction;
import dev.ladera.op.UnaryOp;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * A loop over the elements of a row, of which kernels that go over each row several times, while it
 * is in cache, are made. What it computes of each element it stores in a tensor, or joins to a
 * number of the row, or both. A number of the row is one for all of its elements.
 */
final class RowPass {
  /** What is no tensor of the row. */
  private static final int NONE = -1;

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

  /** Passes one after the other, as the work on a row. */
  static Function<Row, Runnable> inOrder(RowPass... passes) {
    return row -> {
      Run[] runs = new Run[passes.length];
      Arrays.setAll(runs, i -> passes[i].new Run(row));
      return () -> {
        for (Run run : runs) {
          run.run();
        }
      };
    };
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
    private final ElementLoops.Rows rows;
    private final Joining[] joinings;
    private final int[] tensors;

    Run(Row row) {
      this.row = row;
      int results = stored.size() + folds.size();
      this.arrays = new Object[results + inputs.size()];
      this.at = new int[arrays.length];
      this.joinings = new Joining[folds.size()];
      this.tensors = new int[arrays.length];
      int[] strides = new int[arrays.length];
      Arrays.fill(strides, 1);
      Arrays.fill(tensors, NONE);
      for (int i = 0; i < stored.size(); i++) {
        tensors[i] = stored.get(i).index;
      }
      for (int i = 0; i < joinings.length; i++) {
        joinings[i] = new Joining(folds.get(i));
        arrays[stored.size() + i] = joinings[i].chains;
      }
      for (int i = 0; i < inputs.size(); i++) {
        Operand input = inputs.get(i);
        if (input.isNumber) {
          arrays[results + i] = row.numbers;
          at[results + i] = input.index;
          strides[results + i] = 0;
        } else {
          tensors[results + i] = input.index;
        }
      }
      this.rows = loops.rows(strides);
      row.add(this);
    }

    /** Takes the tensors of the row, or what stands for them when there are none. */
    void attach() {
      for (int k = 0; k < tensors.length; k++) {
        if (tensors[k] != NONE) {
          arrays[k] = row.arrays[tensors[k]];
        }
      }
    }

    /** Goes over the present row in blocks, as {@link Reducer} does. */
    void run() {
      int blocks = (row.length() + Reducer.BLOCK - 1) / Reducer.BLOCK;
      for (int block = 0; block < blocks; block++) {
        int from = block * Reducer.BLOCK;
        int count = Math.min(Reducer.BLOCK, row.length() - from);
        for (int k = 0; k < tensors.length; k++) {
          if (tensors[k] != NONE) {
            at[k] = row.at[tensors[k]] + from;
          }
        }
        rows.run(arrays, at, count);
        for (Joining joining : joinings) {
          joining.end(count, block, blocks);
        }
      }
    }

    /** Joins what one thread computes. */
    private final class Joining {
      private final Fold fold;
      final Object chains;
      private Object blocksOfRow = type.newArray(0);
      private int capacity;

      Joining(Fold fold) {
        this.fold = fold;
        this.chains = fold.reducer.chains().newArray();
      }

      /** Ends a block, and after the last the row. */
      void end(int elements, int block, int blocks) {
        if (blocks == 1) {
          fold.reducer.chains().end(chains, elements, row.numbers, fold.number);
          return;
        }
        if (capacity < blocks) {
          capacity = blocks;
          blocksOfRow = type.newArray(blocks);
        }
        fold.reducer.chains().end(chains, elements, blocksOfRow, block);
        if (block == blocks - 1) {
          fold.reducer.rows().run(blocksOfRow, 0, 1, blocks, row.numbers, fold.number);
        }
      }
    }
  }
}
