package dev.ladera.nn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ladera.ArgumentException;
import dev.ladera.DType;
import dev.ladera.Device;
import dev.ladera.Dispatcher;
import dev.ladera.Generator;
import dev.ladera.Gradients;
import dev.ladera.Shape;
import dev.ladera.ShapeException;
import dev.ladera.Tensor;
import dev.ladera.nn.CheckReport.Answer;
import dev.ladera.nn.CheckReport.Finding;
import dev.ladera.nn.CheckReport.Met;
import dev.ladera.nn.CheckReport.Severity;
import dev.ladera.op.Composite;
import dev.ladera.op.Gradient;
import dev.ladera.op.TensorType;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What {@code check} finds before anything runs. */
final class CheckTest {
  private static final Device HERE = Device.standard();

  /** A module of one function. */
  private static final class Lambda extends Module {
    private final UnaryOperator<Tensor> function;

    Lambda(UnaryOperator<Tensor> function) {
      this.function = function;
    }

    @Override
    public Tensor forward(Tensor input) {
      return function.apply(input);
    }
  }

  /** The user's own operator: a copy, whose body and gradient are given. */
  private record Custom(String name, UnaryOperator<Tensor> body, Gradient gradient)
      implements Composite {
    @Override
    public TensorType[] infer(TensorType... inputs) {
      return new TensorType[] {inputs[0]};
    }

    @Override
    public Tensor[] decompose(Tensor... inputs) {
      return new Tensor[] {body.apply(inputs[0])};
    }

    Lambda module() {
      return new Lambda(x -> Dispatcher.call(this, x));
    }
  }

  private static Sequential lenet() {
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
        new Linear(120, 10),
        new LogSoftmax(1));
  }

  private static Device device(FaultyBackend backend) {
    return Device.of("faulty", backend);
  }

  private static Finding only(CheckReport report) {
    assertThat(report.findings()).hasSize(1);
    return report.findings().getFirst();
  }

  private static Finding error(
      String path, String operator, String inputs, String reason, String remedy) {
    return new Finding(Severity.ERROR, path, operator, inputs, reason, remedy);
  }

  // --- what runs -------------------------------------------------------------------------------

  @Test
  void aNetworkThatRunsIsShownWithItsOperators() {
    CheckReport report = lenet().check(HERE, 64, 1, 28, 28);
    assertThat(report.findings()).isEmpty();
    assertThat(report.runs()).isTrue();
    assertThat(report.backward()).isTrue();
    assertThat(report.operators())
        .contains(
            new Met("conv2d", "float32, float32", Answer.OWN_KERNEL),
            new Met("conv2dWeightGradient", "float32, float32", Answer.OWN_KERNEL),
            new Met("logSoftmax", "float32", Answer.DECOMPOSITION),
            new Met("logSoftmaxBackward", "float32, float32", Answer.DECOMPOSITION),
            new Met("matmul", "float32, float32", Answer.OWN_KERNEL))
        .doesNotHaveDuplicates();
  }

  @Test
  @Timeout(20)
  void inputsLargerThanAnyMemoryCostNothing() {
    Sequential net =
        new Sequential(
            new Conv2d(3, 64, 7).stride(2).padding(3),
            new BatchNorm2d(64),
            new ReLU(),
            new MaxPool2d(2),
            new AvgPool2d(56),
            new Flatten(),
            new Linear(64, 1000),
            new Softmax(1));
    CheckReport report = net.check(HERE, 1_000_000, 3, 224, 224);
    assertThat(report.findings()).isEmpty();
    assertThat(report.backward()).isTrue();
    Sequential dropping = new Sequential(new Dropout(), new Linear(224, 1));
    assertThat(only(dropping.check(HERE, 1_000_000, 3, 224, 224)))
        .isEqualTo(
            error(
                "0",
                "randomBits",
                "float32(1000000, 3, 224, 224)",
                "randomBits: 150528000000 elements of shape (1000000, 3, 224, 224) do not fit along"
                    + " one axis, which has at most 2147483647 places; use smaller batches",
                "make the sizes of this module, or of what comes before it, fit"));
  }

  @Test
  void theInputMayBeOfAnyTypeAndTheModesAreTheModulesOwn() {
    Sequential words = new Sequential(new Embedding(10, 4), new Flatten(), new Linear(12, 2));
    assertThat(words.check(HERE, new TensorType(DType.INT64, Shape.of(5, 3))).findings()).isEmpty();
    assertThat(only(words.check(HERE, 5, 3)).reason())
        .isEqualTo(
            "embedding: input is float32; rows are numbered by int32 or int64, use"
                + " to(DType.INT64)");
    Sequential norm = new Sequential(new Linear(3, 2), new BatchNorm1d(2));
    Finding training = only(norm.check(HERE, 1, 3));
    assertThat(training.path()).isEqualTo("1");
    assertThat(training.reason()).contains("use larger batches, or eval()");
    assertThat(norm.eval().check(HERE, 1, 3).runs()).isTrue();
    assertThatThrownBy(() -> norm.check(HERE, -1, 3)).isInstanceOf(ArgumentException.class);
  }

  @Test
  void aLossAndItsTargetsAreCheckedWithTheModule() {
    Sequential net = new Sequential(new Linear(4, 3), new LogSoftmax(1));
    TensorType input = new TensorType(DType.FLOAT32, Shape.of(8, 4));
    TensorType classes = new TensorType(DType.INT64, Shape.of(8));
    NLLLoss lossFn = new NLLLoss().weight(Tensor.ones(3));
    CheckReport report =
        CheckReport.of(
            net,
            HERE,
            List.of(input, classes),
            in -> lossFn.forward(net.forward(in.get(0)), in.get(1)));
    assertThat(report.findings()).isEmpty();
    assertThat(report.operators()).contains(new Met("gather", "float32, int64", Answer.OWN_KERNEL));
    CheckReport floating =
        CheckReport.of(
            net,
            HERE,
            List.of(input, input),
            in -> lossFn.forward(net.forward(in.get(0)), in.get(1)));
    assertThat(only(floating))
        .isEqualTo(
            error(
                "",
                "nllLoss",
                "float32(8, 4), float32(8, 4)",
                "nllLoss: target is float32; classes are numbered by int32 or int64, use"
                    + " to(DType.INT64)",
                "convert the input or the module with to(DType)"));
  }

  @Test
  void withoutRecordingOnlyTheForwardComputationIsLookedAt() {
    Sequential net =
        new Sequential(
            new Linear(2, 2), new Custom("stop", Tensor::copy, Gradient.none()).module());
    CheckReport report = Gradients.noGrad(() -> net.check(HERE, 1, 2));
    assertThat(report.findings()).isEmpty();
    assertThat(report.backward()).isFalse();
    assertThat(report.operators()).contains(new Met("stop", "float32", Answer.DECOMPOSITION));
    assertThat(new ReLU().check(HERE, 2).backward()).isFalse();
  }

  // --- shapes, types and devices ---------------------------------------------------------------

  @Test
  void aShapeThatDoesNotFitIsFoundInItsLayer() {
    Sequential net =
        new Sequential(new Flatten())
            .add("body", new Sequential(new Linear(64, 100), new ReLU(), new Linear(120, 10)))
            .add("head", new LogSoftmax(1));
    CheckReport report = net.check(HERE, 32, 1, 8, 8);
    assertThat(report.runs()).isFalse();
    assertThat(report.backward()).isFalse();
    assertThat(only(report))
        .isEqualTo(
            error(
                "body.2",
                "linear",
                "float32(32, 100)",
                "linear: input (32, 100) must have 120 features along its last axis, for weight"
                    + " (10, 120); flatten or reshape it",
                "make the sizes of this module, or of what comes before it, fit"));
    assertThat(report.operators()).extracting(Met::operator).contains("matmul", "relu");
  }

  @Test
  void theTextIsTheTypedExceptionsOwn() {
    Sequential net = new Sequential(new Conv2d(1, 4, 3), new Linear(9, 2));
    CheckReport report = net.check(HERE, 2, 1, 8, 8);
    assertThatThrownBy(() -> net.forward(Tensor.zeros(2, 1, 8, 8)))
        .isInstanceOf(ShapeException.class)
        .hasMessage(only(report).reason());
  }

  @Test
  void aTypeThatTheDeviceHasNoStorageForIsFound() {
    Sequential net = new Sequential(new Linear(3, 2)).to(DType.FLOAT64);
    Device device = device(new FaultyBackend().refusing(DType.FLOAT64));
    assertThat(only(net.check(device, 4, 3)))
        .isEqualTo(
            error(
                "",
                "allocate",
                "float64",
                "allocate: this device has no float64",
                "convert with to(DType), or choose another device"));
    assertThat(net.to(DType.FLOAT32).check(device, 4, 3).findings()).isEmpty();
  }

  @Test
  void aTypeThatTheDeviceHasNoKernelsForIsFoundWhereItIsUsedFirst() {
    Sequential net = new Sequential(new ReLU(), new Lambda(x -> x.to(DType.FLOAT64).exp()));
    Device device = device(new FaultyBackend().withoutKernelsFor(DType.FLOAT64));
    assertThat(only(net.check(device, 4)))
        .isEqualTo(
            error(
                "1",
                "exp",
                "float64",
                "the backend of faulty:0 fails to prepare a kernel: exp: no kernels for float64",
                "convert the inputs with to(DType) if it is for their types, or choose another"
                    + " device"));
  }

  @Test
  void parametersOnSeveralDevicesAreFound() {
    Device other = Device.of("other", HERE.backend());
    Sequential net = new Sequential(new Linear(3, 3), new Linear(3, 3), new BatchNorm1d(3));
    net.get(1).to(other);
    assertThat(only(net.check(HERE, 2, 3)))
        .isEqualTo(
            error(
                "1",
                "parameters",
                "",
                "parameters and buffers are on several devices: reference:0 (0.weight, 0.bias,"
                    + " 2.weight and 4 more), other:0 (1.weight, 1.bias)",
                "call to(Device) on the whole module"));
    net.to(other);
    assertThat(net.check(HERE, 2, 3).findings()).isEmpty();
  }

  @Test
  void parametersOfAnotherTypeThanTheInputAreFoundWithWhatFailsByIt() {
    Sequential net = new Sequential(new Conv1d(1, 1, 3), new Tanh(), new Linear(3, 3));
    CheckReport report = net.check(HERE, new TensorType(DType.FLOAT64, Shape.of(2, 1, 5)));
    assertThat(report.findings())
        .containsExactly(
            new Finding(
                Severity.WARNING,
                "0",
                "parameters",
                "",
                "of another type than the input, float64: float32 (0.weight, 0.bias, 2.weight and 1"
                    + " more)",
                "convert the module or its input with to(DType)"),
            error(
                "0",
                "conv1d",
                "float64(2, 1, 5)",
                "conv1d: input is float64 and weight is float32; convert one of them with to(DType)",
                "convert the input or the module with to(DType)"));
    net.get(2).to(DType.FLOAT64);
    assertThat(net.check(HERE, 2, 1, 5).findings()).extracting(Finding::path).containsExactly("2");
  }

  @Test
  void aTypeThatOnlyPromotesIsAWarning() {
    CheckReport report =
        new LayerNorm(3).check(HERE, new TensorType(DType.FLOAT64, Shape.of(2, 3)));
    assertThat(only(report).severity()).isEqualTo(Severity.WARNING);
    assertThat(report.runs()).isTrue();
  }

  @Test
  void aTensorInAPlainFieldIsFoundIfItIsElsewhere() {
    Tensor mask = Tensor.ones(3);
    Sequential net = new Sequential(new Linear(3, 3), new Lambda(x -> x.mul(mask)));
    assertThat(net.check(HERE, 2, 3).findings()).isEmpty();
    Device other = Device.of("other", HERE.backend());
    assertThat(only(net.check(other, 2, 3)))
        .isEqualTo(
            error(
                "1",
                "mul",
                "float32(2, 3)",
                "mul: input 0 is on other:0 and input 1 on reference:0; move one of them with"
                    + " to(Device)",
                "keep the module's tensors by parameter(...) or buffer(...), so that to(Device)"
                    + " moves them"));
  }

  @Test
  void tensorsMadeOnTheDeviceOnTheWayMeetTheModules() {
    Linear layer = new Linear(3, 3);
    Module net =
        new Sequential(
            layer,
            new Lambda(x -> Tensor.ones(3).sub(x.to(HERE))),
            new Lambda(x -> Tensor.concat(1, x, Tensor.zeros(2, 1))));
    assertThat(net.check(HERE, 2, 3).findings()).isEmpty();
    Device other = Device.of("other", HERE.backend());
    Module moving =
        new Sequential(layer, new Lambda(x -> x.to(HERE).exp().to(other).add(Tensor.ones(3))));
    assertThat(only(moving.check(other, 2, 3)).operator()).isEqualTo("add");
  }

  // --- kernels ---------------------------------------------------------------------------------

  @Test
  void everyPrimitiveWithoutAKernelIsFoundAtOnce() {
    Device device = device(new FaultyBackend().without("conv2d", "maxPool2d", "logSoftmax"));
    CheckReport report = lenet().check(device, 2, 1, 28, 28);
    assertThat(report.runs()).isFalse();
    assertThat(report.backward()).isTrue();
    assertThat(report.findings())
        .containsExactly(
            error(
                "0",
                "conv2d",
                "float32, float32",
                "the backend of faulty:0 has no kernel for this primitive",
                "make one in the backend's prepare, or choose another device"),
            error(
                "2",
                "maxPool2d",
                "float32",
                "the backend of faulty:0 has no kernel for this primitive",
                "make one in the backend's prepare, or choose another device"));
    assertThat(report.operators())
        .contains(new Met("conv2d", "float32, float32", Answer.NONE))
        .contains(new Met("logSoftmax", "float32", Answer.DECOMPOSITION));
  }

  @Test
  void aPrimitiveOfTheBackwardComputationIsFoundInItsLayer() {
    Device device = device(new FaultyBackend().without("conv2dWeightGradient", "relu", "gt"));
    CheckReport report = lenet().check(device, 2, 1, 28, 28);
    assertThat(report.findings())
        .extracting(Finding::path, Finding::operator)
        .containsExactly(
            org.assertj.core.groups.Tuple.tuple("1", "relu"),
            org.assertj.core.groups.Tuple.tuple("3", "conv2dWeightGradient"));
  }

  @Test
  void aBackendThatThrowsIsFoundAndGoneOnWithout() {
    Device device = device(new FaultyBackend().failing("matmul", "logSoftmax"));
    CheckReport report = lenet().check(device, 2, 1, 28, 28);
    assertThat(report.findings())
        .containsExactly(
            error(
                "7",
                "matmul",
                "float32, float32",
                "the backend of faulty:0 fails to prepare a kernel:"
                    + " java.lang.IllegalStateException: the compiler fell over",
                "convert the inputs with to(DType) if it is for their types, or choose another"
                    + " device"),
            error(
                "10",
                "logSoftmax",
                "float32",
                "the backend of faulty:0 fails to prepare a kernel:"
                    + " java.lang.IllegalStateException: the compiler fell over",
                "convert the inputs with to(DType) if it is for their types, or choose another"
                    + " device"));
    assertThat(report.backward()).isTrue();
  }

  @Test
  void aCompositeThatAnswersAnotherTypeThanItSaidIsFound() {
    Custom wrong = new Custom("widen", x -> x.to(DType.FLOAT64), Gradient.ofBody());
    Sequential net = new Sequential(new Linear(3, 2), wrong.module());
    assertThat(only(net.check(HERE, 1, 3)))
        .isEqualTo(
            error(
                "1",
                "widen",
                "float32(1, 2)",
                "widen: decompose answered [float64(1, 2)] where infer said [float32(1, 2)]",
                "make infer and decompose of the operator agree"));
  }

  // --- gradients -------------------------------------------------------------------------------

  @Test
  void anOperatorWithoutGradientIsNamedInItsLayer() {
    Custom stop = new Custom("stop", Tensor::copy, Gradient.none());
    Sequential net =
        new Sequential(
            new Linear(3, 2), stop.module(), new ReLU(), new Sequential(new Linear(2, 2)));
    CheckReport report = net.check(HERE, 4, 3);
    assertThat(report.backward()).isTrue();
    assertThat(only(report))
        .isEqualTo(
            error(
                "1",
                "stop",
                "float32(4, 2)",
                "stop: has no gradient, by its own declaration; detach() what it answers",
                "give the operator a gradient, or take it off the gradient's way: detach() or"
                    + " noGrad"));
    assertThat(new Sequential(stop.module(), new Linear(3, 2)).check(HERE, 4, 3).findings())
        .isEmpty();
  }

  @Test
  void whatAModuleDoesBetweenItsLayersIsItsOwnAlsoBackward() {
    final class Between extends Module {
      private final Linear first = register("first", new Linear(3, 3));
      private final Linear second = register("second", new Linear(3, 3));
      private final Custom stop = new Custom("stop", Tensor::copy, Gradient.none());

      @Override
      public Tensor forward(Tensor input) {
        return second.forward(Dispatcher.call(stop, first.forward(input)).relu()).exp();
      }
    }
    Finding found = only(new Sequential(new Tanh(), new Between()).check(HERE, 2, 3));
    assertThat(found.operator()).isEqualTo("stop");
    assertThat(found.path()).isEqualTo("1");
  }

  @Test
  void aParameterThatTheOutputDoesNotDependOnIsFound() {
    final class Heads extends Module {
      private final Linear used = register("used", new Linear(3, 2));
      private final Linear unused = register("unused", new Linear(3, 2));
      private final Linear cut = register("cut", new Linear(3, 2).bias(false));

      @Override
      public Tensor forward(Tensor input) {
        return used.forward(input).add(cut.forward(input).detach());
      }
    }
    Heads heads = new Heads();
    CheckReport report = heads.check(HERE, 1, 3);
    assertThat(report.runs()).isTrue();
    assertThat(report.findings())
        .extracting(Finding::severity, Finding::path, Finding::reason)
        .containsExactly(
            warning("unused", "parameter unused.weight gets no gradient"),
            warning("unused", "parameter unused.bias gets no gradient"),
            warning("cut", "parameter cut.weight gets no gradient"));
    heads.unused.requiresGrad(false);
    heads.cut.requiresGrad(false);
    assertThat(heads.check(HERE, 1, 3).findings()).isEmpty();
  }

  private static org.assertj.core.groups.Tuple warning(String path, String reason) {
    return org.assertj.core.groups.Tuple.tuple(
        Severity.WARNING, path, reason + ": the output does not depend on it");
  }

  @Test
  void anOutputWithoutAnyGradientIsFoundOnce() {
    Sequential net = new Sequential(new Linear(3, 2), new Lambda(x -> x.argmax(1)));
    Finding found = only(net.check(HERE, 4, 3));
    assertThat(found.severity()).isEqualTo(Severity.WARNING);
    assertThat(found.inputs()).isEqualTo("int64(4,)");
    assertThat(found.reason()).startsWith("no parameter gets a gradient");
  }

  // --- what is not known to Ladera -------------------------------------------------------------

  @Test
  void anExceptionOfTheModulesOwnIsFoundByItsName() {
    Sequential net =
        new Sequential(
            new ReLU(),
            new Lambda(x -> {
              throw new UnsupportedOperationException("not on Sundays");
            }));
    Finding found = only(net.check(HERE, 1));
    assertThat(found.path()).isEqualTo("1");
    assertThat(found.operator()).isEqualTo("forward");
    assertThat(found.reason()).isEqualTo("java.lang.UnsupportedOperationException: not on Sundays");
  }

  @Test
  void anExceptionThatTheModuleItselfCatchesIsNone() {
    final class Careful extends Module {
      private final Linear wrong = register("wrong", new Linear(9, 1));
      private final Linear right = register("right", new Linear(3, 1));

      @Override
      public Tensor forward(Tensor input) {
        try {
          return wrong.forward(input);
        } catch (ShapeException e) {
          return right.forward(input).matmul(Tensor.zeros(2, 2));
        }
      }
    }
    Finding found = only(new Sequential(new ReLU(), new Careful()).check(HERE, 4, 3));
    assertThat(found.path()).isEqualTo("1");
    assertThat(found.operator()).isEqualTo("matmul");
  }

  // --- traces ----------------------------------------------------------------------------------

  /** All that a check could change. */
  private record State(
      List<Tensor> tensors,
      List<List<Double>> values,
      List<Object> gradients,
      List<Boolean> learned,
      List<Boolean> modes,
      List<Integer> versions,
      long seed,
      long offset) {
    static State of(Module net) {
      List<Tensor> tensors = new ArrayList<>(net.parameters());
      tensors.addAll(net.namedBuffers().values());
      return new State(
          tensors,
          tensors.stream().map(State::values).toList(),
          tensors.stream().map(t -> (Object) (t.grad() == null ? "none" : t.grad())).toList(),
          tensors.stream().map(Tensor::requiresGrad).toList(),
          net.modules().stream().map(Module::isTraining).toList(),
          tensors.stream().map(t -> t.storage().version()).toList(),
          Generator.current().seed(),
          Generator.current().offset());
    }

    private static List<Double> values(Tensor tensor) {
      return java.util.Arrays.stream(tensor.toDoubleArray()).boxed().toList();
    }
  }

  private static Sequential used() {
    Sequential net =
        new Sequential(
            new Linear(3, 4),
            new BatchNorm1d(4),
            new Dropout(),
            new Linear(4, 2),
            new Linear(2, 2));
    net.forward(Tensor.randn(5, 3)).sum().backward();
    net.get(4).requiresGrad(false);
    net.get(1).eval();
    return net;
  }

  @Test
  void aCheckLeavesNoTrace() {
    Sequential net = used();
    net.add(
        new Lambda(x -> {
          Generator.manualSeed(99);
          net.eval();
          return x;
        }));
    List<Module> seen = new ArrayList<>();
    net.modules().forEach(part -> part.registerForwardHook((module, _, _) -> seen.add(module)));
    Generator.manualSeed(5).nextInt(3);
    State before = State.of(net);
    long allocated = HERE.memory().allocated();
    CheckReport report = net.check(HERE, 1_000_000, 3);
    assertThat(HERE.memory().allocated()).isEqualTo(allocated);
    assertThat(report.findings()).isEmpty();
    assertThat(report.backward()).isTrue();
    assertThat(State.of(net)).isEqualTo(before);
    assertThat(seen).isEmpty();
    assertThat(Gradients.areRecorded()).isTrue();
    net.forward(Tensor.randn(5, 3));
    assertThat(seen).hasSize(net.modules().size());
  }

  @Test
  void aCheckThatFailsLeavesNoTraceEither() {
    Sequential net = used();
    Custom stop = new Custom("stop", Tensor::copy, Gradient.none());
    Sequential stopped = new Sequential(net, stop.module(), new Linear(2, 2));
    State before = State.of(stopped);
    assertThat(stopped.check(HERE, 7, 4).runs()).isFalse();
    assertThat(State.of(stopped)).isEqualTo(before);
    assertThat(stopped.check(HERE, 7, 3).runs()).isFalse();
    assertThat(State.of(stopped)).isEqualTo(before);
    Device broken = device(new FaultyBackend().failing("matmul"));
    assertThat(stopped.check(broken, 7, 3).runs()).isFalse();
    assertThat(State.of(stopped)).isEqualTo(before);
  }

  @Test
  void tensorsThatAreNoParametersGetNoGradients() {
    Tensor forgotten = Tensor.ones(3).requiresGrad(true);
    Sequential net = new Sequential(new Linear(3, 3), new Lambda(x -> x.mul(forgotten)));
    assertThat(net.check(HERE, 2, 3).findings()).isEmpty();
    assertThat(forgotten.grad()).isNull();
  }

  @Test
  void tiedWeightsAreOneTensorInTheCheckToo() {
    Linear shared = new Linear(3, 3);
    List<Tensor> seen = new ArrayList<>();
    Sequential net =
        new Sequential(
            shared,
            new Lambda(x -> {
              seen.add(shared.weight());
              return x;
            }),
            shared);
    Tensor weight = shared.weight();
    assertThat(net.check(HERE, 2, 3).findings()).isEmpty();
    assertThat(shared.weight()).isSameAs(weight).isNotSameAs(seen.getFirst());
  }

  @Test
  void whatIsReadIsZero() {
    List<Object> read = new ArrayList<>();
    Lambda reading =
        new Lambda(x -> {
          read.add(x.sum().item());
          read.add(x.toIntArray());
          read.add(x.any().toBooleanArray());
          return x.add(Tensor.ofArray(new float[] {1, 2}, Shape.of(2), x.device()));
        });
    assertThat(reading.check(HERE, 2).findings()).isEmpty();
    assertThat(read).hasSize(3);
    assertThat(read.get(0)).isEqualTo(0.0);
    assertThat(read.get(1)).isEqualTo(new int[] {0, 0});
    assertThat(read.get(2)).isEqualTo(new boolean[] {false});
  }

  // --- the text --------------------------------------------------------------------------------

  @Test
  void theTextHasVerdictFindingsAndTable() {
    Device device = device(new FaultyBackend().without("relu"));
    Sequential net = new Sequential(new Flatten(), new ReLU(), new Softmax(1), new Linear(5, 2));
    assertThat(net.check(device, 2, 4))
        .hasToString(
            """
            faulty:0: would not run (2 errors, 0 warnings); gradients were not looked at

            error in 1: relu of float32
              why: the backend of faulty:0 has no kernel for this primitive
              do:  make one in the backend's prepare, or choose another device

            error in 3: linear of float32(2, 4)
              why: linear: input (2, 4) must have 5 features along its last axis, for weight (2, 5); flatten or reshape it
              do:  make the sizes of this module, or of what comes before it, fit

            Operator  Inputs            Answered by
            -----------------------------------------
            relu      float32           nothing
            softmax   float32           decomposition
            amax      float32           own kernel
            sub       float32, float32  own kernel
            exp       float32           own kernel
            sum       float32           own kernel
            div       float32, float32  own kernel
            -----------------------------------------\
            """);
    assertThat(new ReLU().check(HERE, 2).toString())
        .startsWith("reference:0: runs; gradients were not looked at\n\nOperator");
    assertThat(new Linear(2, 2).check(HERE, 2).toString())
        .startsWith("reference:0: runs; gradients too");
  }

  @Test
  void aCheckIsAMatterOfMilliseconds() {
    Sequential net = lenet();
    net.check(HERE, 64, 1, 28, 28);
    long start = System.nanoTime();
    net.check(HERE, 64, 1, 28, 28);
    assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(2));
  }
}
