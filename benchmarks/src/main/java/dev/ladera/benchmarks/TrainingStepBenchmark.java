package dev.ladera.benchmarks;

import dev.ladera.DType;
import dev.ladera.Device;
import dev.ladera.Generator;
import dev.ladera.Shape;
import dev.ladera.Tensor;
import dev.ladera.nn.Conv2d;
import dev.ladera.nn.CrossEntropyLoss;
import dev.ladera.nn.Flatten;
import dev.ladera.nn.Linear;
import dev.ladera.nn.MaxPool2d;
import dev.ladera.nn.Module;
import dev.ladera.nn.ReLU;
import dev.ladera.nn.Sequential;
import dev.ladera.optim.SGD;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** Whole steps of training: zeroGrad, forward, loss, backward, step; batch 64. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 5, time = 2)
@Measurement(iterations = 5, time = 2)
@Fork(1)
public class TrainingStepBenchmark {
  private static final int BATCH = 64;

  /** The device's name. */
  @Param("cpu")
  public String device = "cpu";

  /** The network: the perceptron 784-128-64-10 or LeNet-5. */
  @Param({"mlp", "lenet"})
  public String model = "mlp";

  private Module net = new Sequential();
  private SGD optimizer = new SGD(new Linear(1, 1).parameters(), 0.01);
  private final CrossEntropyLoss lossFn = new CrossEntropyLoss();
  private Tensor inputs = Tensor.scalar(0);
  private Tensor targets = Tensor.scalar(0);

  /** Made by JMH. */
  public TrainingStepBenchmark() {}

  /** Makes the network and a batch. */
  @Setup
  public void network() {
    Device where = Device.of(device);
    Generator.manualSeed(1);
    net = (model.equals("mlp") ? perceptron() : lenet()).to(where);
    optimizer = new SGD(net.parameters(), 0.01).momentum(0.9);
    Shape shape = model.equals("mlp") ? Shape.of(BATCH, 784) : Shape.of(BATCH, 1, 28, 28);
    inputs = new Generator(2).normal(shape, DType.FLOAT32, where);
    targets = Tensor.randint(0, 10, BATCH).to(where);
  }

  static Sequential perceptron() {
    return new Sequential(
        new Linear(784, 128), new ReLU(), new Linear(128, 64), new ReLU(), new Linear(64, 10));
  }

  static Sequential lenet() {
    return new Sequential(
        new Conv2d(1, 6, 5).padding(2),
        new ReLU(),
        new MaxPool2d(2),
        new Conv2d(6, 16, 5),
        new ReLU(),
        new MaxPool2d(2),
        new Flatten(),
        new Linear(400, 120),
        new ReLU(),
        new Linear(120, 84),
        new ReLU(),
        new Linear(84, 10));
  }

  /** One step. */
  @Benchmark
  public Tensor step() {
    optimizer.zeroGrad();
    Tensor loss = lossFn.forward(net.forward(inputs), targets);
    loss.backward();
    optimizer.step();
    return loss;
  }
}
