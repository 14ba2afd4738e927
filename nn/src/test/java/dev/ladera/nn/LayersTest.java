package dev.ladera.nn;

import static java.util.Map.entry;
import static org.assertj.core.api.Assertions.assertThat;

import dev.ladera.DType;
import dev.ladera.Gradients;
import dev.ladera.Tensor;
import dev.ladera.testkit.conformance.PyTorchCase;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every layer against PyTorch, by the words that PyTorch makes it with: outputs, gradients of
 * inputs and parameters, gradients of these, and buffers, over several passes in training and
 * evaluation.
 */
final class LayersTest {
  private static final Map<String, PyTorchCase> CASES =
      PyTorchCase.read(LayersTest.class, "layers.txt");

  private static final Map<String, Supplier<Module>> LAYERS = new LinkedHashMap<>();

  static {
    Stream.of(products(), windows(), normalisations(), others(), activations(), chains())
        .forEach(LAYERS::putAll);
  }

  private static Map<String, Supplier<Module>> products() {
    return Map.ofEntries(
        entry("Linear(4, 3)", () -> new Linear(4, 3)),
        entry("Linear(4, 3, bias=False)", () -> new Linear(4, 3).bias(false)),
        entry("Linear(1, 1)", () -> new Linear(1, 1)),
        entry("Conv1d(2, 3, 3)", () -> new Conv1d(2, 3, 3)),
        entry(
            "Conv1d(4, 6, 3, stride=2, padding=2, dilation=2, groups=2, bias=False)",
            () -> new Conv1d(4, 6, 3).stride(2).padding(2).dilation(2).groups(2).bias(false)),
        entry(
            "Conv1d(3, 3, 5, padding=4, groups=3)", () -> new Conv1d(3, 3, 5).padding(4).groups(3)),
        entry("Conv1d(2, 4, 1, stride=3)", () -> new Conv1d(2, 4, 1).stride(3)),
        entry("Conv1d(2, 2, 4, padding='same')", () -> new Conv1d(2, 2, 4).paddingSame()),
        entry(
            "Conv1d(2, 2, 3, padding='same', dilation=3)",
            () -> new Conv1d(2, 2, 3).paddingSame().dilation(3)),
        entry("Conv2d(2, 3, 3)", () -> new Conv2d(2, 3, 3)),
        entry(
            "Conv2d(4, 2, (3, 2), stride=(2, 1), padding=(1, 2), dilation=(1, 2), groups=2)",
            () -> new Conv2d(4, 2, 3, 2).stride(2, 1).padding(1, 2).dilation(1, 2).groups(2)),
        entry(
            "Conv2d(2, 6, 3, padding=1, groups=2)", () -> new Conv2d(2, 6, 3).padding(1).groups(2)),
        entry(
            "Conv2d(1, 2, (1, 3), stride=(3, 2), padding=(0, 3), bias=False)",
            () -> new Conv2d(1, 2, 1, 3).stride(3, 2).padding(0, 3).bias(false)),
        entry(
            "Conv2d(2, 2, 3, stride=2, padding=2, dilation=2)",
            () -> new Conv2d(2, 2, 3).stride(2).padding(2).dilation(2)),
        entry(
            "Conv2d(2, 2, (2, 3), padding='same', dilation=(3, 1))",
            () -> new Conv2d(2, 2, 2, 3).paddingSame().dilation(3, 1)));
  }

  private static Map<String, Supplier<Module>> windows() {
    return Map.ofEntries(
        entry("MaxPool2d(2)", () -> new MaxPool2d(2)),
        entry("MaxPool2d(2, stride=1)", () -> new MaxPool2d(2).stride(1)),
        entry("MaxPool2d(2, stride=3)", () -> new MaxPool2d(2).stride(3)),
        entry(
            "MaxPool2d(2, stride=3, ceil_mode=True)",
            () -> new MaxPool2d(2).stride(3).ceilMode(true)),
        entry("MaxPool2d(3, stride=2, padding=1)", () -> new MaxPool2d(3).stride(2).padding(1)),
        entry(
            "MaxPool2d(3, stride=2, padding=1, ceil_mode=True)",
            () -> new MaxPool2d(3).stride(2).padding(1).ceilMode(true)),
        entry(
            "MaxPool2d(2, padding=1, dilation=3, ceil_mode=True)",
            () -> new MaxPool2d(2).padding(1).dilation(3).ceilMode(true)),
        entry(
            "MaxPool2d((3, 2), stride=(2, 1), padding=(1, 1), dilation=(1, 2), ceil_mode=True)",
            () -> new MaxPool2d(3, 2).stride(2, 1).padding(1, 1).dilation(1, 2).ceilMode(true)),
        entry("AvgPool2d(2)", () -> new AvgPool2d(2)),
        entry("AvgPool2d(2, stride=1)", () -> new AvgPool2d(2).stride(1)),
        entry(
            "AvgPool2d(2, stride=3, ceil_mode=True)",
            () -> new AvgPool2d(2).stride(3).ceilMode(true)),
        entry(
            "AvgPool2d(3, stride=2, padding=1, ceil_mode=True)",
            () -> new AvgPool2d(3).stride(2).padding(1).ceilMode(true)),
        entry(
            "AvgPool2d(3, stride=2, padding=1, count_include_pad=False)",
            () -> new AvgPool2d(3).stride(2).padding(1).countIncludePad(false)),
        entry(
            "AvgPool2d(3, stride=2, padding=1, ceil_mode=True, count_include_pad=False)",
            () -> new AvgPool2d(3).stride(2).padding(1).ceilMode(true).countIncludePad(false)),
        entry(
            "AvgPool2d((3, 2), stride=(2, 1), padding=(1, 0), ceil_mode=True)",
            () -> new AvgPool2d(3, 2).stride(2, 1).padding(1, 0).ceilMode(true)));
  }

  private static Map<String, Supplier<Module>> normalisations() {
    return Map.ofEntries(
        entry("BatchNorm1d(3)", () -> new BatchNorm1d(3)),
        entry(
            "BatchNorm1d(3, eps=0.001, momentum=0.3)",
            () -> new BatchNorm1d(3).eps(0.001).momentum(0.3)),
        entry("BatchNorm1d(2, momentum=None)", () -> new BatchNorm1d(2).cumulativeAverage()),
        entry("BatchNorm1d(2, momentum=0.0)", () -> new BatchNorm1d(2).momentum(0)),
        entry("BatchNorm1d(2, momentum=1.0)", () -> new BatchNorm1d(2).momentum(1)),
        entry("BatchNorm1d(2, affine=False)", () -> new BatchNorm1d(2).affine(false)),
        entry("BatchNorm1d(2, bias=False)", () -> new BatchNorm1d(2).bias(false)),
        entry(
            "BatchNorm1d(2, track_running_stats=False)",
            () -> new BatchNorm1d(2).trackRunningStats(false)),
        entry("BatchNorm2d(2)", () -> new BatchNorm2d(2)),
        entry("BatchNorm2d(2, momentum=None)", () -> new BatchNorm2d(2).cumulativeAverage()),
        entry(
            "BatchNorm2d(2, affine=False, track_running_stats=False)",
            () -> new BatchNorm2d(2).affine(false).trackRunningStats(false)),
        entry("LayerNorm(4)", () -> new LayerNorm(4)),
        entry(
            "LayerNorm((2, 3), eps=0.01, bias=False)",
            () -> new LayerNorm(2, 3).eps(0.01).bias(false)),
        entry(
            "LayerNorm(4, elementwise_affine=False)",
            () -> new LayerNorm(4).elementwiseAffine(false)));
  }

  private static Map<String, Supplier<Module>> others() {
    return Map.ofEntries(
        entry("Embedding(5, 3)", () -> new Embedding(5, 3)),
        entry("Embedding(5, 3, padding_idx=2)", () -> new Embedding(5, 3).paddingIdx(2)),
        entry("Embedding(5, 3, padding_idx=-1)", () -> new Embedding(5, 3).paddingIdx(-1)),
        entry("Flatten()", Flatten::new),
        entry("Flatten(0, 1)", () -> new Flatten(0, 1)),
        entry("Flatten(-3, -2)", () -> new Flatten(-3, -2)),
        entry("Identity()", Identity::new),
        entry("Dropout(0.5)", () -> new Dropout(0.5)),
        entry("Dropout(0.0)", () -> new Dropout(0)),
        entry("Dropout(1.0)", () -> new Dropout(1)));
  }

  private static Map<String, Supplier<Module>> activations() {
    return Map.ofEntries(
        entry("ReLU()", ReLU::new),
        entry("LeakyReLU()", LeakyReLU::new),
        entry("LeakyReLU(0.2)", () -> new LeakyReLU(0.2)),
        entry("LeakyReLU(0.0)", () -> new LeakyReLU(0)),
        entry("ELU()", ELU::new),
        entry("ELU(0.5)", () -> new ELU(0.5)),
        entry("GELU()", GELU::new),
        entry("GELU(approximate='tanh')", () -> new GELU(GELU.Form.TANH)),
        entry("SiLU()", SiLU::new),
        entry("Tanh()", Tanh::new),
        entry("Sigmoid()", Sigmoid::new),
        entry("Softplus()", Softplus::new),
        entry("Softplus(beta=2, threshold=10)", () -> new Softplus(2, 10)),
        entry("Softplus(0.5, 1)", () -> new Softplus(0.5, 1)),
        entry("Softmax(1)", () -> new Softmax(1)),
        entry("Softmax(0)", () -> new Softmax(0)),
        entry("Softmax(-2)", () -> new Softmax(-2)),
        entry("LogSoftmax(1)", () -> new LogSoftmax(1)),
        entry("LogSoftmax(0)", () -> new LogSoftmax(0)),
        entry("LogSoftmax(-2)", () -> new LogSoftmax(-2)));
  }

  private static Map<String, Supplier<Module>> chains() {
    return Map.of(
        "Sequential(Linear(4, 3), Tanh(), Sequential(Linear(3, 2), LogSoftmax(1)))",
        () ->
            new Sequential(
                new Linear(4, 3), new Tanh(), new Sequential(new Linear(3, 2), new LogSoftmax(1))),
        "Sequential(Conv2d(1, 2, 2), BatchNorm2d(2), ReLU(), MaxPool2d(2), Flatten(),"
            + " Dropout(0.0), Linear(8, 2))",
        () ->
            new Sequential(
                new Conv2d(1, 2, 2),
                new BatchNorm2d(2),
                new ReLU(),
                new MaxPool2d(2),
                new Flatten(),
                new Dropout(0),
                new Linear(8, 2)));
  }

  private static Stream<String> cases() {
    return CASES.keySet().stream();
  }

  @Test
  void everyCaseHasItsLayer() {
    assertThat(LAYERS.keySet()).containsExactlyInAnyOrderElementsOf(CASES.keySet());
  }

  private static PyTorchCase answers(String words) {
    return Objects.requireNonNull(CASES.get(words));
  }

  private static Module layer(String words, DType dtype) {
    Module module = Objects.requireNonNull(LAYERS.get(words)).get().to(dtype);
    Map<String, Tensor> parameters = answers(words).with("parameter.");
    module.loadStateDict(parameters, false);
    assertThat(module.namedParameters().keySet()).containsExactlyElementsOf(parameters.keySet());
    return module;
  }

  private static void compare(String words, DType dtype, double tolerance) {
    Module module = layer(words, dtype);
    for (int pass = 0; answers(words).has(pass + ".input"); pass++) {
      compare(answers(words), pass + ".", module, dtype, tolerance);
    }
  }

  private static void compare(
      PyTorchCase answers, String pass, Module module, DType dtype, double tolerance) {
    if (answers.get(pass + "training").item() == 1) {
      module.train();
    } else {
      module.eval();
    }
    Map<String, Tensor> learned = new LinkedHashMap<>(module.namedParameters());
    Tensor input = answers.get(pass + "input");
    if (input.dtype().isFloating()) {
      input = input.to(dtype).requiresGrad(true);
      learned.put("input", input);
    }
    Tensor output = module.forward(input);
    answers.assertClose(pass + "output", output, tolerance);
    assertThat(output.dtype()).isEqualTo(dtype);
    List<Tensor> leaves = new ArrayList<>(learned.values());
    List<Tensor> first = PyTorchCase.gradients(List.of(output), leaves, true);
    assertClose(answers, pass + "gradient.", learned, first, tolerance);
    // Sums of products of gradients lose too many of float32's digits.
    if (dtype == DType.FLOAT64 && !answers.with(pass + "second.").isEmpty()) {
      List<Tensor> second = PyTorchCase.gradients(first, leaves, false);
      assertClose(answers, pass + "second.", learned, second, tolerance);
    }
    assertThat(module.namedBuffers().keySet())
        .containsExactlyElementsOf(answers.with(pass + "buffer.").keySet());
    module
        .namedBuffers()
        .forEach((name, buffer) -> answers.assertClose(pass + "buffer." + name, buffer, tolerance));
  }

  private static void assertClose(
      PyTorchCase answers,
      String prefix,
      Map<String, Tensor> learned,
      List<Tensor> found,
      double tolerance) {
    assertThat(answers.with(prefix).keySet()).containsExactlyElementsOf(learned.keySet());
    List<String> names = List.copyOf(learned.keySet());
    for (int i = 0; i < names.size(); i++) {
      answers.assertClose(prefix + names.get(i), found.get(i), tolerance);
    }
  }

  @ParameterizedTest
  @MethodSource("cases")
  void outputsAndGradientsArePyTorchsInFloat64(String words) {
    compare(words, DType.FLOAT64, 1e-10);
  }

  @ParameterizedTest
  @MethodSource("cases")
  void outputsAndGradientsArePyTorchsInFloat32(String words) {
    compare(words, DType.FLOAT32, 2e-5);
  }

  @ParameterizedTest
  @MethodSource("cases")
  void nothingIsRecordedUnderNoGrad(String words) {
    PyTorchCase answers = answers(words);
    Module module = layer(words, DType.FLOAT64);
    if (answers.get("0.training").item() == 0) {
      module.eval();
    }
    Tensor output = Gradients.noGrad(() -> module.forward(answers.get("0.input")));
    answers.assertClose("0.output", output, 1e-10);
    assertThat(output.requiresGrad()).isFalse();
  }
}
