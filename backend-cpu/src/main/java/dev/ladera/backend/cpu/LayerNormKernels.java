package dev.ladera.backend.cpu;

import static dev.ladera.backend.cpu.Row.Place.EACH;
import static dev.ladera.backend.cpu.Row.Place.OF_CHUNK;
import static dev.ladera.backend.cpu.Row.Place.SHARED;

import dev.ladera.DType;
import dev.ladera.Shape;
import dev.ladera.Tensor;
import dev.ladera.op.Composite;
import dev.ladera.op.LayerNorm;
import dev.ladera.op.Operator;
import dev.ladera.op.Primitive.Reduction;
import dev.ladera.spi.Kernel;
import java.util.Arrays;

/** Layer normalisation and its gradients, whose rows are the last axes. */
final class LayerNormKernels {
  // Numbers of a row.
  private static final int MEAN = 0;
  private static final int SCALE = 1;
  private static final int GRADIENT = 2;
  private static final int ALONG = 3;

  private LayerNormKernels() {}

  /** Computes mean and scale of a row. */
  private static final class Statistics {
    private final RowPass total;
    private final RowPass spread;
    private final double eps;

    Statistics(Engine engine, DType type, int x, double eps) {
      this.eps = eps;
      this.total = NormalPasses.total(engine, type, x, MEAN);
      this.spread = NormalPasses.spread(engine, type, x, MEAN, SCALE);
    }

    Runnable of(Row row) {
      RowPass.Run totals = total.new Run(row);
      RowPass.Run spreads = spread.new Run(row);
      return () -> {
        totals.run();
        row.number(MEAN, row.number(MEAN) / row.length());
        spreads.run();
        row.number(SCALE, 1 / Math.sqrt(row.number(SCALE) / row.length() + eps));
      };
    }
  }

  /** The kernel for so many inputs: the tensor, a factor, a summand. */
  static Kernel forward(Engine engine, DType type, LayerNorm norm, int inputs) {
    int out = 0;
    int x = 1;
    int weight = 2;
    int bias = 3;
    Statistics statistics = new Statistics(engine, type, x, norm.eps());
    RowPass result =
        RowPass.of(
            engine,
            type,
            c -> {
              Lane value = NormalPasses.normal(c, x, MEAN, SCALE);
              value = inputs > 1 ? value.mul(c.element(weight)) : value;
              c.store(out, inputs > 2 ? value.add(c.element(bias)) : value);
            });
    RowKernel kernel =
        new RowKernel(
            engine,
            type,
            row -> {
              Runnable first = statistics.of(row);
              RowPass.Run last = result.new Run(row);
              return () -> {
                first.run();
                last.run();
              };
            },
            Arrays.copyOf(new Row.Place[] {EACH, EACH, SHARED, SHARED}, inputs + 1));
    return (Operator call, Tensor[] in, Tensor[] outputs) -> {
      Rows rows = Rows.of(in[0].shape(), norm.axes());
      if (rows.suit()) {
        kernel.run(rows.count, rows.length, tensors(engine, outputs[0], in));
      } else {
        RowKernel.decompose(engine, (Composite) call, in, outputs);
      }
    };
  }

  /** The kernel for so many inputs: the output's gradient, the tensor, a factor. */
  static Kernel backward(Engine engine, DType type, LayerNorm.Backward norm, int inputs) {
    int out = 0;
    int gradient = 1;
    int x = 2;
    int weight = 3;
    int ofWeight = 4;
    int ofBias = 5;
    boolean weighted = inputs == 3;
    Statistics statistics = new Statistics(engine, type, x, norm.eps());
    RowPass sums =
        RowPass.of(
            engine,
            type,
            c -> {
              Lane normal = NormalPasses.normal(c, x, MEAN, SCALE);
              Lane g = c.element(gradient);
              if (weighted) {
                c.store(ofWeight, c.element(ofWeight).add(g.mul(normal)));
                c.store(ofBias, c.element(ofBias).add(g));
                g = g.mul(c.element(weight));
              }
              c.fold(Reduction.SUM, GRADIENT, g);
              c.fold(Reduction.SUM, ALONG, g.mul(normal));
            });
    RowPass result =
        RowPass.of(
            engine,
            type,
            c -> {
              Lane g = c.element(gradient);
              g = weighted ? g.mul(c.element(weight)) : g;
              Lane along = NormalPasses.normal(c, x, MEAN, SCALE).mul(c.number(ALONG));
              c.store(out, g.sub(c.number(GRADIENT)).sub(along).mul(c.number(SCALE)));
            });
    RowKernel kernel =
        new RowKernel(
            engine,
            type,
            row -> {
              Runnable first = statistics.of(row);
              RowPass.Run second = sums.new Run(row);
              RowPass.Run last = result.new Run(row);
              return () -> {
                first.run();
                second.run();
                row.number(GRADIENT, row.number(GRADIENT) / row.length());
                row.number(ALONG, row.number(ALONG) / row.length());
                last.run();
              };
            },
            weighted
                ? new Row.Place[] {EACH, EACH, EACH, SHARED, OF_CHUNK, OF_CHUNK}
                : new Row.Place[] {EACH, EACH, EACH});
    return (Operator call, Tensor[] in, Tensor[] outputs) -> {
      Rows rows = Rows.of(in[0].shape(), norm.axes());
      if (!rows.suit()) {
        RowKernel.decompose(engine, (Composite) call, in, outputs);
      } else if (weighted) {
        Axes columns = new Axes(new int[] {rows.length}, new int[] {1});
        Axes chunks = new Axes(new int[] {rows.chunks()}, new int[] {rows.length});
        Engine.Dense ofWeights = new Engine.Dense(type.newArray(rows.chunks() * rows.length), 0);
        Engine.Dense ofBiases = new Engine.Dense(type.newArray(rows.chunks() * rows.length), 0);
        kernel.run(rows.count, rows.length, tensors(engine, outputs[0], in, ofWeights, ofBiases));
        Reducer sum = engine.reducer(type, Reduction.SUM);
        sum.reduce(ofWeights.array(), 0, columns, chunks, Engine.array(outputs[1]));
        sum.reduce(ofBiases.array(), 0, columns, chunks, Engine.array(outputs[2]));
      } else {
        kernel.run(rows.count, rows.length, tensors(engine, outputs[0], in));
      }
    };
  }

  /** The rows of a call. */
  private record Rows(int count, int length) {
    static Rows of(Shape shape, int axes) {
      long length = shape.slice(shape.rank() - axes, shape.rank()).elements();
      return new Rows((int) (shape.elements() / Math.max(1, length)), (int) length);
    }

    boolean suit() {
      return count > 0 && length >= RowKernel.LEAST;
    }

    int chunks() {
      return RowKernel.chunks(count, length);
    }
  }

  /** Output, inputs and more, in the order in which passes number them. */
  private static Engine.Dense[] tensors(
      Engine engine, Tensor output, Tensor[] inputs, Engine.Dense... more) {
    Engine.Dense[] all = new Engine.Dense[1 + inputs.length + more.length];
    all[0] = engine.dense(output);
    for (int i = 0; i < inputs.length; i++) {
      all[i + 1] = engine.dense(inputs[i]);
    }
    System.arraycopy(more, 0, all, inputs.length + 1, more.length);
    return all;
  }
}
