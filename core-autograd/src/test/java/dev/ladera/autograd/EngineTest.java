package dev.ladera.autograd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ladera.DType;
import dev.ladera.Dispatcher;
import dev.ladera.GradientException;
import dev.ladera.Gradients;
import dev.ladera.Shape;
import dev.ladera.ShapeException;
import dev.ladera.Tensor;
import dev.ladera.op.Composite;
import dev.ladera.op.Gradient;
import dev.ladera.op.TensorType;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class EngineTest {
  private static Tensor leaf(double... values) {
    return Tensor.of(values).requiresGrad(true);
  }

  private static double[] grad(Tensor tensor) {
    Tensor grad = tensor.grad();
    assertThat(grad).isNotNull();
    return grad.toDoubleArray();
  }

  @Test
  void gradientsOfASimpleChain() {
    Tensor x = leaf(1, 2, 3);
    x.mul(x).sum().backward();
    assertThat(grad(x)).containsExactly(2, 4, 6);
  }

  @Test
  void gradientsGatherOverPassesUntilTheyAreCleared() {
    Tensor x = leaf(1, 2);
    x.mul(3).sum().backward();
    x.mul(3).sum().backward();
    assertThat(grad(x)).containsExactly(6, 6);
    x.clearGrad();
    assertThat(x.grad()).isNull();
  }

  @Test
  void aTensorUsedTwiceGathersBothGradients() {
    Tensor x = leaf(2);
    Tensor y = x.mul(x);
    y.mul(y).add(y).sum().backward();
    assertThat(grad(x)).containsExactly(4 * 8 + 2 * 2);
  }

  @Test
  void broadcastInputsGetTheSumOverWhatWasRepeated() {
    Tensor matrix = Tensor.of(new double[] {1, 2, 3, 4, 5, 6}, 2, 3).requiresGrad(true);
    Tensor row = leaf(10, 20, 30);
    matrix.mul(row).sum().backward();
    assertThat(grad(row)).containsExactly(5, 7, 9);
    assertThat(grad(matrix)).containsExactly(10, 20, 30, 10, 20, 30);
  }

  @Test
  void gradientsOfGradients() {
    Tensor x = leaf(2);
    Tensor first = Gradients.grad(x.pow(3).sum(), List.of(x), true).getFirst();
    assertThat(first.item()).isEqualTo(12);
    Tensor second = Gradients.grad(first.sum(), List.of(x), true).getFirst();
    assertThat(second.item()).isEqualTo(12);
    assertThat(Gradients.grad(second.sum(), x).getFirst().item()).isEqualTo(6);
  }

  @Test
  void aSecondPassOverAFreedGraphNamesTheOperator() {
    Tensor x = leaf(1, 2);
    Tensor y = x.exp().sum();
    y.backward();
    assertThatThrownBy(y::backward)
        .isInstanceOf(GradientException.class)
        .hasMessageContaining("the graph of sum was freed")
        .hasMessageContaining("retainGraph");
  }

  @Test
  void aRetainedGraphIsWalkedTwice() {
    Tensor x = leaf(1, 2);
    Tensor y = x.mul(x).sum();
    y.backward(true, false);
    y.backward();
    assertThat(grad(x)).containsExactly(4, 8);
  }

  @Test
  void aSavedTensorThatWasOverwrittenIsFound() {
    Tensor x = leaf(1, 2);
    Tensor factor = Tensor.of(new double[] {3, 4});
    Tensor y = x.mul(factor).sum();
    factor.fill(0);
    assertThatThrownBy(y::backward)
        .isInstanceOf(GradientException.class)
        .hasMessageContaining("input 1 of mul, of shape (2,), was overwritten");
  }

  @Test
  void overwritingWhileRecordingIsRefused() {
    Tensor x = leaf(1, 2);
    assertThatThrownBy(() -> x.assign(Tensor.of(new double[] {0, 0})))
        .isInstanceOf(GradientException.class)
        .hasMessageContaining("Gradients.noGrad");
    Gradients.noGrad(() -> x.assign(Tensor.of(new double[] {5, 6})));
    assertThat(x.toDoubleArray()).containsExactly(5, 6);
  }

  @Test
  void onlyAScalarNeedsNoGradientToStartFrom() {
    Tensor x = leaf(1, 2);
    assertThatThrownBy(() -> x.mul(2).backward())
        .isInstanceOf(GradientException.class)
        .hasMessageContaining("(2,) is no scalar");
    assertThatThrownBy(() -> x.mul(2).backward(Tensor.of(new double[] {1})))
        .isInstanceOf(ShapeException.class);
    x.mul(2).backward(Tensor.of(new double[] {1, 10}));
    assertThat(grad(x)).containsExactly(2, 20);
  }

  @Test
  void nothingIsRecordedInNoGrad() {
    Tensor x = leaf(1);
    Tensor y = Gradients.noGrad(() -> x.mul(2));
    assertThat(y.requiresGrad()).isFalse();
    assertThatThrownBy(y::backward).isInstanceOf(GradientException.class);
  }

  @Test
  void detachedTensorsPassNoGradient() {
    Tensor x = leaf(3);
    x.mul(x.detach()).sum().backward();
    assertThat(grad(x)).containsExactly(3);
  }

  @Test
  void hooksSeeAndReplaceGradients() {
    Tensor x = leaf(1, 2);
    Tensor y = x.mul(2);
    y.registerHook(g -> g.mul(10));
    Runnable off = x.registerHook(g -> g.add(1));
    y.sum().backward();
    assertThat(grad(x)).containsExactly(21, 21);
    off.run();
    x.clearGrad();
    x.sum().backward();
    assertThat(grad(x)).containsExactly(1, 1);
  }

  @Test
  void computedTensorsKeepTheirGradientWhenAsked() {
    Tensor x = leaf(1, 2);
    Tensor y = x.mul(3).retainGrad();
    y.square().sum().backward();
    assertThat(grad(y)).containsExactly(6, 12);
  }

  @Test
  void gradAnswersForComputedTensorsAndTouchesNoLeaf() {
    Tensor x = leaf(2);
    Tensor y = x.mul(3);
    assertThat(Gradients.grad(y.square().sum(), y).getFirst().item()).isEqualTo(12);
    assertThat(x.grad()).isNull();
  }

  @Test
  void anInputThatTheOutputDoesNotDependOnIsAnError() {
    Tensor x = leaf(1);
    Tensor z = leaf(1);
    assertThatThrownBy(() -> Gradients.grad(x.mul(2).sum(), z))
        .isInstanceOf(GradientException.class)
        .hasMessageContaining("does not depend on input 0");
  }

  @Test
  void longChainsDoNotOverflowTheStack() {
    Tensor x = leaf(1);
    Tensor y = x;
    for (int i = 0; i < 10_000; i++) {
      y = y.add(1);
    }
    y.sum().backward();
    assertThat(grad(x)).containsExactly(1);
  }

  @Test
  void gradientsOfLeavesShareNoStorage() {
    Tensor x = leaf(1, 2);
    Tensor y = leaf(3, 4);
    x.add(y).sum().backward();
    Tensor first = x.grad();
    assertThat(first).isNotNull();
    first.fill(0);
    assertThat(grad(y)).containsExactly(1, 1);
  }

  @Test
  void aBranchNotTakenLeaksNoNan() {
    Tensor x = leaf(0, 4);
    x.map(e -> dev.ladera.op.Expr.where(e.gt(0), e.sqrt(), e.mul(2))).sum().backward();
    assertThat(grad(x)).containsExactly(2, 0.25);
  }

  /** x³ with a rule of its own; what the rule answers is given. */
  private record Cube(Gradient gradient) implements Composite {
    @Override
    public String name() {
      return "cube";
    }

    @Override
    public TensorType[] infer(TensorType... inputs) {
      return new TensorType[] {inputs[0]};
    }

    @Override
    public Tensor[] decompose(Tensor... inputs) {
      return new Tensor[] {inputs[0].mul(inputs[0]).mul(inputs[0])};
    }
  }

  @Test
  void operatorsOfTheUsersOwnDifferentiateByBodyByRuleOrNotAtAll() {
    Tensor x = leaf(2);
    Dispatcher.call(new Cube(Gradient.ofBody()), x).sum().backward();
    assertThat(grad(x)).containsExactly(12);
    x.clearGrad();
    Gradient straight = Gradient.of((in, out, g) -> Arrays.asList(g.getFirst()));
    Dispatcher.call(new Cube(straight), x).sum().backward();
    assertThat(grad(x)).containsExactly(1);
    Tensor y = Dispatcher.call(new Cube(Gradient.none()), x).sum();
    assertThatThrownBy(y::backward)
        .isInstanceOf(GradientException.class)
        .hasMessageStartingWith("cube: has no gradient");
  }

  @Test
  void aRuleThatAnswersTheWrongShapeOrNumberIsNamed() {
    Tensor x = leaf(1, 2);
    Gradient wrongShape = Gradient.of((in, out, g) -> Arrays.asList(Tensor.zeros(3)));
    assertThatThrownBy(() -> Dispatcher.call(new Cube(wrongShape), x).sum().backward())
        .isInstanceOf(GradientException.class)
        .hasMessage(
            "cube: its rule answered a gradient float32(3,) for input 0, which is float64(2,)");
    Gradient wrongNumber = Gradient.of((in, out, g) -> Arrays.asList(null, null));
    assertThatThrownBy(() -> Dispatcher.call(new Cube(wrongNumber), x).sum().backward())
        .hasMessage("cube: its rule answered 2 gradients for 1 inputs");
  }

  @Test
  void integersHaveNoGradients() {
    assertThatThrownBy(() -> Tensor.arange(3).requiresGrad(true)).hasMessageContaining("int64");
    Tensor x = leaf(1, 3, 2);
    assertThat(x.argmax(0).requiresGrad()).isFalse();
  }

  @Test
  void gradientsFlowThroughConversions() {
    Tensor x =
        Tensor.ones(Shape.of(2), DType.FLOAT32, dev.ladera.Device.standard()).requiresGrad(true);
    x.to(DType.FLOAT64).mul(3).sum().backward();
    Tensor gradient = x.grad();
    assertThat(gradient).isNotNull();
    assertThat(gradient.dtype()).isEqualTo(DType.FLOAT32);
    assertThat(grad(x)).containsExactly(3, 3);
  }
}
