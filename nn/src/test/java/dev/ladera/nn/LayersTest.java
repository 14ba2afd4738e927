package dev.ladera.nn;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ladera.DType;
import dev.ladera.Gradients;
import dev.ladera.Tensor;
import java.util.Map;
import java.util.Objects;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every layer against PyTorch's numbers: outputs, gradients, buffers. */
final class LayersTest {
  private static final Map<String, Golden> CASES = Golden.read("layers.txt");

  private static final Map<String, Supplier<Module>> LAYERS =
      Map.ofEntries(
          Map.entry("linear", () -> new Linear(4, 3)),
          Map.entry("linear-without-bias", () -> new Linear(4, 3).bias(false)),
          Map.entry("linear-vector", () -> new Linear(4, 3)),
          Map.entry("conv1d", () -> new Conv1d(2, 3, 3)),
          Map.entry(
              "conv1d-options",
              () -> new Conv1d(4, 6, 3).stride(2).padding(2).dilation(2).groups(2).bias(false)),
          Map.entry("conv1d-unbatched", () -> new Conv1d(2, 3, 3)),
          Map.entry("conv2d", () -> new Conv2d(2, 3, 3)),
          Map.entry(
              "conv2d-options",
              () -> new Conv2d(4, 2, 3, 2).groups(2).stride(2, 1).padding(1, 2).dilation(1, 2)),
          Map.entry("conv2d-unbatched", () -> new Conv2d(1, 2, 2)),
          Map.entry("maxpool2d", () -> new MaxPool2d(2)),
          Map.entry(
              "maxpool2d-options",
              () -> new MaxPool2d(3, 2).stride(2, 1).padding(1, 1).dilation(1, 2).ceilMode(true)),
          Map.entry("maxpool2d-unbatched", () -> new MaxPool2d(2).stride(1)),
          Map.entry("avgpool2d", () -> new AvgPool2d(2)),
          Map.entry(
              "avgpool2d-options",
              () ->
                  new AvgPool2d(3, 2)
                      .stride(2, 1)
                      .padding(1, 1)
                      .ceilMode(true)
                      .countIncludePad(false)),
          Map.entry("avgpool2d-ceil", () -> new AvgPool2d(3).stride(2).padding(1).ceilMode(true)),
          Map.entry("batchnorm1d", () -> new BatchNorm1d(3)),
          Map.entry("batchnorm1d-sequence", () -> new BatchNorm1d(3).momentum(0.3).eps(1e-3)),
          Map.entry("batchnorm1d-cumulative", () -> new BatchNorm1d(2).cumulativeAverage()),
          Map.entry("batchnorm2d", () -> new BatchNorm2d(2)),
          Map.entry(
              "batchnorm2d-plain", () -> new BatchNorm2d(2).affine(false).trackRunningStats(false)),
          Map.entry("batchnorm2d-eval", LayersTest::evaluated),
          Map.entry("layernorm", () -> new LayerNorm(4)),
          Map.entry("layernorm-options", () -> new LayerNorm(2, 3).eps(1e-2).bias(false)),
          Map.entry("layernorm-plain", () -> new LayerNorm(4).elementwiseAffine(false)),
          Map.entry("embedding", () -> new Embedding(5, 3)),
          Map.entry("embedding-padding", () -> new Embedding(5, 3).paddingIdx(2)),
          Map.entry("flatten", Flatten::new),
          Map.entry("flatten-axes", () -> new Flatten(0, 1)),
          Map.entry("relu", ReLU::new),
          Map.entry("leakyrelu", LeakyReLU::new),
          Map.entry("leakyrelu-slope", () -> new LeakyReLU(0.2)),
          Map.entry("elu", ELU::new),
          Map.entry("elu-alpha", () -> new ELU(0.5)),
          Map.entry("gelu", GELU::new),
          Map.entry("gelu-tanh", () -> new GELU(GELU.Form.TANH)),
          Map.entry("silu", SiLU::new),
          Map.entry("tanh", Tanh::new),
          Map.entry("sigmoid", Sigmoid::new),
          Map.entry("softplus", Softplus::new),
          Map.entry("softplus-options", () -> new Softplus(2, 10)),
          Map.entry("softmax", () -> new Softmax(1)),
          Map.entry("softmax-axis", () -> new Softmax(0)),
          Map.entry("logsoftmax", () -> new LogSoftmax(1)),
          Map.entry("identity", Identity::new),
          Map.entry("dropout-eval", () -> new Dropout(0.5).eval()),
          Map.entry(
              "chain",
              () ->
                  new Sequential(
                      new Linear(4, 3),
                      new Tanh(),
                      new Sequential(new Linear(3, 2), new LogSoftmax(1)))));

  private static Module evaluated() {
    BatchNorm2d norm = new BatchNorm2d(2);
    norm.loadStateDict(
        Map.of(
            "running_mean", Tensor.of(new float[] {0.5f, -1}),
            "running_var", Tensor.of(new float[] {2, 0.25f})),
        false);
    return norm.eval();
  }

  private static Stream<String> cases() {
    return CASES.keySet().stream();
  }

  @Test
  void everyCaseHasItsLayer() {
    assertThat(LAYERS.keySet()).containsExactlyInAnyOrderElementsOf(CASES.keySet());
  }

  private static Module layer(String name, DType dtype) {
    Module module = Objects.requireNonNull(LAYERS.get(name)).get().to(dtype);
    Golden golden = Objects.requireNonNull(CASES.get(name));
    module.loadStateDict(golden.with("parameter."), false);
    assertThat(module.namedParameters().keySet())
        .containsExactlyElementsOf(golden.with("parameter.").keySet());
    return module;
  }

  private static void compare(String name, DType dtype, double tolerance) {
    Golden golden = Objects.requireNonNull(CASES.get(name));
    Module module = layer(name, dtype);
    Tensor given = golden.get("input");
    Tensor input = given.dtype().isFloating() ? given.to(dtype).copy().requiresGrad(true) : given;
    Tensor output = module.forward(input);
    Golden.assertClose("output", golden.get("output"), output, tolerance);
    assertThat(output.dtype()).isEqualTo(dtype);
    if (output.requiresGrad()) {
      output.backward(golden.get("g").to(dtype));
    }
    if (input.requiresGrad()) {
      Golden.assertClose("gradient.input", golden.get("gradient.input"), grad(input), tolerance);
    }
    module
        .namedParameters()
        .forEach((key, parameter) ->
            Golden.assertClose(key, golden.get("gradient." + key), grad(parameter), tolerance));
    assertThat(module.namedBuffers().keySet())
        .containsExactlyElementsOf(golden.with("buffer.").keySet());
    module
        .namedBuffers()
        .forEach((key, buffer) ->
            Golden.assertClose(key, golden.get("buffer." + key), buffer, tolerance));
  }

  private static Tensor grad(Tensor tensor) {
    return Objects.requireNonNull(tensor.grad());
  }

  @ParameterizedTest
  @MethodSource("cases")
  void outputsAndGradientsArePyTorchsInFloat64(String name) {
    compare(name, DType.FLOAT64, 1e-8);
  }

  @ParameterizedTest
  @MethodSource("cases")
  void outputsAndGradientsArePyTorchsInFloat32(String name) {
    compare(name, DType.FLOAT32, 2e-4);
  }

  @ParameterizedTest
  @MethodSource("cases")
  void nothingIsRecordedUnderNoGrad(String name) {
    Module module = layer(name, DType.FLOAT64);
    Golden golden = Objects.requireNonNull(CASES.get(name));
    Tensor output = Gradients.noGrad(() -> module.forward(golden.get("input")));
    Golden.assertClose("output", golden.get("output"), output, 1e-8);
    assertThat(output.requiresGrad()).isFalse();
  }
}
