package dev.ladera.backend.cpu;

import dev.ladera.DType;
import dev.ladera.Gradients;
import dev.ladera.ShapeException;
import dev.ladera.Tensor;
import dev.ladera.op.Composite;
import java.util.function.Function;

/** Runs a composite row by row: all passes over a row while it is in cache, rows on all threads. */
final class RowKernel {
  /** Rows of fewer elements do not repay calls of three loops each; whole tensors do it sooner. */
  static final int LEAST = 8;

  /** Elements that a chunk of work has. */
  private static final int CHUNK = 1 << 14;

  private final Engine engine;
  private final ThreadLocal<Worker> workers;

  /** What a thread keeps between calls. */
  private record Worker(Row row, Runnable work) {}

  /**
   * A kernel over the rows of so many tensors.
   *
   * @param body what is done with each row, given the row of a thread
   * @param places where rows stand in each tensor
   */
  RowKernel(Engine engine, DType type, Function<Row, Runnable> body, Row.Place... places) {
    this.engine = engine;
    this.workers =
        ThreadLocal.withInitial(() -> {
          Row row = new Row(type, places);
          return new Worker(row, body.apply(row));
        });
  }

  /**
   * Works on all rows.
   *
   * @param tensors contiguous ones, in the order in which passes number them
   */
  void run(int rows, int length, Engine.Dense... tensors) {
    int rowsOfChunk = rowsOfChunk(length);
    engine
        .parallel()
        .forRange(
            rows,
            rowsOfChunk,
            (from, to) -> {
              Worker worker = workers.get();
              worker.row.begin(tensors, from, from / rowsOfChunk, length);
              try {
                for (int row = from; row < to; row++) {
                  worker.work.run();
                  worker.row.skip(1);
                }
              } finally {
                worker.row.end();
              }
            });
  }

  /** How many chunks of work there are. */
  static int chunks(int rows, int length) {
    int rowsOfChunk = rowsOfChunk(length);
    return (rows + rowsOfChunk - 1) / rowsOfChunk;
  }

  private static int rowsOfChunk(int length) {
    return Math.max(1, CHUNK / length);
  }

  /** What a kernel does where rows do not suit it. */
  static void decompose(Engine engine, Composite operator, Tensor[] inputs, Tensor[] outputs) {
    Tensor[] results = Gradients.noGrad(() -> operator.decompose(inputs));
    for (int i = 0; i < outputs.length; i++) {
      if (!results[i].shape().equals(outputs[i].shape())) {
        throw new ShapeException(
            operator.name(),
            "inputs give " + results[i].shape() + " where " + outputs[i].shape() + " is due",
            results[i].shape(),
            outputs[i].shape());
      }
      engine.copy(
          outputs[i].dtype(),
          Engine.array(results[i]),
          results[i].layout(),
          Engine.array(outputs[i]),
          outputs[i].layout());
    }
  }
}
