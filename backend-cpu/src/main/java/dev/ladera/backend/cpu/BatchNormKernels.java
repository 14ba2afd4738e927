package dev.ladera.backend.cpu;

import dev.ladera.DType;
import dev.ladera.Shape;
import dev.ladera.Tensor;
import dev.ladera.op.BatchNorm;
import dev.ladera.op.Composite;
import dev.ladera.op.Operator;
import dev.ladera.op.Primitive.Reduction;
import dev.ladera.spi.Kernel;
import java.util.Arrays;
import java.util.function.ObjIntConsumer;

/**
 * Batch normalisation and its gradient, channel by channel, channels on all threads: all passes
 * over a channel follow each other while it is in cache. A channel has a row in each image.
 */
final class BatchNormKernels {
  /** Elements that a chunk of work has. */
  private static final int CHUNK = 1 << 14;

  /** Channels that keep all threads busy, however large they are. */
  private static final int FEW = 4;

  // Passes.
  private static final int TOTALS = 0;
  private static final int SPREADS = 1;
  private static final int RESULTS = 2;
  private static final int SUMS = 0;
  private static final int GRADIENTS = 1;

  // Tensors: the output, then the inputs.
  private static final int OUT = 0;
  private static final int X = 1;
  private static final int GRADIENT = 1;
  private static final int Y = 2;

  // Numbers of a channel.
  private static final int MEAN = 0;
  private static final int SCALE = 1;
  private static final int OF_GRADIENT = 2;
  private static final int ALONG = 3;

  private BatchNormKernels() {}

  /** The sizes of a tensor (images, channels, …). */
  private record Sizes(int images, int channels, int length) {
    static Sizes of(Tensor x) {
      int length = Math.toIntExact(x.shape().slice(2, x.rank()).elements());
      return new Sizes(x.size(0), x.size(1), length);
    }

    int ofChannel() {
      return images * length;
    }

    /** Few large channels do not keep all threads busy; short rows do not repay their calls. */
    boolean suit() {
      return length >= RowKernel.LEAST && (channels >= FEW || ofChannel() <= 4 * CHUNK);
    }
  }

  static Kernel forward(Engine engine, DType type, BatchNorm norm) {
    RowPass totals = NormalPasses.total(engine, type, X, MEAN);
    RowPass spreads = NormalPasses.spread(engine, type, X, MEAN, SCALE);
    RowPass results =
        RowPass.of(engine, type, c -> c.store(OUT, NormalPasses.normal(c, X, MEAN, SCALE)));
    ThreadLocal<Channels> kept =
        ThreadLocal.withInitial(() -> new Channels(engine, type, 2, totals, spreads, results));
    return (Operator call, Tensor[] in, Tensor[] outputs) -> {
      Sizes sizes = Sizes.of(in[0]);
      if (!sizes.suit()) {
        RowKernel.decompose(engine, (Composite) call, in, outputs);
        return;
      }
      Object means = Engine.array(outputs[1]);
      Object variances = Engine.array(outputs[2]);
      Engine.Dense[] tensors = {engine.dense(outputs[0]), engine.dense(in[0])};
      run(
          engine,
          sizes,
          tensors,
          kept,
          (channels, c) -> {
            channels.pass(TOTALS, MEAN);
            channels.mean(MEAN);
            channels.pass(SPREADS, SCALE);
            channels.mean(SCALE);
            double variance = channels.row.number(SCALE);
            Reals.set(means, c, channels.row.number(MEAN));
            Reals.set(variances, c, variance);
            channels.row.number(SCALE, 1 / Math.sqrt(variance + norm.eps()));
            channels.pass(RESULTS);
          });
    };
  }

  static Kernel backward(Engine engine, DType type, BatchNorm.Backward norm) {
    RowPass sums =
        RowPass.of(
            engine,
            type,
            c -> {
              c.fold(Reduction.SUM, OF_GRADIENT, c.element(GRADIENT));
              c.fold(Reduction.SUM, ALONG, c.element(GRADIENT).mul(c.element(Y)));
            });
    RowPass results =
        RowPass.of(
            engine,
            type,
            c -> {
              Lane along = c.element(Y).mul(c.number(ALONG));
              Lane rest = c.element(GRADIENT).sub(c.number(OF_GRADIENT)).sub(along);
              c.store(OUT, rest.mul(c.number(SCALE)));
            });
    ThreadLocal<Channels> kept =
        ThreadLocal.withInitial(() -> new Channels(engine, type, 3, sums, results));
    return (Operator call, Tensor[] in, Tensor[] outputs) -> {
      Sizes sizes = Sizes.of(in[1]);
      boolean fits =
          in[0].shape().equals(in[1].shape()) && in[2].shape().equals(Shape.of(sizes.channels));
      if (!sizes.suit() || !fits) {
        RowKernel.decompose(engine, (Composite) call, in, outputs);
        return;
      }
      Engine.Dense variances = engine.dense(in[2]);
      Engine.Dense[] tensors = {engine.dense(outputs[0]), engine.dense(in[0]), engine.dense(in[1])};
      run(
          engine,
          sizes,
          tensors,
          kept,
          (channels, c) -> {
            channels.pass(SUMS, OF_GRADIENT, ALONG);
            channels.mean(OF_GRADIENT);
            channels.mean(ALONG);
            double variance = Reals.get(variances.array(), variances.offset() + c);
            channels.row.number(SCALE, 1 / Math.sqrt(variance + norm.eps()));
            channels.pass(GRADIENTS);
          });
    };
  }

  /** Does the same to all channels. */
  private static void run(
      Engine engine,
      Sizes sizes,
      Engine.Dense[] tensors,
      ThreadLocal<Channels> kept,
      ObjIntConsumer<Channels> work) {
    engine
        .parallel()
        .forRange(
            sizes.channels,
            Math.max(1, CHUNK / sizes.ofChannel()),
            (from, to) -> {
              Channels channels = kept.get();
              channels.begin(sizes);
              try {
                for (int c = from; c < to; c++) {
                  channels.row.begin(tensors, c, 0, sizes.length);
                  work.accept(channels, c);
                }
              } finally {
                channels.row.end();
              }
            });
  }

  /** What a thread goes over channels with. */
  private static final class Channels {
    final Row row;
    private final DType type;
    private final Reducer reducer;
    private final RowPass.Run[] passes;
    private Sizes sizes = new Sizes(0, 0, 0);
    private Object[] partials = {};

    Channels(Engine engine, DType type, int tensors, RowPass... passes) {
      Row.Place[] places = new Row.Place[tensors];
      Arrays.fill(places, Row.Place.EACH);
      this.row = new Row(type, places);
      this.type = type;
      this.reducer = engine.reducer(type, Reduction.SUM);
      this.passes = new RowPass.Run[passes.length];
      Arrays.setAll(this.passes, i -> passes[i].new Run(row));
    }

    void begin(Sizes sizes) {
      if (this.sizes.images != sizes.images) {
        partials = new Object[] {type.newArray(sizes.images), type.newArray(sizes.images)};
      }
      this.sizes = sizes;
    }

    /**
     * A pass over all rows of the channel that the row is the first of.
     *
     * @param numbers of the rows, which become the channel's by their sums
     */
    void pass(int pass, int... numbers) {
      for (int image = 0; image < sizes.images; image++) {
        passes[pass].run();
        for (int i = 0; i < numbers.length; i++) {
          Reals.set(partials[i], image, row.number(numbers[i]));
        }
        row.skip(sizes.channels);
      }
      row.skip(-sizes.images * sizes.channels);
      for (int i = 0; i < numbers.length; i++) {
        reducer.rows().run(partials[i], 0, 1, sizes.images, row.numbers, numbers[i]);
      }
    }

    /** A sum over the channel becomes a mean. */
    void mean(int number) {
      row.number(number, row.number(number) / sizes.ofChannel());
    }
  }
}
