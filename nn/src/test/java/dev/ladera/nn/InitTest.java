package dev.ladera.nn;

import static java.util.Map.entry;
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
import dev.ladera.testkit.conformance.PyTorchCase;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

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

  private static Stream<PyTorchCase> cases(String part) {
    List<PyTorchCase> found =
        PyTorchCase.read(InitTest.class, "initialisers.txt").values().stream()
            .filter(answers -> answers.toString().contains(part))
            .toList();
    assertThat(found).isNotEmpty();
    return found.stream();
  }

  @Test
  void gainsArePyTorchs() {
    Map<String, Double> gains =
        Map.of(
            "calculate_gain('linear')", Init.gain(Init.Nonlinearity.LINEAR, 0),
            "calculate_gain('conv2d')", Init.gain(Init.Nonlinearity.LINEAR, 0),
            "calculate_gain('sigmoid')", Init.gain(Init.Nonlinearity.SIGMOID, 0),
            "calculate_gain('tanh')", Init.gain(Init.Nonlinearity.TANH, 0),
            "calculate_gain('relu')", Init.gain(Init.Nonlinearity.RELU, 0),
            "calculate_gain('leaky_relu', 0.2)", Init.gain(Init.Nonlinearity.LEAKY_RELU, 0.2),
            "calculate_gain('leaky_relu', 0.0)", Init.gain(Init.Nonlinearity.LEAKY_RELU, 0),
            "calculate_gain('selu')", Init.gain(Init.Nonlinearity.SELU, 0));
    assertThat(cases("gain("))
        .hasSameSizeAs(gains.keySet())
        .allSatisfy(answers ->
            assertThat(gains.get(answers.toString()))
                .isCloseTo(answers.get("gain").item(), within(1e-11)));
  }

  private static final Map<String, UnaryOperator<Tensor>> DRAWN =
      Map.ofEntries(
          entry("uniform_(weight, -2.0, 3.0)", w -> Init.uniform(w, -2, 3)),
          entry("normal_(weight, 1.5, 0.25)", w -> Init.normal(w, 1.5, 0.25)),
          entry("xavier_uniform_(weight)", Init::xavierUniform),
          entry("xavier_uniform_(weight, gain=2.5)", w -> Init.xavierUniform(w, 2.5)),
          entry("xavier_normal_(weight)", Init::xavierNormal),
          entry("xavier_normal_(weight, gain=2.5)", w -> Init.xavierNormal(w, 2.5)),
          entry("kaiming_uniform_(weight)", Init::kaimingUniform),
          entry(
              "kaiming_uniform_(weight, a=0.3, mode='fan_out')",
              w -> Init.kaimingUniform(w, 0.3, Init.Mode.FAN_OUT, Init.Nonlinearity.LEAKY_RELU)),
          entry(
              "kaiming_uniform_(weight, mode='fan_in', nonlinearity='tanh')",
              w -> Init.kaimingUniform(w, 0, Init.Mode.FAN_IN, Init.Nonlinearity.TANH)),
          entry("kaiming_normal_(weight)", Init::kaimingNormal),
          entry(
              "kaiming_normal_(weight, a=0.3, mode='fan_in')",
              w -> Init.kaimingNormal(w, 0.3, Init.Mode.FAN_IN, Init.Nonlinearity.LEAKY_RELU)),
          entry(
              "kaiming_normal_(weight, mode='fan_out', nonlinearity='relu')",
              w -> Init.kaimingNormal(w, 0, Init.Mode.FAN_OUT, Init.Nonlinearity.RELU)),
          entry(
              "kaiming_normal_(weight, mode='fan_in', nonlinearity='selu')",
              w -> Init.kaimingNormal(w, 0, Init.Mode.FAN_IN, Init.Nonlinearity.SELU)));

  private static Stream<PyTorchCase> drawn() {
    return cases(" of ");
  }

  /** The same seed gives the same numbers, so that bounds and deviations can be told exactly. */
  @ParameterizedTest
  @MethodSource("drawn")
  void numbersAreDrawnWithPyTorchsBoundsAndDeviations(PyTorchCase answers) {
    String[] parts = answers.toString().split(" of ");
    Shape shape =
        Shape.of(Arrays.stream(parts[1].split("x")).mapToInt(Integer::parseInt).toArray());
    Tensor weight = Tensor.zeros(shape, DType.FLOAT64, Device.standard());
    Tensor found = Objects.requireNonNull(DRAWN.get(parts[0])).apply(weight);
    assertThat(found).isSameAs(weight);
    seed();
    Tensor expected = Tensor.zeros(shape, DType.FLOAT64, Device.standard());
    boolean uniform = answers.has("uniform");
    Tensor with = answers.get(uniform ? "uniform" : "normal");
    if (uniform) {
      Init.uniform(expected, with.at(0), with.at(1));
    } else {
      Init.normal(expected, with.at(0), with.at(1));
    }
    assertThat(found.toDoubleArray()).containsExactly(expected.toDoubleArray(), within(1e-10));
  }

  @Test
  void everyWayToDrawIsComparedWithPyTorch() {
    assertThat(drawn().map(answers -> answers.toString().split(" of ")[0]).distinct())
        .containsExactlyInAnyOrderElementsOf(DRAWN.keySet());
  }

  @Test
  void constantsAndTheIdentityArePyTorchs() {
    Map<String, UnaryOperator<Tensor>> fills =
        Map.of(
            "zeros_(weight)",
            Init::zeros,
            "ones_(weight)",
            Init::ones,
            "constant_(weight, 0.25)",
            w -> Init.constant(w, 0.25),
            "eye_(weight)",
            Init::eye);
    assertThat(cases("s_(weight)")).hasSize(2);
    fills.forEach((words, fill) ->
        assertThat(cases(words))
            .singleElement()
            .satisfies(answers ->
                answers.assertClose(
                    "weight",
                    fill.apply(Tensor.full(Shape.of(3, 5), 7, DType.FLOAT64, Device.standard())),
                    0)));
    assertThatThrownBy(() -> Init.eye(Tensor.zeros(3))).isInstanceOf(ShapeException.class);
  }

  private static final Map<String, Supplier<Module>> LAYERS =
      Map.of(
          "Linear(4, 5000)", () -> new Linear(4, 5000),
          "Conv1d(4, 3000, 3, groups=2)", () -> new Conv1d(4, 3000, 3).groups(2),
          "Conv2d(3, 3000, (2, 5))", () -> new Conv2d(3, 3000, 2, 5),
          "Embedding(100, 80)", () -> new Embedding(100, 80),
          "BatchNorm1d(3)", () -> new BatchNorm1d(3),
          "BatchNorm2d(3)", () -> new BatchNorm2d(3),
          "LayerNorm((2, 3))", () -> new LayerNorm(2, 3));

  @Test
  void layersBeginAsInPyTorch() {
    LAYERS.forEach((words, layer) ->
        assertThat(cases(words))
            .singleElement()
            .satisfies(answers ->
                layer
                    .get()
                    .namedParameters()
                    .forEach((name, value) -> assertBegins(answers, name, value.detach()))));
  }

  private static void assertBegins(PyTorchCase answers, String name, Tensor value) {
    if (answers.has(name + ".uniform")) {
      assertUniform(value, answers.get(name + ".uniform").at(1));
    } else if (answers.has(name + ".normal")) {
      assertNormal(value, answers.get(name + ".normal").at(1));
    } else {
      answers.assertClose(name + ".filled", value, 0);
    }
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
  void weightsNeedTwoAxes() {
    assertThatThrownBy(() -> Init.kaimingUniform(Tensor.zeros(3)))
        .isInstanceOf(ShapeException.class)
        .hasMessage("fanIn: weight (3,) must have at least two axes: (outputs, inputs, …)");
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
    assertThat(tall.t().matmul(tall).toDoubleArray())
        .containsExactly(Tensor.eye(3).toDoubleArray(), within(1e-12));
    Tensor kernels =
        Init.orthogonal(Tensor.zeros(Shape.of(4, 3, 2, 2), DType.FLOAT64, Device.standard()), 2);
    Tensor rows = kernels.reshape(4, 12);
    assertThat(rows.matmul(rows.t()).toDoubleArray())
        .containsExactly(Tensor.eye(4).mul(4).toDoubleArray(), within(1e-12));
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
