package dev.ladera.examples;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ladera.DType;
import dev.ladera.Device;
import dev.ladera.Generator;
import dev.ladera.Shape;
import dev.ladera.Tensor;
import dev.ladera.autograd.ComputationGraph;
import dev.ladera.autograd.GradCheck;
import dev.ladera.data.Batch;
import dev.ladera.data.DataLoader;
import dev.ladera.data.Digits;
import dev.ladera.nn.Flatten;
import dev.ladera.nn.Linear;
import dev.ladera.nn.LogSoftmax;
import dev.ladera.nn.NLLLoss;
import dev.ladera.nn.ReLU;
import dev.ladera.nn.Sequential;
import dev.ladera.optim.SGD;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What the README shows does what it says. */
class ReadmeTest {
  @Test
  void theLoopLearns() {
    Generator.manualSeed(1);
    Device device = Device.best();
    var net =
        new Sequential(
                new Flatten(),
                new Linear(64, 128),
                new ReLU(),
                new Linear(128, 10),
                new LogSoftmax(1))
            .to(device);
    var lossFn = new NLLLoss();
    var optimizer = new SGD(net.parameters(), 0.05).momentum(0.9);
    double last = Double.NaN;
    try (var loader = new DataLoader(Digits.train(), 32).shuffle(1)) {
      for (Batch loaded : loader) {
        Batch batch = loaded.to(device);
        optimizer.zeroGrad();
        Tensor outputs = net.forward(batch.inputs());
        Tensor loss = lossFn.forward(outputs, batch.targets());
        loss.backward();
        optimizer.step();
        last = loss.item();
      }
    }
    assertThat(last).isLessThan(1.5);
    assertThat(net.summary(1, 64).toString()).contains("Linear").contains("1,290");
    assertThat(net.check(device, 1, 64).runs()).isTrue();
    Batch batch = Digits.test().batch(0, 1);
    ComputationGraph graph =
        ComputationGraph.trace(
            () -> lossFn.forward(net.forward(batch.inputs()), batch.targets()), Map.of());
    assertThat(graph.toDot()).contains("logSoftmax");
  }

  @Test
  void mishIsOneLambdaWithItsGradient() {
    Tensor x = new Generator(1).normal(Shape.of(3, 5), DType.FLOAT64, Device.standard());
    GradCheck.of(inputs -> inputs.get(0).map(v -> v.mul(v.exp().log1p().tanh())))
        .secondOrder()
        .check(x);
    GradCheck.of(inputs -> inputs.get(0).softmax(1).square().sum()).check(x);
  }
}
