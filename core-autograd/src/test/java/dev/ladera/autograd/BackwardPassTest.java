package dev.ladera.autograd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ladera.DType;
import dev.ladera.Device;
import dev.ladera.DeviceException;
import dev.ladera.GradientException;
import dev.ladera.Gradients;
import dev.ladera.Shape;
import dev.ladera.ShapeException;
import dev.ladera.Tensor;
import dev.ladera.testkit.ReferenceBackend;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** The walk back: its order, where it begins, what it gathers, hooks, and who owns a gradient. */
class BackwardPassTest {
  private static Tensor leaf(double... values) {
    return Tensor.of(values).requiresGrad(true);
  }

  private static Tensor vector(double... values) {
    return Tensor.of(values);
  }

  private static Tensor grad(Tensor tensor) {
    return Objects.requireNonNull(tensor.grad());
  }

  @Test
  void theLastRecordedStepIsWalkedOverFirst() {
    List<String> seen = new ArrayList<>();
    Tensor x = leaf(2);
    Tensor a = x.mul(3);
    Tensor b = x.exp();
    Tensor c = a.mul(b);
    Tensor d = a.add(c);
    List.of(new Named("a", a), new Named("b", b), new Named("c", c), new Named("d", d))
        .forEach(each ->
            each.tensor()
                .registerHook(g -> {
                  seen.add(each.name());
                  return g;
                }));
    d.sum().backward();
    assertThat(seen).containsExactly("d", "c", "b", "a");
  }

  private record Named(String name, Tensor tensor) {}

  @Test
  void aHookSeesTheWholeGradientOnce() {
    List<Double> seen = new ArrayList<>();
    Tensor x = leaf(2);
    Tensor y = x.mul(3);
    y.registerHook(g -> {
      seen.add(g.item());
      return g;
    });
    x.registerHook(g -> {
      seen.add(g.item());
      return g;
    });
    y.add(y.mul(10)).add(x).sum().backward();
    assertThat(seen).containsExactly(11.0, 34.0);
  }

  @Test
  void hooksRunInTheirOrderAndReplaceWhatIsKept() {
    Tensor x = leaf(1);
    Tensor y = x.mul(2).retainGrad();
    y.registerHook(g -> g.add(1));
    y.registerHook(g -> g.mul(10));
    y.sum().backward();
    assertThat(grad(y).item()).isEqualTo(20);
    assertThat(grad(x).item()).isEqualTo(40);
    assertThat(Gradients.grad(hooked(x).sum(), x).getFirst().item()).isEqualTo(14);
  }

  private static Tensor hooked(Tensor x) {
    Tensor y = x.mul(2);
    y.registerHook(g -> g.mul(7));
    return y;
  }

  @Test
  void aHookOfALeafWorksForAskedGradientsToo() {
    Tensor x = leaf(1);
    x.registerHook(g -> g.mul(5));
    assertThat(Gradients.grad(x.mul(2).sum(), x).getFirst().item()).isEqualTo(10);
    assertThat(x.grad()).isNull();
  }

  @Test
  void aHookKeepsShapeTypeAndDevice() {
    Device other = Device.of("reference", new ReferenceBackend());
    List<UnaryOperator<Tensor>> wrong =
        List.of(
            g -> Tensor.zeros(Shape.of(3), DType.FLOAT64, g.device()),
            g -> g.to(DType.FLOAT32),
            g -> g.to(other));
    for (UnaryOperator<Tensor> hook : wrong) {
      Tensor x = leaf(1, 2);
      x.registerHook(hook);
      assertThatThrownBy(() -> x.sum().backward())
          .isInstanceOf(GradientException.class)
          .hasMessageStartingWith(
              "registerHook: a hook was given a gradient float64(2,) on reference:0 and answered ")
          .hasMessageEndingWith("; shape, type and device must stay");
    }
  }

  @Test
  void severalOutputsAreWalkedBackTogether() {
    Tensor x = leaf(2);
    Tensor shared = x.mul(3);
    Tensor a = shared.mul(5);
    Tensor b = shared.exp().mul(0);
    Gradients.backward(
        List.of(a, b, x), new @Nullable Tensor[] {null, vector(9), vector(100)}, false, false);
    assertThat(grad(x).item()).isEqualTo(115);
  }

  @Test
  void anOutputMayBeALeafAndMayBeNamedTwice() {
    Tensor x = leaf(2);
    x.backward();
    assertThat(grad(x).item()).isEqualTo(1);
    Tensor y = x.mul(3);
    Gradients.backward(List.of(y, y), new @Nullable Tensor[] {vector(1), vector(10)}, false, false);
    assertThat(grad(x).item()).isEqualTo(34);
  }

  @Test
  void askedGradientsAreNullWhereNothingDepends() {
    Tensor x = leaf(1);
    Tensor z = leaf(1);
    Tensor unrelated = z.mul(2);
    List<@Nullable Tensor> found =
        Gradients.grad(
            List.of(x.mul(3)),
            List.of(z, x, unrelated),
            Collections.singletonList(null),
            false,
            false);
    assertThat(found.get(0)).isNull();
    assertThat(Objects.requireNonNull(found.get(1)).item()).isEqualTo(3);
    assertThat(found.get(2)).isNull();
    assertThat(Arrays.asList(x.grad(), z.grad())).containsOnlyNulls();
  }

  @Test
  void anOutputsOwnGradientIsWhereThePassBegins() {
    Tensor x = leaf(1);
    Tensor y = x.mul(3);
    assertThat(Gradients.grad(y, y).getFirst().item()).isEqualTo(1);
  }

  @Test
  void eachOutputOfAStepHasItsOwnGradient() {
    Tensor x = Tensor.of(new double[] {1, 2, 3, 6}, 2, 2).requiresGrad(true);
    var normal = x.batchNorm(0);
    List<@Nullable Tensor> found =
        Gradients.grad(
            List.of(normal.mean().mul(5).sum().add(normal.variance().mul(7).sum())),
            List.of(normal.variance(), normal.mean(), normal.output()),
            Collections.singletonList(null),
            false,
            false);
    assertThat(Objects.requireNonNull(found.get(0)).toDoubleArray()).containsExactly(7, 7);
    assertThat(Objects.requireNonNull(found.get(1)).toDoubleArray()).containsExactly(5, 5);
    assertThat(found.get(2)).isNull();
  }

  @Test
  void wherePassesCannotBeginTheErrorSaysWhy() {
    Tensor x = leaf(1, 2);
    Tensor y = x.mul(2);
    assertThatThrownBy(y::backward)
        .isInstanceOf(GradientException.class)
        .hasMessage(
            "backward: output 0 of shape (2,) is no scalar; give the gradient to start from, or"
                + " sum() it first");
    assertThatThrownBy(() -> vector(1).backward())
        .isInstanceOf(GradientException.class)
        .hasMessage(
            "backward: output 0 of shape (1,) was not computed from a tensor that requires a"
                + " gradient, or not recorded; call requiresGrad(true) before computing, and"
                + " compute outside of noGrad");
    assertThatThrownBy(() -> y.backward(vector(1)))
        .isInstanceOf(ShapeException.class)
        .hasMessage("backward: gradient (1,) must have the shape of output 0, (2,)");
    assertThatThrownBy(
            () -> Gradients.backward(List.of(y), new @Nullable Tensor[] {null, null}, false, false))
        .isInstanceOf(GradientException.class)
        .hasMessage("backward: there are 1 outputs and 2 gradients");
    assertThatThrownBy(() -> Gradients.grad(y.sum(), vector(1)))
        .isInstanceOf(GradientException.class)
        .hasMessage(
            "grad: input 0 of shape (1,) requires no gradient; call requiresGrad(true) before"
                + " computing with it");
    Device other = Device.of("reference", new ReferenceBackend());
    assertThatThrownBy(() -> y.backward(vector(1, 2).to(other)))
        .isInstanceOf(DeviceException.class)
        .hasMessage(
            "backward: gradient 0 is on reference:0 and its output on reference:0; use to(Device)");
  }

  @Test
  void aGradientToStartFromTakesTheOutputsType() {
    Tensor x = leaf(1, 2);
    x.mul(2).backward(Tensor.of(new float[] {1, 10}));
    assertThat(grad(x).dtype()).isEqualTo(DType.FLOAT64);
    assertThat(grad(x).toDoubleArray()).containsExactly(2, 20);
  }

  @Test
  void passesKeepTheGraphOnlyWhenAsked() {
    Tensor x = leaf(3);
    Tensor y = x.square();
    Gradients.grad(List.of(y), List.of(x), Collections.singletonList(null), true, false);
    Gradients.grad(y, x);
    assertThatThrownBy(() -> Gradients.grad(y, x)).isInstanceOf(GradientException.class);
  }

  @Test
  void onlyARecordedPassCanBeDifferentiatedAgain() {
    Tensor x = leaf(3);
    x.square().backward(true, false);
    assertThat(grad(x).requiresGrad()).isFalse();
    x.clearGrad();
    Tensor y = x.square();
    y.backward(false, true);
    assertThat(grad(x).requiresGrad()).isTrue();
    assertThat(Gradients.grad(grad(x), x).getFirst().item()).isEqualTo(2);
    // A recorded pass keeps the graph.
    y.backward(true, false);
    Gradients.noGrad(() -> x.square());
    assertThat(Gradients.areRecorded()).isTrue();
  }

  @Test
  void aPassInNoGradRecordsOnlyIfItIsToBeDifferentiated() {
    Tensor x = leaf(3);
    Tensor y = x.square();
    Tensor first = Gradients.noGrad(() -> Gradients.grad(y, List.of(x), true).getFirst());
    assertThat(first.requiresGrad()).isTrue();
  }

  @Test
  void whoseGradientIsOverwrittenChangesNobodyElses() {
    Tensor seed = vector(1, 2);
    Tensor x = leaf(1, 2);
    Tensor y = leaf(3, 4);
    x.add(y).backward(seed);
    grad(x).fill(9);
    assertThat(seed.toDoubleArray()).containsExactly(1, 2);
    assertThat(grad(y).toDoubleArray()).containsExactly(1, 2);
    grad(y).fill(8);
    assertThat(seed.toDoubleArray()).containsExactly(1, 2);
    assertThat(grad(x).toDoubleArray()).containsExactly(9, 9);
  }

  @Test
  void aGradientThatNobodyElseSeesIsNotCopied() {
    AtomicReference<@Nullable Tensor> seen = new AtomicReference<>();
    Tensor x = leaf(1, 2);
    x.registerHook(g -> {
      Tensor made = g.mul(2);
      seen.set(made);
      return made;
    });
    x.sum().backward();
    assertThat(grad(x).storage()).isSameAs(Objects.requireNonNull(seen.get()).storage());
  }

  @Test
  void aKeptGradientHoldsNoMoreMemoryThanItNeedsAndLiesInOrder() {
    Tensor x = Tensor.of(new double[] {1, 2, 3, 4}, 2, 2).requiresGrad(true);
    x.registerHook(g -> Tensor.stack(0, g.mul(2), g).select(0, 0));
    x.sum().backward();
    assertThat(grad(x).storage().elements()).isEqualTo(4);
    x.clearGrad();
    Tensor y = Tensor.of(new double[] {1, 2, 3, 4}, 2, 2).requiresGrad(true);
    y.registerHook(g -> g.mul(2).copy().t());
    y.sum().backward();
    assertThat(grad(y).isContiguous()).isTrue();
  }
}
