package dev.ladera.nn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.ladera.ArgumentException;
import dev.ladera.DType;
import dev.ladera.Device;
import dev.ladera.Generator;
import dev.ladera.Shape;
import dev.ladera.ShapeException;
import dev.ladera.Tensor;
import java.util.Objects;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** First values: bounds, means and deviations over enough numbers to tell. */
final class InitTest {
  private static final Offset<Double> CLOSE = within(0.02);

  @BeforeEach
  void seed() {
    Generator.manualSeed(42);
  }

  /** Uniform numbers fill their bounds and have the variance bound² / 3. */
  private static void assertUniform(Tensor tensor, double bound) {
    double least = tensor.detach().amin().item();
    double most = tensor.detach().amax().item();
    assertThat(most).isLessThanOrEqualTo(bound * (1 + 1e-6)).isGreaterThan(bound * 0.97);
    assertThat(least).isGreaterThanOrEqualTo(-bound * (1 + 1e-6)).isLessThan(-bound * 0.97);
    assertThat(tensor.detach().mean().item() / bound).isCloseTo(0, within(0.05));
    assertThat(tensor.detach().std().item() / bound).isCloseTo(Math.sqrt(1.0 / 3), CLOSE);
  }

  private static void assertNormal(Tensor tensor, double std) {
    assertThat(tensor.mean().item() / std).isCloseTo(0, within(0.05));
    assertThat(tensor.std().item() / std).isCloseTo(1, CLOSE);
  }

  @Test
  void layersBeginWithinPyTorchsBounds() {
    Linear linear = new Linear(100, 80);
    assertUniform(linear.weight(), 0.1);
    Linear wide = new Linear(4, 5000);
    assertUniform(Objects.requireNonNull(wide.bias()), 0.5);
    Conv2d conv = new Conv2d(8, 64, 5).groups(2);
    assertThat(conv.weight().shape()).isEqualTo(Shape.of(64, 4, 5, 5));
    assertUniform(conv.weight(), 0.1);
    Conv1d many = new Conv1d(1, 5000, 4);
    assertUniform(Objects.requireNonNull(many.bias()), 0.5);
    assertNormal(new Embedding(100, 80).weight().detach(), 1);
    assertThat(Objects.requireNonNull(new BatchNorm1d(2).weight()).toFloatArray())
        .containsExactly(1, 1);
    assertThat(Objects.requireNonNull(new LayerNorm(2).bias()).toFloatArray())
        .containsExactly(0, 0);
  }

  @Test
  void uniformAndNormalTakeBoundsAndDeviation() {
    Tensor tensor = Tensor.zeros(100, 100);
    assertThat(Init.uniform(tensor, -2, 2)).isSameAs(tensor);
    assertUniform(tensor, 2);
    Init.uniform(tensor, 3, 5);
    assertThat(tensor.amin().item()).isBetween(3.0, 3.01);
    Init.normal(tensor, 4, 0.5);
    assertThat(tensor.mean().item()).isCloseTo(4, CLOSE);
    assertNormal(tensor.sub(4), 0.5);
    assertThatThrownBy(() -> Init.uniform(tensor, 1, 0)).isInstanceOf(ArgumentException.class);
    assertThatThrownBy(() -> Init.normal(tensor, 0, -1)).isInstanceOf(ArgumentException.class);
  }

  @Test
  void glorotAndHeFollowTheirFormulas() {
    // Fan-in 50 · 4 = 200, fan-out 100 · 4 = 400.
    Tensor weight = Tensor.zeros(100, 50, 2, 2);
    assertUniform(Init.xavierUniform(weight), Math.sqrt(6.0 / 600));
    assertUniform(Init.xavierUniform(weight, 5.0 / 3), 5.0 / 3 * Math.sqrt(6.0 / 600));
    assertNormal(Init.xavierNormal(weight), Math.sqrt(2.0 / 600));
    assertUniform(Init.kaimingUniform(weight), Math.sqrt(6.0 / 200));
    assertNormal(Init.kaimingNormal(weight), Math.sqrt(2.0 / 200));
    assertNormal(
        Init.kaimingNormal(weight, 0, Init.Mode.FAN_OUT, Init.Nonlinearity.TANH),
        5.0 / 3 / Math.sqrt(400));
    assertUniform(
        Init.kaimingUniform(weight, 0.5, Init.Mode.FAN_IN, Init.Nonlinearity.LEAKY_RELU),
        Math.sqrt(2 / 1.25) * Math.sqrt(3.0 / 200));
    assertThatThrownBy(() -> Init.kaimingUniform(Tensor.zeros(3)))
        .isInstanceOf(ShapeException.class)
        .hasMessage("fanIn: weight (3,) must have at least two axes: (outputs, inputs, …)");
  }

  @Test
  void gainsArePyTorchs() {
    assertThat(Init.gain(Init.Nonlinearity.LINEAR, 0)).isEqualTo(1);
    assertThat(Init.gain(Init.Nonlinearity.SIGMOID, 0)).isEqualTo(1);
    assertThat(Init.gain(Init.Nonlinearity.TANH, 0)).isEqualTo(5.0 / 3);
    assertThat(Init.gain(Init.Nonlinearity.RELU, 0)).isEqualTo(Math.sqrt(2));
    assertThat(Init.gain(Init.Nonlinearity.LEAKY_RELU, 0.01)).isEqualTo(Math.sqrt(2 / 1.0001));
    assertThat(Init.gain(Init.Nonlinearity.SELU, 0)).isEqualTo(0.75);
  }

  @Test
  void truncatedNormalNumbersStayWithinTheirBounds() {
    Tensor tensor = Tensor.zeros(Shape.of(20000), DType.FLOAT64, Device.standard());
    Init.truncNormal(tensor);
    assertThat(tensor.amin().item()).isBetween(-2.0, -1.95);
    assertThat(tensor.amax().item()).isBetween(1.95, 2.0);
    // Within ±2 the deviation of a normal number is 0.87962566.
    assertThat(tensor.std().item()).isCloseTo(0.8796, CLOSE);
    assertThat(tensor.mean().item()).isCloseTo(0, CLOSE);
    // A third of the numbers within ±2 lie within ±0.4046.
    assertThat(tensor.abs().lt(0.4046).to(DType.FLOAT64).mean().item()).isCloseTo(1.0 / 3, CLOSE);

    Init.truncNormal(tensor, 10, 2, 14, 30);
    assertThat(tensor.amin().item()).isGreaterThanOrEqualTo(14).isLessThan(14.001);
    // The mean of a normal number beyond two deviations is 2.3732155 deviations out.
    assertThat(tensor.mean().item()).isCloseTo(10 + 2 * 2.3732, CLOSE);
    assertThatThrownBy(() -> Init.truncNormal(tensor, 0, 1, 2, 1))
        .isInstanceOf(ArgumentException.class)
        .hasMessageContaining("low and high");
  }

  @Test
  void orthogonalRowsOrColumnsHaveProductsOfZeroAndTheGainAsLength() {
    Tensor tall = Init.orthogonal(Tensor.zeros(Shape.of(6, 3), DType.FLOAT64, Device.standard()));
    Golden.assertClose("columns", Tensor.eye(3).to(DType.FLOAT64), tall.t().matmul(tall), 1e-12);
    Tensor kernels =
        Init.orthogonal(Tensor.zeros(Shape.of(4, 3, 2, 2), DType.FLOAT64, Device.standard()), 2);
    Tensor rows = kernels.reshape(4, 12);
    Golden.assertClose(
        "rows", Tensor.eye(4).to(DType.FLOAT64).mul(4), rows.matmul(rows.t()), 1e-12);
  }

  @Test
  void constantsAndTheIdentityFill() {
    assertThat(Init.constant(Tensor.zeros(2), 0.25).toFloatArray()).containsExactly(0.25f, 0.25f);
    assertThat(Init.ones(Tensor.zeros(2)).toFloatArray()).containsExactly(1, 1);
    assertThat(Init.zeros(Tensor.ones(2)).toFloatArray()).containsExactly(0, 0);
    assertThat(Init.eye(Tensor.zeros(2, 3)).toFloatArray()).containsExactly(1, 0, 0, 0, 1, 0);
    assertThatThrownBy(() -> Init.eye(Tensor.zeros(3))).isInstanceOf(ShapeException.class);
  }

  @Test
  void parametersAreOverwrittenInPlaceAndUnrecorded() {
    Linear linear = new Linear(2, 2);
    Tensor weight = linear.weight();
    Init.kaimingNormal(weight);
    assertThat(linear.weight()).isSameAs(weight);
    assertThat(weight.isLeaf()).isTrue();
    assertThat(weight.requiresGrad()).isTrue();
  }
}
