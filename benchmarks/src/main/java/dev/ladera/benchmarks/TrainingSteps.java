package dev.ladera.benchmarks;

import dev.ladera.Tensor;
import dev.ladera.nn.CrossEntropyLoss;
import dev.ladera.nn.Loss;
import dev.ladera.nn.MSELoss;
import dev.ladera.nn.Module;
import dev.ladera.nn.Sequential;
import dev.ladera.optim.Adam;
import dev.ladera.optim.Optimizer;
import dev.ladera.optim.SGD;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * Whole steps: zeroGrad, forward, loss, backward, step; and answers to a single image.
 *
 * <p>The learning rate is so small that the thousandth step computes with the first one's numbers:
 * a network that has learned its one batch by heart ends in subnormal gradients, which are slow,
 * and whichever side runs more steps would get there first.
 */
final class TrainingSteps {
  private static final String GROUP = "steps";
  private static final double LR = 1e-8;

  private static final Operation MLP_SGD = mlp("mlpSgd", TrainingSteps::sgd);
  private static final Operation MLP_ADAM = mlp("mlpAdam", p -> new Adam(p, LR));

  /** Sizes: batch. */
  private static final Operation LENET_SGD =
      new Operation(
          GROUP,
          "lenetSgd",
          List.of(2),
          s -> Work.flops(3 * lenetFlops(s[0]) - firstLeNetFlops(s[0])),
          (in, s) ->
              step(
                  in.weights(Networks.lenet()),
                  TrainingSteps::sgd,
                  new CrossEntropyLoss(),
                  in.values(1, s[0], 1, 28, 28),
                  in.places(2, 10, s[0])));

  /** Sizes: batch, blocks a stage. */
  private static final Operation RESNET_SGD =
      new Operation(
          GROUP,
          "resnetSgd",
          List.of(2, 1),
          s -> Work.flops(s[0] * (3 * resnetFlops(s[1]) - conv(32, 3, 16, 3))),
          (in, s) ->
              step(
                  in.weights(new Networks.ResNet(s[1])),
                  TrainingSteps::sgd,
                  new CrossEntropyLoss(),
                  in.values(1, s[0], 3, 32, 32),
                  in.places(2, 10, s[0])));

  /** Sizes: batch, length, width, heads, inner width. */
  private static final Operation ENCODER_SGD =
      new Operation(
          GROUP,
          "encoderSgd",
          List.of(2, 3, 8, 2, 16),
          s -> Work.flops(encoderFlops(s)),
          (in, s) ->
              step(
                  in.weights(new Networks.Encoder(s[2], s[3], s[4])),
                  TrainingSteps::sgd,
                  new MSELoss(),
                  in.values(1, s[0], s[1], s[2]),
                  in.values(2, s[0], s[1], s[2])));

  private static final Operation MLP_INFERENCE =
      new Operation(
          GROUP,
          "mlpInference",
          List.of(2),
          _ -> Work.none(),
          (in, s) -> inference(in.weights(Networks.perceptron()), in.values(1, s[0], 784)));

  private static final Operation LENET_INFERENCE =
      new Operation(
          GROUP,
          "lenetInference",
          List.of(2),
          _ -> Work.none(),
          (in, s) -> inference(in.weights(Networks.lenet()), in.values(1, s[0], 1, 28, 28)));

  private TrainingSteps() {}

  private static Operation mlp(String name, Function<List<Tensor>, Optimizer> optimizer) {
    return new Operation(
        GROUP,
        name,
        List.of(3),
        s -> Work.flops(s[0] * (6.0 * (784 * 128 + 128 * 64 + 64 * 10) - 2.0 * 784 * 128)),
        (in, s) ->
            step(
                in.weights(Networks.perceptron()),
                optimizer,
                new CrossEntropyLoss(),
                in.values(1, s[0], 784),
                in.places(2, 10, s[0])));
  }

  private static Optimizer sgd(List<Tensor> parameters) {
    return new SGD(parameters, LR).momentum(0.9);
  }

  private static Prepared step(
      Module net,
      Function<List<Tensor>, Optimizer> optimizers,
      Loss lossFn,
      Tensor inputs,
      Tensor targets) {
    Optimizer optimizer = optimizers.apply(net.parameters());
    Supplier<Tensor> body =
        () -> {
          optimizer.zeroGrad();
          Tensor loss = lossFn.forward(net.forward(inputs), targets);
          loss.backward();
          optimizer.step();
          return loss;
        };
    return new Prepared(true, body, net.parameters());
  }

  private static Prepared inference(Sequential net, Tensor inputs) {
    net.eval();
    return Prepared.forward(() -> net.forward(inputs));
  }

  /** Forward through a layer of one image, same size out. */
  private static double conv(int side, int inputs, int outputs, int kernel) {
    return 2.0 * side * side * inputs * outputs * kernel * kernel;
  }

  private static double firstLeNetFlops(int batch) {
    return batch * conv(28, 1, 6, 5);
  }

  private static double lenetFlops(int batch) {
    return firstLeNetFlops(batch)
        + batch * (conv(10, 6, 16, 5) + 2.0 * (400 * 120 + 120 * 84 + 84 * 10));
  }

  private static double resnetFlops(int blocks) {
    double flops = conv(32, 3, 16, 3) + 2.0 * 64 * 10;
    for (int stage = 0; stage < 3; stage++) {
      int channels = 16 << stage;
      int side = 32 >> stage;
      flops += 2 * blocks * conv(side, channels, channels, 3);
      if (stage > 0) {
        // The first block takes half the channels, and has a shortcut of its own.
        flops += conv(side, channels / 2, channels, 1) - conv(side, channels / 2, channels, 3);
      }
    }
    return flops;
  }

  private static double encoderFlops(int... s) {
    double tokens = (double) s[0] * s[1];
    double width = s[2];
    double projections = 2 * tokens * width * 3 * width;
    double rest = 2 * tokens * width * width + 4 * tokens * width * s[4];
    double attention = 4 * tokens * s[1] * width;
    return 3 * (projections + rest + attention) - projections;
  }

  static List<Benchmark> all() {
    List<Benchmark> all = new ArrayList<>(MLP_SGD.at(List.of(32, 64, 256)));
    all.addAll(MLP_ADAM.at(List.of(32, 64, 256)));
    all.addAll(LENET_SGD.at(List.of(64, 256)));
    all.add(RESNET_SGD.at("resnet20-32", 32, 3));
    all.add(ENCODER_SGD.at("16x128x256", 16, 128, 256, 8, 1024));
    all.addAll(MLP_INFERENCE.at(List.of(1)));
    all.addAll(LENET_INFERENCE.at(List.of(1)));
    return all;
  }
}
