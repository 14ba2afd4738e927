package dev.ladera.examples;

import dev.ladera.Device;
import dev.ladera.Gradients;
import dev.ladera.MemoryScope;
import dev.ladera.Tensor;
import dev.ladera.data.Batch;
import dev.ladera.data.DataLoader;
import dev.ladera.data.Dataset;
import dev.ladera.nn.Loss;
import dev.ladera.nn.Module;
import dev.ladera.optim.Optimizer;
import java.util.function.IntConsumer;

/** The training loop of the lecture, and the test that tells whether it learned. */
final class Trainer {
  private static final int TEST_BATCH = 500;

  private final Module network;
  private final Loss lossFunction;
  private final Optimizer optimizer;
  private final Device device;

  /** What a test found: mean loss a sample, and the share of right answers. */
  record Score(double loss, double accuracy) {}

  Trainer(Module network, Loss lossFunction, Optimizer optimizer, Device device) {
    this.network = network;
    this.lossFunction = lossFunction;
    this.optimizer = optimizer;
    this.device = device;
  }

  /** Goes once through the samples; answers the mean loss a sample. */
  double epoch(DataLoader loader, IntConsumer afterBatch) {
    network.train();
    double total = 0;
    int seen = 0;
    int done = 0;
    for (Batch batch : loader) {
      total += step(batch.to(device)) * batch.size();
      seen += batch.size();
      afterBatch.accept(++done);
    }
    return total / seen;
  }

  /**
   * One step of learning: forget, compute, compare, go back, move. Answers the loss. The scope is
   * for speed alone: the next step finds this one's memory in the caches.
   */
  double step(Batch batch) {
    try (var _ = MemoryScope.open()) {
      optimizer.zeroGrad();
      Tensor outputs = network.forward(batch.inputs());
      Tensor loss = lossFunction.forward(outputs, batch.targets());
      loss.backward();
      optimizer.step();
      return loss.item();
    }
  }

  /** Tests the network, whose outputs are largest at the class that it believes in. */
  Score test(Dataset dataset) {
    network.eval();
    return Gradients.noGrad(() -> {
      double loss = 0;
      long right = 0;
      try (DataLoader loader = new DataLoader(dataset, TEST_BATCH)) {
        for (Batch loaded : loader) {
          Batch batch = loaded.to(device);
          Tensor outputs = network.forward(batch.inputs());
          loss += lossFunction.forward(outputs, batch.targets()).item() * batch.size();
          right += outputs.argmax(1).eq(batch.targets()).countNonzero().itemAsLong();
        }
      }
      return new Score(loss / dataset.size(), (double) right / dataset.size());
    });
  }
}
