package dev.ladera.examples;

import dev.ladera.Device;
import dev.ladera.Generator;
import dev.ladera.data.Batch;
import dev.ladera.data.DataLoader;
import dev.ladera.data.TensorDataset;
import dev.ladera.nn.NLLLoss;
import dev.ladera.nn.Sequential;
import dev.ladera.optim.SGD;
import java.util.ArrayList;
import java.util.List;

/** One network, learned from the same weights by steps of different batch sizes. */
final class BatchSizes {
  /** A way down: its name, batch size and rate. */
  record Method(String name, int batch, double lr) {}

  /** The way's state after so many samples: the loss over all training data. */
  record Point(long samples, double seconds, double loss) {}

  /** How a way went. */
  record Run(Method method, long steps, List<Point> points, double accuracy) {
    double[] samples() {
      return points.stream().mapToDouble(Point::samples).toArray();
    }

    double[] seconds() {
      return points.stream().mapToDouble(Point::seconds).toArray();
    }

    double[] losses() {
      return points.stream().mapToDouble(Point::loss).toArray();
    }
  }

  /** Losses are looked at so often in an epoch; fewer times where an epoch has fewer steps. */
  private static final int LOOKS_AN_EPOCH = 4;

  private final TensorDataset train;
  private final TensorDataset test;
  private final long seed;
  private final Device device;

  BatchSizes(TensorDataset train, TensorDataset test, long seed, Device device) {
    this.train = train;
    this.test = test;
    this.seed = seed;
    this.device = device;
  }

  /** Goes so many times through the data; looking at the loss takes no part in the time. */
  Run run(Method method, int epochs) {
    Generator.manualSeed(seed);
    Sequential network = Networks.MLP.make(train.inputs().shape().slice(1, 4), 10).to(device);
    Trainer trainer =
        new Trainer(network, new NLLLoss(), new SGD(network.parameters(), method.lr()), device);
    List<Point> points = new ArrayList<>();
    points.add(new Point(0, 0, trainer.test(train).loss()));
    long samples = 0;
    long steps = 0;
    long nanos = 0;
    try (DataLoader loader = new DataLoader(train, method.batch()).shuffle(seed)) {
      int pause = Math.max(1, loader.batches() / LOOKS_AN_EPOCH);
      for (int epoch = 0; epoch < epochs; epoch++) {
        for (Batch batch : loader) {
          long start = System.nanoTime();
          trainer.step(batch.to(device));
          nanos += System.nanoTime() - start;
          samples += batch.size();
          steps++;
          if (steps % pause == 0) {
            points.add(new Point(samples, nanos * 1e-9, trainer.test(train).loss()));
            network.train();
          }
        }
      }
    }
    return new Run(method, steps, points, trainer.test(test).accuracy());
  }
}
