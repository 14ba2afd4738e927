package dev.ladera.examples;

import dev.ladera.ArgumentException;
import dev.ladera.DType;
import dev.ladera.DTypeException;
import dev.ladera.Generator;
import dev.ladera.IndexException;
import dev.ladera.ShapeException;
import dev.ladera.StateDict;
import dev.ladera.Tensor;
import dev.ladera.data.DataLoader;
import dev.ladera.data.DataLoaderException;
import dev.ladera.data.Dataset;
import dev.ladera.data.Digits;
import dev.ladera.data.Sample;
import dev.ladera.data.TensorDataset;
import dev.ladera.data.Transforms;
import dev.ladera.nn.BCELoss;
import dev.ladera.nn.BCEWithLogitsLoss;
import dev.ladera.nn.CrossEntropyLoss;
import dev.ladera.nn.Linear;
import dev.ladera.nn.MSELoss;
import dev.ladera.nn.Module;
import dev.ladera.nn.NLLLoss;
import dev.ladera.nn.ReLU;
import dev.ladera.nn.Sequential;
import dev.ladera.optim.Adam;
import dev.ladera.optim.Clip;
import dev.ladera.optim.CosineAnnealingLR;
import dev.ladera.optim.LinearLR;
import dev.ladera.optim.OneCycleLR;
import dev.ladera.optim.RMSprop;
import dev.ladera.optim.ReduceLROnPlateau;
import dev.ladera.optim.SGD;
import dev.ladera.optim.StepLR;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Labels, networks, optimizers, schedules and datasets that are wrong. */
final class BadTraining {
  private BadTraining() {}

  static List<BadInput> table() {
    List<BadInput> all = new java.util.ArrayList<>(losses());
    all.addAll(networks());
    all.addAll(optimizers());
    all.addAll(schedules());
    all.addAll(datasets());
    return all;
  }

  private static Tensor scores() {
    return Tensor.zeros(2, 3);
  }

  private static List<BadInput> losses() {
    return List.of(
        new BadInput(
            "a label past the classes",
            IndexException.class,
            "nllLoss: target 3 is no class; output (2, 3) has classes 0 to 2, and -100 is ignored",
            () -> new NLLLoss().forward(scores(), Tensor.of(new long[] {0, 3}, 2))),
        new BadInput(
            "a negative label",
            IndexException.class,
            "crossEntropyLoss: target -1 is no class; output (2, 3) has classes 0 to 2, and -100 is ignored",
            () -> new CrossEntropyLoss().forward(scores(), Tensor.of(new long[] {-1, 0}, 2))),
        new BadInput(
            "labels of NaN",
            DTypeException.class,
            "nllLoss: target is float32; classes are numbered by int32 or int64, use to(DType.INT64)",
            () -> new NLLLoss().forward(scores(), Tensor.of(new float[] {0, Float.NaN}, 2))),
        new BadInput(
            "fractional labels",
            DTypeException.class,
            "crossEntropyLoss: target is float32; classes are numbered by int32 or int64, use to(DType.INT64)",
            () -> new CrossEntropyLoss().forward(scores(), Tensor.of(new float[] {0.5f, 1}, 2))),
        new BadInput(
            "labels for another batch",
            ShapeException.class,
            "nllLoss: output (2, 3) needs a target of shape (2,), the classes being axis 1; this one is (3,)",
            () -> new NLLLoss().forward(scores(), Tensor.of(new long[] {0, 1, 2}, 3))),
        new BadInput(
            "one-hot labels where classes are numbered",
            ShapeException.class,
            "nllLoss: output (2, 3) needs a target of shape (2,), the classes being axis 1; this one is (2, 3)",
            () -> new NLLLoss().forward(scores(), Tensor.of(new long[6], 2, 3))),
        new BadInput(
            "probabilities for other classes",
            ShapeException.class,
            "crossEntropyLoss: output (2, 3) and target (2, 4) must have one shape; reshape or expand one of them",
            () -> new CrossEntropyLoss().forward(scores(), Tensor.zeros(2, 4))),
        new BadInput(
            "a target that would broadcast",
            ShapeException.class,
            "mseLoss: output (2, 1) and target (2,) must have one shape; reshape or expand one of them",
            () -> new MSELoss().forward(Tensor.zeros(2, 1), Tensor.zeros(2))),
        new BadInput(
            "a target of another batch",
            ShapeException.class,
            "bceWithLogitsLoss: output (2,) and target (3,) must have one shape; reshape or expand one of them",
            () -> new BCEWithLogitsLoss().forward(Tensor.zeros(2), Tensor.zeros(3))),
        new BadInput(
            "logits where probabilities belong",
            ArgumentException.class,
            "bceLoss: output must hold probabilities from 0 to 1, but goes from -2.0 to 3.0; apply sigmoid, or use BCEWithLogitsLoss",
            () -> new BCELoss().forward(Tensor.of(new float[] {-2, 3}, 2), Tensor.zeros(2))),
        new BadInput(
            "targets of int where numbers are compared",
            DTypeException.class,
            "mseLoss: output is int64; it must be floating, use to(DType.FLOAT32)",
            () -> new MSELoss().forward(Tensor.arange(2), Tensor.arange(2))));
  }

  private static Sequential net() {
    return new Sequential(new Linear(2, 3), new ReLU(), new Linear(3, 1));
  }

  private static Map<String, Tensor> state() {
    return new LinkedHashMap<>(net().stateDict());
  }

  private static List<BadInput> networks() {
    return List.of(
        new BadInput(
            "a network for integers",
            DTypeException.class,
            "to: int64 has no gradients; a module is FLOAT32 or FLOAT64",
            () -> net().to(DType.INT64)),
        new BadInput(
            "an input of another width",
            ShapeException.class,
            "linear: input (5, 4) must have 2 features along its last axis, for weight (3, 2); flatten or reshape it",
            () -> net().forward(Tensor.zeros(5, 4))),
        new BadInput(
            "a layer without outputs",
            ArgumentException.class,
            "linear: outputs must be at least 1, not 0",
            () -> new Linear(3, 0)),
        new BadInput(
            "a layer of that name is there",
            ArgumentException.class,
            "register: name 'a' is taken",
            () -> new Sequential().add("a", new ReLU()).add("a", new ReLU())),
        new BadInput(
            "a layer that is not there",
            IndexException.class,
            "sequential: there is no module 3 among 3",
            () -> net().get(3)),
        new BadInput(
            "a parameter of integers",
            DTypeException.class,
            "requiresGrad: int64 has no gradients; use to(DType.FLOAT32)",
            () ->
                new Module() {
                  {
                    parameter("count", Tensor.arange(3));
                  }

                  @Override
                  public Tensor forward(Tensor input) {
                    return input;
                  }
                }));
  }

  private static List<Tensor> parameters() {
    return net().parameters();
  }

  private static List<BadInput> optimizers() {
    Tensor leaf = Tensor.zeros(2).requiresGrad(true);
    return List.of(
        new BadInput(
            "a negative weight decay",
            ArgumentException.class,
            "RMSprop: weightDecay must not be negative, not -1.0",
            () -> new RMSprop(parameters(), 0.1).weightDecay(-1)),
        new BadInput(
            "a beta of 1",
            ArgumentException.class,
            "Adam: beta1 must be from 0 to below 1, not 1.0",
            () -> new Adam(parameters(), 0.1).betas(1, 0.9)),
        new BadInput(
            "Nesterov without momentum",
            ArgumentException.class,
            "SGD: nesterov needs a momentum and no dampening",
            () -> {
              Tensor x = Tensor.zeros(2).requiresGrad(true);
              x.sum().backward();
              new SGD(List.of(x), 0.1).nesterov(true).step();
            }),
        new BadInput(
            "a parameter twice",
            ArgumentException.class,
            "SGD: parameters must be different; number 1 occurs twice",
            () -> new SGD(List.of(leaf, leaf), 0.1)),
        new BadInput(
            "a parameter that requires no gradient",
            ArgumentException.class,
            "SGD: parameters must be leaves that require a gradient; number 0 of shape (2,) requires none",
            () -> new SGD(List.of(Tensor.zeros(2)), 0.1)),
        new BadInput(
            "a parameter that was computed",
            ArgumentException.class,
            "SGD: parameters must be leaves that require a gradient; number 0 of shape (2,) was computed from others",
            () -> new SGD(List.of(leaf.mul(2)), 0.1)),
        new BadInput(
            "an option that there is not",
            ArgumentException.class,
            "optimizer: option 'beta1' is none of [lr, momentum, dampening, weightDecay, nesterov, maximize]",
            () -> new SGD(parameters(), 0.1).groups().getFirst().set("beta1", 0.5)),
        new BadInput(
            "a negative learning rate of a group",
            ArgumentException.class,
            "optimizer: lr must not be negative, not -1.0",
            () -> new SGD(parameters(), 0.1).groups().getFirst().lr(-1)),
        new BadInput(
            "a state for other parameters",
            ShapeException.class,
            "SGD: state 'state.0.momentumBuffer' (3,) must have its parameter's shape (2,)",
            () -> {
              Tensor x = Tensor.zeros(3).requiresGrad(true);
              SGD other = new SGD(List.of(x), 0.1).momentum(0.9);
              x.sum().backward();
              other.step();
              new SGD(List.of(leaf), 0.1).momentum(0.9).loadStateDict(other.stateDict());
            }),
        new BadInput(
            "clipping to a norm of 0",
            ArgumentException.class,
            "Clip.byNorm: most must be positive, not 0.0",
            () -> Clip.byNorm(List.of(leaf), 0)),
        new BadInput(
            "clipping to a negative value",
            ArgumentException.class,
            "Clip.byValue: bound must not be negative, not -1.0",
            () -> Clip.byValue(List.of(leaf), -1)));
  }

  private static SGD sgd() {
    return new SGD(parameters(), 0.1);
  }

  private static List<BadInput> schedules() {
    return List.of(
        new BadInput(
            "half a cosine of no steps",
            ArgumentException.class,
            "CosineAnnealingLR: half must be at least 1, not 0",
            () -> new CosineAnnealingLR(sgd(), 0, 0)),
        new BadInput(
            "a ramp from 0",
            ArgumentException.class,
            "LinearLR: from must be above 0 and at most 1, not 0.0",
            () -> new LinearLR(sgd(), 0, 1, 3)),
        new BadInput(
            "a step past the end of a cycle",
            ArgumentException.class,
            "OneCycleLR: step 3 is past the end of a cycle of 2 steps",
            () -> {
              OneCycleLR schedule = new OneCycleLR(sgd(), 0.1, 2);
              schedule.step();
              schedule.step();
              schedule.step();
            }),
        new BadInput(
            "a plateau whose factor raises",
            ArgumentException.class,
            "ReduceLROnPlateau: factor must be from 0 to below 1, not 1.0",
            () -> new ReduceLROnPlateau(sgd()).factor(1)),
        new BadInput(
            "a plateau of NaN",
            ArgumentException.class,
            "ReduceLROnPlateau: factor must be from 0 to below 1, not -1.0",
            () -> new ReduceLROnPlateau(sgd()).factor(-1)),
        new BadInput(
            "a schedule from an empty state",
            ArgumentException.class,
            "loadStateDict: state has no number 'steps'; it has []",
            () -> new StepLR(sgd(), 1, 0.1).loadStateDict(StateDict.empty())));
  }

  private static TensorDataset some() {
    return new TensorDataset(Tensor.zeros(4, 2), Tensor.of(new long[4], 4));
  }

  private static List<BadInput> datasets() {
    return List.of(
        new BadInput(
            "a loader of an empty part",
            ArgumentException.class,
            "DataLoader: dataset must have a sample; it is empty",
            () -> new DataLoader(some().subset(), 1)),
        new BadInput(
            "batches of a negative size",
            ArgumentException.class,
            "DataLoader: batchSize must be at least 1, not -3",
            () -> new DataLoader(some(), -3)),
        new BadInput(
            "no batch is left",
            ArgumentException.class,
            "dropLast: batchSize 5 leaves no batch of a dataset of 4 samples",
            () -> new DataLoader(some(), 5).dropLast()),
        new BadInput(
            "prefetch by no worker",
            ArgumentException.class,
            "prefetch: workers must be at least 1, not 0",
            () -> new DataLoader(some(), 1).prefetch(1, 0)),
        new BadInput(
            "a loader that is closed",
            ArgumentException.class,
            "DataLoader: loader is closed; make a new one",
            () -> {
              DataLoader loader = new DataLoader(some(), 1);
              loader.close();
              loader.iterator();
            }),
        new BadInput(
            "inputs and targets of two counts",
            ShapeException.class,
            "TensorDataset: axis 0 counts the samples and must be of one size: inputs (4, 2), targets (3,)",
            () -> new TensorDataset(Tensor.zeros(4, 2), Tensor.zeros(3))),
        new BadInput(
            "inputs without samples",
            ShapeException.class,
            "TensorDataset: axis 0 counts the samples and must be of one size: inputs (), targets (1,)",
            () -> new TensorDataset(Tensor.scalar(1), Tensor.zeros(1))),
        new BadInput(
            "a sample that is not there",
            IndexException.class,
            "get: index -1 is none of the 360 samples, which count from 0",
            () -> Digits.test().get(-1)),
        new BadInput(
            "a batch of no samples",
            ArgumentException.class,
            "batch: indices must not be empty",
            () -> some().batch()),
        new BadInput(
            "parts that sum to another number",
            ArgumentException.class,
            "split: sizes [2, 1] sum to 3; the dataset has 4 samples",
            () -> some().split(new Generator(1), 2, 1)),
        new BadInput(
            "samples of several shapes",
            DataLoaderException.class,
            "batch: sample 1 cannot be loaded: dev.ladera.ShapeException: batch: its input is (2,), that of sample 0 (1,); samples of one shape can be batched",
            () ->
                new DataLoader(
                        new Dataset() {
                          @Override
                          public int size() {
                            return 2;
                          }

                          @Override
                          public Sample get(int index) {
                            return new Sample(Tensor.zeros(index + 1), Tensor.scalar(0));
                          }
                        },
                        2)
                    .iterator()
                    .next()),
        new BadInput(
            "normalising by a deviation of 0",
            ArgumentException.class,
            "normalize: std must be finite and not 0, not 0.0",
            () -> Transforms.normalize(0, 0)),
        new BadInput(
            "normalising other channels",
            ShapeException.class,
            "normalize: sample (3, 4, 4) must be (…, 2, height, width)",
            () ->
                Transforms.normalize(new double[] {0, 0}, new double[] {1, 1})
                    .apply(Tensor.zeros(3, 4, 4))),
        new BadInput(
            "a crop larger than the image",
            ShapeException.class,
            "randomCrop: sample (1, 8, 8) with 0 zeros around has no square of 9 by 9",
            () -> Transforms.randomCrop(9, 0, new Generator(1)).apply(Tensor.zeros(1, 8, 8))));
  }
}
