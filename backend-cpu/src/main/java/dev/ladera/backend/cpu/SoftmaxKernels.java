package dev.ladera.backend.cpu;

import dev.ladera.DType;
import dev.ladera.Tensor;
import dev.ladera.op.Composite;
import dev.ladera.op.Operator;
import dev.ladera.op.Primitive.Reduction;
import dev.ladera.spi.Kernel;
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

  /** Shorter rows do not repay a call of three loops each; whole tensors do it sooner. */
  private static final int LEAST = 32;

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
    return alongLastAxis(
        engine,
        axis,
        row -> {
          RowPass.Run first = largest.new Run(row);
          RowPass.Run second = exponentials.new Run(row);
          RowPass.Run third = quotients.new Run(row);
          return () -> {
            first.run();
            second.run();
            third.run();
          };
        });
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
    return inTwo(engine, axis, total, result);
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
        axis,
        row -> {
          RowPass.Run first = largest.new Run(row);
          RowPass.Run second = total.new Run(row);
          RowPass.Run third = differences.new Run(row);
          return () -> {
            first.run();
            second.run();
            row.number(TOTAL, StrictMath.log(row.number(TOTAL)));
            third.run();
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
    return inTwo(engine, axis, total, result);
  }

  private static Kernel inTwo(Engine engine, int axis, RowPass first, RowPass second) {
    return alongLastAxis(
        engine,
        axis,
        row -> {
          RowPass.Run one = first.new Run(row);
          RowPass.Run two = second.new Run(row);
          return () -> {
            one.run();
            two.run();
          };
        });
  }

  private static Kernel alongLastAxis(Engine engine, int axis, Function<Row, Runnable> body) {
    return (Operator call, Tensor[] inputs, Tensor[] outputs) -> {
      Tensor out = outputs[0];
      boolean suits = axis == out.rank() - 1 && out.size(axis) >= LEAST;
      Tensor[] tensors = new Tensor[inputs.length + 1];
      tensors[0] = out;
      for (int i = 0; i < inputs.length; i++) {
        suits &= inputs[i].shape().equals(out.shape());
        tensors[i + 1] = inputs[i];
      }
      if (!suits) {
        RowKernel.decompose(engine, (Composite) call, inputs, outputs);
        return;
      }
      int length = out.size(axis);
      int count = (int) (out.elements() / length);
      RowKernel.run(engine, new Row.Rows(count, length, 1, 0), tensors, body);
    };
  }
}
