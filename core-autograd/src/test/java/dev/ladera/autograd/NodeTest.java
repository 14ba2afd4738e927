package dev.ladera.autograd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ladera.DType;
import dev.ladera.Dispatcher;
import dev.ladera.GradientException;
import dev.ladera.Gradients;
import dev.ladera.Tensor;
import dev.ladera.op.BinaryOp;
import dev.ladera.op.Composite;
import dev.ladera.op.Gradient;
import dev.ladera.op.Pool;
import dev.ladera.op.TensorType;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What a recorded step keeps, checks and lets go of. */
class NodeTest {
  private static Tensor leaf(double... values) {
    return Tensor.of(values).requiresGrad(true);
  }

  @Test
  void aSavedInputThatWasOverwrittenIsFoundAndNamed() {
    Tensor x = leaf(1, 2);
    Tensor y = x.log();
    Gradients.noGrad(() -> x.fill(3));
    assertThatThrownBy(() -> y.sum().backward())
        .isInstanceOf(GradientException.class)
        .hasMessage(
            "backward: input 0 of log, of shape (2,), was overwritten after it was saved for the"
                + " gradient; assign to a copy()");
  }

  @Test
  void aSavedOutputThatWasOverwrittenIsFoundAndNamed() {
    Tensor y = leaf(1, 2).exp();
    Tensor total = y.sum();
    Gradients.noGrad(() -> y.fill(3));
    assertThatThrownBy(total::backward)
        .isInstanceOf(GradientException.class)
        .hasMessage(
            "backward: output 0 of exp, of shape (2,), was overwritten after it was saved for the"
                + " gradient; assign to a copy()");
  }

  @Test
  void whatWasOverwrittenBeforeItWasSavedIsNoError() {
    Tensor x = Tensor.of(new double[] {1, 2});
    x.fill(4);
    x.requiresGrad(true);
    x.square().sum().backward();
    assertThat(Objects.requireNonNull(x.grad()).toDoubleArray()).containsExactly(8, 8);
  }

  /** What a step keeps: {@code in1 out0}. */
  private static String kept(Tensor made) {
    Node node = (Node) Objects.requireNonNull(made.gradientNode());
    List<String> kept = new ArrayList<>();
    for (int i = 0; i < node.inputTypes().length; i++) {
      int input = i;
      add(kept, "in" + i, () -> node.savedInput(input));
    }
    for (int i = 0; i < node.outputTypes().length; i++) {
      int output = i;
      add(kept, "out" + i, () -> node.savedOutput(output));
    }
    return String.join(" ", kept);
  }

  private static void add(List<String> kept, String name, Supplier<Tensor> saved) {
    try {
      var _ = saved.get();
      kept.add(name);
    } catch (IllegalStateException e) {
      assertThat(e).hasMessageContaining("did not save");
    }
  }

  @Test
  void aStepKeepsWhatItsRuleNeedsAndNothingElse() {
    Tensor x = Tensor.of(new double[] {1, 2, 3, 4}, 1, 1, 4).requiresGrad(true);
    Tensor y = x.detach().copy().requiresGrad(true);
    Tensor index = Tensor.of(new long[] {0, 1, 2, 3}, 1, 1, 4);
    assertThat(kept(x.flip(2))).isEmpty();
    assertThat(kept(x.sum(2))).isEmpty();
    assertThat(kept(x.prod(2))).isEqualTo("in0");
    assertThat(kept(x.amax(2))).isEqualTo("in0 out0");
    assertThat(kept(x.amin(2))).isEqualTo("in0 out0");
    assertThat(kept(x.cumsum(2))).isEmpty();
    assertThat(kept(x.cumprod(2))).isEqualTo("in0");
    assertThat(kept(x.matmul(y.t()))).isEqualTo("in0 in1");
    assertThat(kept(x.gather(2, index))).isEqualTo("in1");
    assertThat(kept(x.scatterAdd(2, index, y))).isEqualTo("in1");
    assertThat(kept(Tensor.concat(0, x, y))).isEmpty();
    assertThat(kept(x.softmax(2))).isEqualTo("out0");
    assertThat(kept(x.layerNorm(1, null, null, 0))).isEqualTo("in0");
    Tensor places = x.detach().reshape(4);
    assertThat(kept(x.layerNorm(1, places, places, 0))).isEqualTo("in0 in1");
    assertThat(kept(x.batchNorm(0).output())).isEqualTo("out0 out1 out2");
    List<Integer> one = List.of(1);
    List<Integer> none = List.of(0);
    assertThat(kept(x.maxPool(one, one, none, one, false).values())).isEqualTo("out1");
    assertThat(kept(x.avgPool(one, one, none, false, true))).isEmpty();
    Pool largest = new Pool(Pool.Kind.MAX, one, one, none, one, false, true);
    Pool average = new Pool(Pool.Kind.AVERAGE, one, one, none, one, false, true);
    assertThat(kept(Dispatcher.call(new Pool.Gradient(largest, List.of(4)), x, index)))
        .isEqualTo("in1");
    assertThat(kept(Dispatcher.call(new Pool.Gradient(average, List.of(4)), x))).isEmpty();
  }

  @Test
  void anElementwiseStepKeepsWhatTheGradientsAskedForRead() {
    Tensor x = leaf(1, 2);
    Tensor y = leaf(3, 4);
    assertThat(kept(x.add(y))).isEmpty();
    assertThat(kept(x.mul(2))).isEmpty();
    assertThat(kept(x.exp())).isEqualTo("out0");
    assertThat(kept(x.log())).isEqualTo("in0");
    assertThat(kept(x.mul(y))).isEqualTo("in0 in1");
    assertThat(kept(x.mul(y.detach()))).isEqualTo("in1");
    assertThat(kept(x.detach().mul(y))).isEqualTo("in0");
    assertThat(kept(x.div(y.detach()))).isEqualTo("in1");
  }

  @Test
  void whatNobodyNeedsIsNotComputed() {
    Tensor x = Tensor.of(new double[] {1, 2}, 1, 2);
    Tensor weight = Tensor.of(new double[] {3, 4}, 2, 1).requiresGrad(true);
    Node node = (Node) Objects.requireNonNull(x.matmul(weight).gradientNode());
    Step step = new Step(node, new @Nullable Tensor[] {Tensor.ones(1, 1)});
    Supplier<Tensor> fails =
        () -> {
          throw new AssertionError("was computed");
        };
    assertThat(step.two(fails, () -> x)).containsExactly(null, x);
    assertThat(step.has(0)).isTrue();
    assertThat(new Step(node, new @Nullable Tensor[] {null}).has(0)).isFalse();
    assertThat(new Step(node, new @Nullable Tensor[] {null}).g(0).toDoubleArray())
        .containsExactly(0);
  }

  @Test
  void gradientsFlowAgainThroughASavedOutput() {
    // d/dx of exp(x) is its output, whose own gradient must lead back to x.
    Tensor x = leaf(0.5);
    Tensor first = Gradients.grad(x.exp().sum(), List.of(x), true).getFirst();
    assertThat(first.requiresGrad()).isTrue();
    Tensor second = Gradients.grad(first.sum(), x).getFirst();
    assertThat(second.item()).isEqualTo(Math.exp(0.5));
  }

  @Test
  void aFreedStepSaysSoWhateverItKept() {
    for (Tensor y : List.of(leaf(1).exp(), leaf(1).log(), leaf(1).flip(0))) {
      y.backward();
      assertThatThrownBy(y::backward)
          .isInstanceOf(GradientException.class)
          .hasMessageMatching(
              "backward: the graph of (exp|log|flip) was freed by an earlier pass; give that pass"
                  + " retainGraph = true to go back twice");
    }
  }

  /** Sum and largest of two tensors, and whether the first is larger; its rule is given. */
  private record Several(Gradient gradient) implements Composite {
    @Override
    public String name() {
      return "several";
    }

    @Override
    public TensorType[] infer(TensorType... inputs) {
      TensorType type = inputs[0];
      return new TensorType[] {type, type, new TensorType(DType.BOOL, type.shape())};
    }

    @Override
    public Tensor[] decompose(Tensor... inputs) {
      return new Tensor[] {
        inputs[0].add(inputs[1]), inputs[0].maximum(inputs[1]), inputs[0].gt(inputs[1])
      };
    }
  }

  @Test
  void aRuleOfTheUsersOwnSeesInputsOutputsAndGradientsInOrder() {
    List<Double> seen = new ArrayList<>();
    Gradient rule =
        Gradient.of((in, out, g) -> {
          in.forEach(tensor -> seen.add(tensor.item()));
          out.forEach(tensor -> seen.add(tensor.item()));
          assertThat(g).hasSize(3);
          // Zeros where nothing depends on an output.
          seen.add(Objects.requireNonNull(g.get(0)).item());
          seen.add(Objects.requireNonNull(g.get(1)).item());
          assertThat(Objects.requireNonNull(g.get(2)).toBooleanArray()).containsExactly(false);
          return Arrays.asList(Tensor.of(new double[] {7}), null);
        });
    Tensor a = leaf(2);
    Tensor b = leaf(5);
    Tensor[] outputs = Dispatcher.callAll(new Several(rule), a, b);
    outputs[1].mul(10).sum().backward();
    assertThat(seen).containsExactly(2.0, 5.0, 7.0, 5.0, 0.0, 0.0, 10.0);
    assertThat(Objects.requireNonNull(a.grad()).item()).isEqualTo(7);
    assertThat(b.grad()).isNull();
    assertThat(outputs[2].requiresGrad()).isFalse();
  }

  @Test
  void aGradientForAnInputThatNeedsNoneMayBeOfAnyType() {
    Gradient rule =
        Gradient.of((in, out, g) -> Arrays.asList(Tensor.of(new double[] {7}), Tensor.ones(9)));
    Tensor a = leaf(2);
    Dispatcher.callAll(new Several(rule), a, Tensor.of(new double[] {5}))[0].sum().backward();
    assertThat(Objects.requireNonNull(a.grad()).item()).isEqualTo(7);
  }

  @Test
  void functionsWithoutDerivativeGiveZeros() {
    Tensor x = leaf(1.5, -1.5);
    x.floor().sum().backward();
    assertThat(Objects.requireNonNull(x.grad()).toDoubleArray()).containsExactly(0, 0);
    Tensor y = leaf(1.5, -1.5);
    Tensor chosen = Tensor.where(y.gt(0), Tensor.scalar(1, DType.FLOAT64), y);
    chosen.sum().backward();
    assertThat(Objects.requireNonNull(y.grad()).toDoubleArray()).containsExactly(0, 1);
  }

  @Test
  void broadcastIdentitiesAreSummedAndConverted() {
    Tensor small = Tensor.of(new float[] {1}).requiresGrad(true);
    small.add(Tensor.of(new double[] {1, 2, 3})).sum().backward();
    Tensor gradient = Objects.requireNonNull(small.grad());
    assertThat(gradient.dtype()).isEqualTo(DType.FLOAT32);
    assertThat(gradient.toDoubleArray()).containsExactly(3);
  }

  @Test
  void comparisonsAreNotRecorded() {
    Tensor x = leaf(1, 2);
    assertThat(x.gt(1).requiresGrad()).isFalse();
    assertThat(x.zip(x, (a, b) -> a.apply(BinaryOp.LT, b)).isLeaf()).isTrue();
  }
}
