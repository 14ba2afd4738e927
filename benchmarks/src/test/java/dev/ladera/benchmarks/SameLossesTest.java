package dev.ladera.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.withinPercentage;

import dev.ladera.Device;
import dev.ladera.Generator;
import dev.ladera.Tensor;
import dev.ladera.data.Batch;
import dev.ladera.data.DataLoader;
import dev.ladera.data.Digits;
import dev.ladera.nn.BatchNorm2d;
import dev.ladera.nn.Conv2d;
import dev.ladera.nn.CrossEntropyLoss;
import dev.ladera.nn.Dropout;
import dev.ladera.nn.Flatten;
import dev.ladera.nn.Linear;
import dev.ladera.nn.Module;
import dev.ladera.nn.ReLU;
import dev.ladera.nn.Sequential;
import dev.ladera.optim.Adam;
import dev.ladera.optim.Optimizer;
import dev.ladera.optim.SGD;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

/**
 * Training on ND4J from a seed has the losses of training on the CPU: the same initial weights,
 * order of samples and dropout masks, and operators that agree, forward and backward. It stands in
 * this module, because only here ND4J may be on the class path of tests, and on nobody else's.
 */
class SameLossesTest {
  private static final int STEPS = 50;
  private static final int BATCH = 64;
  private static final double PERCENT = 0.1;

  /** The losses of the first steps, on digits of 8 x 8 pixels blown up to 24 x 24 of 28 x 28. */
  private static List<Double> losses(
      String device, Supplier<Module> network, Function<List<Tensor>, Optimizer> optimizers) {
    Device where = Device.of(device);
    Generator.manualSeed(1);
    Module net = network.get().to(where);
    Optimizer optimizer = optimizers.apply(net.parameters());
    CrossEntropyLoss lossFn = new CrossEntropyLoss();
    List<Double> losses = new ArrayList<>();
    try (DataLoader loader = new DataLoader(Digits.train(), BATCH).shuffle(1)) {
      while (losses.size() < STEPS) {
        for (Batch loaded : loader) {
          Batch batch = loaded.to(where);
          optimizer.zeroGrad();
          Tensor loss = lossFn.forward(net.forward(large(batch.inputs())), batch.targets());
          loss.backward();
          optimizer.step();
          losses.add(loss.item());
        }
      }
    }
    return losses.subList(0, STEPS);
  }

  private static Tensor large(Tensor images) {
    int count = images.size(0);
    return images
        .reshape(count, 1, 8, 1, 8, 1)
        .expand(count, 1, 8, 3, 8, 3)
        .reshape(count, 1, 24, 24)
        .pad(0, 2, 2, 2, 2)
        .mul(2)
        .sub(1);
  }

  private static void compare(
      Supplier<Module> network, Function<List<Tensor>, Optimizer> optimizers) {
    List<Double> expected = losses("cpu", network, optimizers);
    List<Double> found = losses("nd4j", network, optimizers);
    assertThat(expected.getLast())
        .as("something was learned")
        .isLessThan(expected.getFirst() * 0.75);
    for (int i = 0; i < STEPS; i++) {
      assertThat(found.get(i))
          .as("loss of step %d", i)
          .isCloseTo(expected.get(i), withinPercentage(PERCENT));
    }
  }

  private static Optimizer sgd(List<Tensor> parameters) {
    return new SGD(parameters, 0.05).momentum(0.9);
  }

  @Test
  void ofThePerceptron() {
    compare(() -> new Sequential(new Flatten(), Networks.perceptron()), SameLossesTest::sgd);
  }

  @Test
  void ofTheLenet() {
    compare(Networks::lenet, SameLossesTest::sgd);
  }

  @Test
  void withDropoutBatchNormalisationAndAdam() {
    compare(
        () ->
            new Sequential(
                new Conv2d(1, 4, 5).stride(2),
                new BatchNorm2d(4),
                new ReLU(),
                new Flatten(),
                new Dropout(0.3),
                new Linear(576, 10)),
        parameters -> new Adam(parameters, 0.003));
  }
}
