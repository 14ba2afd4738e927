package dev.ladera.backend.cpu;

import dev.ladera.DType;
import dev.ladera.Gradients;
import dev.ladera.Tensor;
import dev.ladera.op.Composite;
import java.util.function.Function;

/** Runs a composite row by row: all passes over a row while it is in cache, rows on all threads. */
final class RowKernel {
  /** Elements that a chunk of work has. */
  private static final int CHUNK = 1 << 14;

  private RowKernel() {}

  /**
   * Works on all rows.
   *
   * @param tensors outputs and inputs of one shape, in the order in which passes number them
   * @param body what is done with each row, given the row of a thread
   */
  static void run(Engine engine, Row.Rows rows, Tensor[] tensors, Function<Row, Runnable> body) {
    DType type = tensors[0].dtype();
    Object[] arrays = new Object[tensors.length];
    int[] offsets = new int[tensors.length];
    for (int k = 0; k < tensors.length; k++) {
      Engine.Dense dense = engine.dense(tensors[k]);
      arrays[k] = dense.array();
      offsets[k] = dense.offset();
    }
    engine
        .parallel()
        .forRange(
            rows.count(),
            Math.max(1, CHUNK / rows.elements()),
            (from, to) -> {
              Row row = new Row(rows, type, arrays, offsets);
              Runnable work = body.apply(row);
              for (int r = from; r < to; r++) {
                row.begin(r);
                work.run();
              }
            });
  }

  /** What a kernel does where rows do not suit it. */
  static void decompose(Engine engine, Composite operator, Tensor[] inputs, Tensor[] outputs) {
    Tensor[] results = Gradients.noGrad(() -> operator.decompose(inputs));
    for (int i = 0; i < outputs.length; i++) {
      engine.copy(
          outputs[i].dtype(),
          Engine.array(results[i]),
          results[i].layout(),
          Engine.array(outputs[i]),
          outputs[i].layout());
    }
  }
}
