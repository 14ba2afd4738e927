package dev.ladera.backend.cpu;

import dev.ladera.DType;
import dev.ladera.Tensor;
import dev.ladera.op.Composite;
import dev.ladera.op.Operator;
import dev.ladera.op.Primitive.Reduction;
import dev.ladera.spi.Kernel;
import java.util.Arrays;
import java.util.function.Function;

/** Softmax, its logarithm and their gradients along the last axis. */
final class SoftmaxKernels {
  // Tensors: the output, then the inputs.
  private static final int OUT = 0;
  private static final int X = 1;
  private static final int GRADIENT = 1;
  private static final int Y = 2;

  // Numbers of a row.
  private static final int LARGEST = 0;
  private static final int TOTAL = 1;

  private SoftmaxKernels() {}

  static Kernel softmax(Engine engine, DType type, int axis) {
    RowPass largest = RowPass.of(engine, type, c -> c.fold(Reduction.MAX, LARGEST, c.element(X)));
    RowPass exponentials =
        RowPass.of(
            engine,
            type,
            c -> {
              Lane value = c.exp(c.element(X).sub(c.number(LARGEST)));
              c.store(OUT, value);
              c.fold(Reduction.SUM, TOTAL, value);
            });
    RowPass quotients =
        RowPass.of(engine, type, c -> c.store(OUT, c.element(OUT).div(c.number(TOTAL))));
    return alongLastAxis(engine, type, axis, 2, RowPass.inOrder(largest, exponentials, quotients));
  }

  static Kernel softmaxGradient(Engine engine, DType type, int axis) {
    RowPass total =
        RowPass.of(
            engine, type, c -> c.fold(Reduction.SUM, TOTAL, c.element(GRADIENT).mul(c.element(Y))));
    RowPass result =
        RowPass.of(
            engine,
            type,
            c -> c.store(OUT, c.element(Y).mul(c.element(GRADIENT).sub(c.number(TOTAL)))));
    return alongLastAxis(engine, type, axis, 3, RowPass.inOrder(total, result));
  }

  static Kernel logSoftmax(Engine engine, DType type, int axis) {
    RowPass largest = RowPass.of(engine, type, c -> c.fold(Reduction.MAX, LARGEST, c.element(X)));
    RowPass total =
        RowPass.of(
            engine,
            type,
            c -> c.fold(Reduction.SUM, TOTAL, c.exp(c.element(X).sub(c.number(LARGEST)))));
    RowPass differences =
        RowPass.of(
            engine,
            type,
            c -> c.store(OUT, c.element(X).sub(c.number(LARGEST)).sub(c.number(TOTAL))));
    return alongLastAxis(
        engine,
        type,
        axis,
        2,
        row -> {
          Runnable sums = RowPass.inOrder(largest, total).apply(row);
          Runnable result = RowPass.inOrder(differences).apply(row);
          return () -> {
            sums.run();
            row.number(TOTAL, StrictMath.log(row.number(TOTAL)));
            result.run();
          };
        });
  }

  static Kernel logSoftmaxGradient(Engine engine, DType type, int axis) {
    RowPass total =
        RowPass.of(engine, type, c -> c.fold(Reduction.SUM, TOTAL, c.element(GRADIENT)));
    RowPass result =
        RowPass.of(
            engine,
            type,
            c -> c.store(OUT, c.element(GRADIENT).sub(c.exp(c.element(Y)).mul(c.number(TOTAL)))));
    return alongLastAxis(engine, type, axis, 3, RowPass.inOrder(total, result));
  }

  private static Kernel alongLastAxis(
      Engine engine, DType type, int axis, int arrays, Function<Row, Runnable> body) {
    Row.Place[] places = new Row.Place[arrays];
    Arrays.fill(places, Row.Place.EACH);
    RowKernel kernel = new RowKernel(engine, type, body, places);
    return (Operator call, Tensor[] inputs, Tensor[] outputs) -> {
      Tensor out = outputs[0];
      boolean suits = axis == out.rank() - 1 && out.size(axis) >= RowKernel.LEAST;
      Engine.Dense[] tensors = new Engine.Dense[arrays];
      tensors[OUT] = engine.dense(out);
      for (int i = 0; suits && i < inputs.length; i++) {
        suits = inputs[i].shape().equals(out.shape());
        tensors[i + 1] = engine.dense(inputs[i]);
      }
      if (!suits) {
        RowKernel.decompose(engine, (Composite) call, inputs, outputs);
        return;
      }
      int length = out.size(axis);
      kernel.run((int) (out.elements() / length), length, tensors);
    };
  }
}
