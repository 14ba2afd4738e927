package dev.ladera.nn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ladera.ArgumentException;
import dev.ladera.DType;
import dev.ladera.DTypeException;
import dev.ladera.Device;
import dev.ladera.Generator;
import dev.ladera.IndexException;
import dev.ladera.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** The tree of modules: names, modes, moving, hooks. */
final class ModuleTest {
  /** A module as a user writes it. */
  private static final class Net extends Module {
    private final Linear hidden = register("hidden", new Linear(4, 3));
    private final BatchNorm1d norm = register("norm", new BatchNorm1d(3));
    private final Slot scale = parameter("scale", Tensor.ones(1));
    private final Linear out = register("out", new Linear(3, 2));

    @Override
    public Tensor forward(Tensor input) {
      return out.forward(norm.forward(hidden.forward(input)).relu()).mul(scale.tensor());
    }
  }

  @Test
  void parametersHavePyTorchsNamesAndOrder() {
    assertThat(new Net().namedParameters().keySet())
        .containsExactly(
            "scale",
            "hidden.weight",
            "hidden.bias",
            "norm.weight",
            "norm.bias",
            "out.weight",
            "out.bias");
    Sequential chain =
        new Sequential(
            new Conv2d(1, 2, 3),
            new BatchNorm2d(2),
            new Sequential(new Linear(3, 2), new LayerNorm(2)));
    assertThat(chain.stateDict().keySet())
        .containsExactly(
            "0.weight",
            "0.bias",
            "1.weight",
            "1.bias",
            "1.running_mean",
            "1.running_var",
            "1.num_batches_tracked",
            "2.0.weight",
            "2.0.bias",
            "2.1.weight",
            "2.1.bias");
    assertThat(chain.namedBuffers().keySet())
        .containsExactly("1.running_mean", "1.running_var", "1.num_batches_tracked");
    assertThat(chain.namedModules().keySet()).containsExactly("", "0", "1", "2", "2.0", "2.1");
    assertThat(chain.parameters()).hasSize(8).allMatch(Tensor::requiresGrad);
  }

  @Test
  void trainAndEvalReachEveryModule() {
    Net net = new Net();
    assertThat(net.modules()).hasSize(4).allMatch(Module::isTraining);
    net.eval();
    assertThat(net.modules()).noneMatch(Module::isTraining);
    net.train();
    assertThat(net.modules()).allMatch(Module::isTraining);
  }

  @Test
  void applySeesEachModuleOnceAndChildrenFirst() {
    Linear shared = new Linear(2, 2);
    Sequential chain = new Sequential(shared, new Tanh(), shared);
    List<Module> seen = new ArrayList<>();
    chain.apply(seen::add);
    assertThat(seen).hasSize(3).endsWith(chain);
    assertThat(chain.parameters()).hasSize(2);
    assertThat(chain.stateDict()).hasSize(4);
  }

  @Test
  void gradientsAreForgottenAndFrozenParametersHaveNone() {
    Net net = new Net();
    net.hidden.requiresGrad(false);
    net.forward(Tensor.randn(5, 4)).sum().backward();
    assertThat(net.out.weight().grad()).isNotNull();
    assertThat(net.hidden.weight().grad()).isNull();
    net.zeroGrad();
    assertThat(net.parameters()).allMatch(parameter -> parameter.grad() == null);
  }

  @Test
  void aModuleMovesToAnotherTypeWithGradientsAndBuffers() {
    Net net = new Net();
    net.forward(Tensor.randn(5, 4)).sum().backward();
    Tensor before = net.out.weight();
    float[] gradient = Objects.requireNonNull(before.grad()).toFloatArray();
    assertThat(net.to(DType.FLOAT64)).isSameAs(net);
    assertThat(net.parameters())
        .allMatch(parameter -> parameter.dtype() == DType.FLOAT64)
        .allMatch(parameter -> parameter.requiresGrad() && parameter.isLeaf());
    assertThat(net.out.weight()).isNotSameAs(before);
    assertThat(Objects.requireNonNull(net.out.weight().grad()).toFloatArray()).isEqualTo(gradient);
    assertThat(net.out.weight().toFloatArray()).isEqualTo(before.toFloatArray());
    assertThat(Objects.requireNonNull(net.norm.runningMean()).dtype()).isEqualTo(DType.FLOAT64);
    assertThat(Objects.requireNonNull(net.norm.numBatchesTracked()).dtype()).isEqualTo(DType.INT64);
    assertThatThrownBy(() -> net.to(DType.INT64))
        .isInstanceOf(DTypeException.class)
        .hasMessageContaining("int64");
  }

  @Test
  void aModuleMovesToAnotherDevice() {
    Device other = Device.of("other", Device.standard().backend());
    Sequential chain = new Sequential(new Linear(2, 2), new BatchNorm1d(2)).to(other);
    assertThat(chain.parameters()).allMatch(parameter -> parameter.device() == other);
    assertThat(chain.namedBuffers().values()).allMatch(buffer -> buffer.device() == other);
    List<Tensor> moved = chain.parameters();
    assertThat(chain.to(other).parameters()).isEqualTo(moved);
    Tensor input = Tensor.randn(3, 2).to(other);
    Tensor target = Tensor.of(new long[] {0, 1, 1}).to(other);
    Tensor weight = Tensor.of(new float[] {1, 2});
    new CrossEntropyLoss().weight(weight).forward(chain.forward(input), target).backward();
    assertThat(chain.parameters()).allMatch(parameter -> parameter.grad() != null);
  }

  @Test
  void tiedWeightsStayTied() {
    final class Tied extends Module {
      private final Slot table = parameter("table", Tensor.randn(3, 2));
      private final Slot again = parameter("again", table);

      @Override
      public Tensor forward(Tensor input) {
        return input.matmul(table.tensor()).matmul(again.tensor().t());
      }
    }
    Tied tied = new Tied();
    tied.to(DType.FLOAT64);
    assertThat(tied.parameters()).containsExactly(tied.table.tensor());
    assertThat(tied.again.tensor()).isSameAs(tied.table.tensor());
    assertThat(tied.stateDict().keySet()).containsExactly("table", "again");
  }

  @Test
  void namesAreCheckedAndNoModuleHoldsItself() {
    final class Open extends Module {
      @Override
      public Tensor forward(Tensor input) {
        return input;
      }

      private void take(String name, Module child) {
        register(name, child);
      }
    }
    Open open = new Open();
    open.take("a", new ReLU());
    assertThatThrownBy(() -> open.take("a", new ReLU()))
        .isInstanceOf(ArgumentException.class)
        .hasMessage("register: name 'a' is taken");
    assertThatThrownBy(() -> open.take("b.c", new ReLU()))
        .hasMessage("register: name 'b.c' must not hold a dot");
    assertThatThrownBy(() -> open.take("", new ReLU()))
        .hasMessage("register: name must not be empty");
    assertThatThrownBy(() -> open.take("self", open))
        .hasMessage("register: child 'self' holds its own parent");
  }

  @Test
  void hooksSeeEveryRunOfALayerUntilTakenOff() {
    Net net = new Net();
    List<String> seen = new ArrayList<>();
    Runnable off =
        net.hidden.registerForwardHook((module, input, output) ->
            seen.add(module.typeName() + input.shape() + output.shape()));
    net.forward(Tensor.randn(5, 4));
    assertThat(seen).containsExactly("Linear(5, 4)(5, 3)");
    off.run();
    net.forward(Tensor.randn(5, 4));
    assertThat(seen).hasSize(1);
  }

  @Test
  void aSequentialAnswersItsModulesByPlace() {
    Linear last = new Linear(2, 1);
    Sequential chain = new Sequential(new Tanh()).add("head", last);
    assertThat(chain.size()).isEqualTo(2);
    assertThat(chain.get(-1)).isSameAs(last);
    assertThat(chain.namedParameters().keySet()).containsExactly("head.weight", "head.bias");
    assertThatThrownBy(() -> chain.get(2))
        .isInstanceOf(IndexException.class)
        .hasMessage("sequential: there is no module 2 among 2");
    Tensor input = Tensor.randn(2);
    assertThat(new Sequential().forward(input)).isSameAs(input);
  }

  @Test
  void theSameSeedGivesTheSameParameters() {
    Generator.manualSeed(7);
    Map<String, Tensor> first = new Net().stateDict();
    Generator.manualSeed(7);
    Map<String, Tensor> second = new Net().stateDict();
    first.forEach((name, tensor) ->
        assertThat(Objects.requireNonNull(second.get(name)).toFloatArray())
            .isEqualTo(tensor.toFloatArray()));
    Generator.manualSeed(8);
    assertThat(Objects.requireNonNull(new Net().stateDict().get("out.weight")).toFloatArray())
        .isNotEqualTo(Objects.requireNonNull(first.get("out.weight")).toFloatArray());
  }

  @Test
  void theLecturesLoopLearns() {
    Generator.manualSeed(1);
    Sequential net =
        new Sequential(new Linear(2, 8), new Tanh(), new Linear(8, 2), new LogSoftmax(1))
            .to(Device.standard());
    NLLLoss lossFn = new NLLLoss();
    Tensor inputs = Tensor.of(new float[] {0, 0, 0, 1, 1, 0, 1, 1}, 4, 2);
    Tensor targets = Tensor.of(new long[] {0, 1, 1, 0});
    double loss = Double.NaN;
    for (int i = 0; i < 300; i++) {
      net.zeroGrad();
      Tensor value = lossFn.forward(net.forward(inputs), targets);
      value.backward();
      dev.ladera.Gradients.noGrad(() ->
          net.parameters()
              .forEach(p -> p.assign(p.sub(Objects.requireNonNull(p.grad()).mul(0.5)))));
      loss = value.item();
    }
    assertThat(loss).isLessThan(0.05);
    assertThat(net.forward(inputs).argmax(1).toLongArray()).containsExactly(0, 1, 1, 0);
  }
}
