package dev.ladera.nn;

import static java.util.Map.entry;
import static org.assertj.core.api.Assertions.assertThat;

import dev.ladera.DType;
import dev.ladera.Tensor;
import dev.ladera.testkit.conformance.PyTorchCase;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every loss in every reduction against PyTorch's numbers: values, gradients of outputs and of
 * targets that can be learned, and gradients of these.
 */
final class LossesTest {
  private static final Map<String, PyTorchCase> CASES =
      PyTorchCase.read(LossesTest.class, "losses.txt");

  private static final Map<String, Function<PyTorchCase, Loss>> LOSSES = new HashMap<>();

  static {
    LOSSES.putAll(ofClasses());
    LOSSES.putAll(ofNumbers());
  }

  private static Map<String, Function<PyTorchCase, Loss>> ofClasses() {
    return Map.ofEntries(
        entry("NLLLoss()", _ -> new NLLLoss()),
        entry("NLLLoss(weight=weight)", in -> new NLLLoss().weight(in.get("weight"))),
        entry(
            "NLLLoss(weight=weight, ignore_index=2)",
            in -> new NLLLoss().weight(in.get("weight")).ignoreIndex(2)),
        entry(
            "NLLLoss(weight=weight, ignore_index=-1)",
            in -> new NLLLoss().weight(in.get("weight")).ignoreIndex(-1)),
        entry("CrossEntropyLoss()", _ -> new CrossEntropyLoss()),
        entry(
            "CrossEntropyLoss(weight=weight)",
            in -> new CrossEntropyLoss().weight(in.get("weight"))),
        entry("CrossEntropyLoss(ignore_index=1)", _ -> new CrossEntropyLoss().ignoreIndex(1)),
        entry(
            "CrossEntropyLoss(label_smoothing=0.1)",
            _ -> new CrossEntropyLoss().labelSmoothing(0.1)),
        entry(
            "CrossEntropyLoss(label_smoothing=0.2)",
            _ -> new CrossEntropyLoss().labelSmoothing(0.2)),
        entry(
            "CrossEntropyLoss(label_smoothing=1.0)", _ -> new CrossEntropyLoss().labelSmoothing(1)),
        entry(
            "CrossEntropyLoss(weight=weight, ignore_index=2, label_smoothing=0.25)",
            in ->
                new CrossEntropyLoss()
                    .weight(in.get("weight"))
                    .ignoreIndex(2)
                    .labelSmoothing(0.25)),
        entry(
            "CrossEntropyLoss(weight=weight, ignore_index=-1, label_smoothing=0.25)",
            in ->
                new CrossEntropyLoss()
                    .weight(in.get("weight"))
                    .ignoreIndex(-1)
                    .labelSmoothing(0.25)),
        entry(
            "CrossEntropyLoss(weight=weight, label_smoothing=0.2)",
            in -> new CrossEntropyLoss().weight(in.get("weight")).labelSmoothing(0.2)));
  }

  private static Map<String, Function<PyTorchCase, Loss>> ofNumbers() {
    return Map.ofEntries(
        entry("MSELoss()", _ -> new MSELoss()),
        entry("L1Loss()", _ -> new L1Loss()),
        entry("HuberLoss()", _ -> new HuberLoss()),
        entry("HuberLoss(delta=1.5)", _ -> new HuberLoss(1.5)),
        entry("SmoothL1Loss()", _ -> new SmoothL1Loss()),
        entry("SmoothL1Loss(beta=1.5)", _ -> new SmoothL1Loss(1.5)),
        entry("SmoothL1Loss(beta=0.0)", _ -> new SmoothL1Loss(0)),
        entry("BCELoss()", _ -> new BCELoss()),
        entry("BCELoss(weight=weight)", in -> new BCELoss().weight(in.get("weight"))),
        entry("BCEWithLogitsLoss()", _ -> new BCEWithLogitsLoss()),
        entry(
            "BCEWithLogitsLoss(weight=weight, pos_weight=posWeight)",
            in -> new BCEWithLogitsLoss().weight(in.get("weight")).posWeight(in.get("posWeight"))),
        entry("KLDivLoss()", _ -> new KLDivLoss()),
        entry("KLDivLoss(log_target=True)", _ -> new KLDivLoss().logTarget(true)));
  }

  private static Stream<Arguments> cases() {
    return CASES.values().stream()
        .flatMap(answers ->
            Stream.of(Reduction.values())
                .filter(how -> answers.has(prefix(how) + "value"))
                .map(how -> Arguments.of(answers.toString(), how)));
  }

  private static String prefix(Reduction how) {
    return how.name().toLowerCase(Locale.ROOT).replace("_", "") + ".";
  }

  /** A case's name is PyTorch's words, and what tells it from others of the same words. */
  private static String words(String name) {
    return name.substring(0, name.lastIndexOf(')') + 1);
  }

  @Test
  void everyCaseHasItsLossAndEveryReduction() {
    assertThat(LOSSES.keySet())
        .containsExactlyInAnyOrderElementsOf(
            CASES.keySet().stream().map(LossesTest::words).distinct().toList());
    long divergences = CASES.keySet().stream().filter(name -> name.startsWith("KLDiv")).count();
    assertThat(cases()).hasSize((int) (CASES.size() * 3 + divergences));
  }

  private static void compare(String name, Reduction how, DType dtype, double tolerance) {
    PyTorchCase answers = Objects.requireNonNull(CASES.get(name));
    Loss loss = Objects.requireNonNull(LOSSES.get(words(name))).apply(answers).reduction(how);
    Tensor output = answers.get("output").to(dtype).requiresGrad(true);
    Tensor target = answers.get("target");
    List<Tensor> learned = new ArrayList<>(List.of(output));
    if (target.dtype().isFloating()) {
      target = target.to(dtype);
    }
    if (answers.has(prefix(how) + "gradient.target")) {
      learned.add(target.requiresGrad(true));
    }
    Tensor value = loss.forward(output, target);
    answers.assertClose(prefix(how) + "value", value, tolerance);
    assertThat(value.dtype()).isEqualTo(dtype);
    List<Tensor> first = PyTorchCase.gradients(List.of(value), learned, true);
    assertClose(answers, prefix(how) + "gradient.", first, tolerance);
    if (dtype == DType.FLOAT64 && !answers.with(prefix(how) + "second.").isEmpty()) {
      List<Tensor> second = PyTorchCase.gradients(first, learned, false);
      assertClose(answers, prefix(how) + "second.", second, tolerance);
    }
  }

  private static void assertClose(
      PyTorchCase answers, String prefix, List<Tensor> found, double tolerance) {
    answers.assertClose(prefix + "output", found.getFirst(), tolerance);
    if (found.size() == 2) {
      answers.assertClose(prefix + "target", found.get(1), tolerance);
    }
  }

  @ParameterizedTest
  @MethodSource("cases")
  void valuesAndGradientsArePyTorchsInFloat64(String name, Reduction how) {
    // The least divisor in PyTorch's BCELoss is 1e-12 as a float32: nine digits.
    compare(name, how, DType.FLOAT64, 1e-8);
  }

  @ParameterizedTest
  @MethodSource("cases")
  void valuesAndGradientsArePyTorchsInFloat32(String name, Reduction how) {
    // Class weights given in float64 follow the outputs to float32.
    compare(name, how, DType.FLOAT32, 1e-5);
  }
}
