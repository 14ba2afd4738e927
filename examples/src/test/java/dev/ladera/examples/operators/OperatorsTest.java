package dev.ladera.examples.operators;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ladera.DType;
import dev.ladera.DTypeException;
import dev.ladera.Device;
import dev.ladera.Generator;
import dev.ladera.GradientException;
import dev.ladera.Shape;
import dev.ladera.ShapeException;
import dev.ladera.Tensor;
import dev.ladera.autograd.GradCheck;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The worked examples of operators of one's own. */
class OperatorsTest {
  private static Tensor random(String device, int... sizes) {
    return random(device, DType.FLOAT64, sizes);
  }

  private static Tensor random(String device, DType dtype, int... sizes) {
    return new Generator(3).uniform(Shape.of(sizes), dtype, Device.of(device)).add(0.5);
  }

  private static void check(Function<List<Tensor>, Tensor> function, Tensor... inputs) {
    GradCheck.of(function).secondOrder().check(inputs);
  }

  @ParameterizedTest
  @ValueSource(strings = {"cpu", "reference"})
  void lambdas(String device) {
    Tensor x = random(device, 3, 4).sub(1);
    assertThat(Lambdas.MISH.call(x).sub(x.mul(x.softplus().tanh())).abs().amax().item())
        .isLessThan(1e-15);
    check(in -> Lambdas.MISH.call(in.get(0).t().flip(0)), x);
    check(in -> Lambdas.HYPOTENUSE.call(in.get(0), in.get(1)), random(device, 3, 1), x);
    assertThat(Lambdas.MISH.call(x.slice(0, 0, 0)).shape()).isEqualTo(Shape.of(0, 4));
  }

  @ParameterizedTest
  @ValueSource(strings = {"cpu", "reference"})
  void aLambdaOfManyInputsOfSeveralTypesBroadcasts(String device) {
    Tensor mask = Tensor.of(new boolean[] {true, false, true}).to(Device.of(device));
    Tensor a = Tensor.of(new int[] {10, 20}, 2, 1).to(Device.of(device));
    Tensor b = Tensor.of(new double[] {20, 40, 60}).to(Device.of(device)).requiresGrad(true);
    Tensor t = Tensor.scalar(0.25).to(Device.of(device)).requiresGrad(true);
    Tensor y = Lambdas.BLEND.call(mask, a, b, t);
    assertThat(y.dtype()).isEqualTo(DType.FLOAT64);
    assertThat(y.toDoubleArray()).containsExactly(12.5, 10, 22.5, 20, 20, 30);
    y.sum().backward();
    assertThat(Objects.requireNonNull(b.grad()).toDoubleArray()).containsExactly(0.5, 0, 0.5);
    Tensor slope = Objects.requireNonNull(t.grad());
    assertThat(slope.dtype()).isEqualTo(DType.FLOAT32);
    assertThat(slope.item()).isEqualTo(10 + 50 + 0 + 40);
  }

  @ParameterizedTest
  @ValueSource(strings = {"cpu", "reference"})
  void functions(String device) {
    Tensor x = random(device, 3, 4);
    assertThat(Functions.SQUARE_ROOT.call(x).sub(x.sqrt()).abs().amax().item()).isLessThan(1e-14);
    check(in -> Functions.SQUARE_ROOT.call(in.get(0).t()), x);
    assertThat(Functions.SQUARE_ROOT.call(x.slice(0, 0, 0)).elements()).isZero();
    check(in -> Functions.CLIPPED.call(in.get(0)), x);
    check(in -> Functions.CLIPPED.call(in.get(0)), x.mul(0.01));

    Tensor leaf = x.detach().requiresGrad(true);
    Functions.STRAIGHT_THROUGH_ROUND.call(leaf).sum().backward();
    assertThat(Objects.requireNonNull(leaf.grad()).toDoubleArray()).containsOnly(1);

    List<Tensor> range = Functions.RANGE.callAll(leaf);
    assertThat(range.get(0).item()).isEqualTo(x.amin().item());
    assertThat(range.get(1).item()).isEqualTo(x.amax().item());
    assertThatThrownBy(() -> range.get(1).backward())
        .isInstanceOf(GradientException.class)
        .hasMessageStartingWith("range: has no gradient");
  }

  @Test
  void theKernelOfTheClassIsFoundOnTheCpuAndNowhereElse() {
    RmsNorm norm = new RmsNorm(1e-6);
    assertThat(Device.of("cpu").hasKernel(norm, random("cpu", 2, 3).type())).isTrue();
    assertThat(Device.of("reference").hasKernel(norm, random("reference", 2, 3).type())).isFalse();
  }

  @Test
  void kernelAndDecompositionAgree() {
    RmsNorm norm = new RmsNorm(1e-3);
    for (DType dtype : List.of(DType.FLOAT32, DType.FLOAT64)) {
      Tensor x = random("cpu", dtype, 6, 8).sub(1);
      for (Tensor view :
          List.of(
              x,
              x.t(),
              x.flip(1).slice(0, 1, 6, 2),
              x.slice(1, 2, 3).expand(6, 5),
              x.reshape(2, 3, 8).permute(1, 2, 0),
              x.select(0, 1),
              x.slice(0, 0, 0),
              x.slice(1, 0, 0))) {
        Tensor expected = norm.call(view.to(Device.of("reference"))).to(Device.of("cpu"));
        Tensor apart = norm.call(view).sub(expected).abs();
        assertThat(apart.shape()).isEqualTo(view.shape());
        assertThat(apart.gt(dtype == DType.FLOAT32 ? 1e-6 : 1e-15).any().item()).isZero();
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"cpu", "reference"})
  void gradientsOfTheClass(String device) {
    RmsNorm norm = new RmsNorm(0.1);
    check(in -> norm.call(in.get(0)).square(), random(device, 3, 4).sub(1));
    check(in -> norm.call(in.get(0).t()).exp(), random(device, 2, 3));
  }

  @Test
  void theClassRefusesWhatItDoesNotTake() {
    RmsNorm norm = new RmsNorm(1e-6);
    assertThatThrownBy(() -> norm.call(Tensor.arange(3)))
        .isInstanceOf(DTypeException.class)
        .hasMessage("rmsNorm: input is int64; a floating type is needed");
    assertThatThrownBy(() -> norm.call(Tensor.scalar(1)))
        .isInstanceOf(ShapeException.class)
        .hasMessage("rmsNorm: input has no axes; at least one is needed");
    assertThatThrownBy(() -> norm.call(Tensor.ones(2), Tensor.ones(2)))
        .hasMessage("rmsNorm: inputs must be 1, not 2");
  }
}
