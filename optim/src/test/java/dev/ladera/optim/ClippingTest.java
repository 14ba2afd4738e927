package dev.ladera.optim;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ladera.DType;
import dev.ladera.Device;
import dev.ladera.Tensor;
import dev.ladera.testkit.conformance.PyTorchCase;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalDouble;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Clipped gradients and their norms against PyTorch, by the words that PyTorch clips with. */
final class ClippingTest {
  private static final Map<String, PyTorchCase> CASES =
      PyTorchCase.read(ClippingTest.class, "clipping.txt");

  /** What clips, and answers the norm if there is one. */
  private static final Map<String, Function<List<Tensor>, OptionalDouble>> CLIPS =
      Map.of(
          "clip_grad_norm_(parameters, 1.5)",
          p -> OptionalDouble.of(Clip.byNorm(p, 1.5)),
          "clip_grad_norm_(parameters, 100.0)",
          p -> OptionalDouble.of(Clip.byNorm(p, 100)),
          "clip_grad_norm_(parameters, 0.5, norm_type=1)",
          p -> OptionalDouble.of(Clip.byNorm(p, 0.5, 1)),
          "clip_grad_norm_(parameters, 0.5, norm_type=3)",
          p -> OptionalDouble.of(Clip.byNorm(p, 0.5, 3)),
          "clip_grad_norm_(parameters, 0.5, norm_type=0.5)",
          p -> OptionalDouble.of(Clip.byNorm(p, 0.5, 0.5)),
          "clip_grad_norm_(parameters, 0.5, norm_type=inf)",
          p -> OptionalDouble.of(Clip.byNorm(p, 0.5, Double.POSITIVE_INFINITY)),
          "clip_grad_norm_(parameters, 0.1, norm_type=-inf)",
          p -> OptionalDouble.of(Clip.byNorm(p, 0.1, Double.NEGATIVE_INFINITY)),
          "clip_grad_norm_(parameters, 2.0, norm_type=0)",
          p -> OptionalDouble.of(Clip.byNorm(p, 2, 0)),
          "clip_grad_value_(parameters, 0.7)",
          p -> byValue(p, 0.7),
          "clip_grad_value_(parameters, 0.0)",
          p -> byValue(p, 0));

  private static OptionalDouble byValue(List<Tensor> parameters, double bound) {
    Clip.byValue(parameters, bound);
    return OptionalDouble.empty();
  }

  private static Stream<String> cases() {
    return CASES.keySet().stream();
  }

  private static String words(String name) {
    return name.substring(0, name.lastIndexOf(')') + 1);
  }

  @Test
  void everyCaseHasItsClip() {
    assertThat(CLIPS.keySet())
        .containsExactlyInAnyOrderElementsOf(cases().map(ClippingTest::words).distinct().toList());
  }

  @ParameterizedTest
  @MethodSource("cases")
  void normsAndGradientsArePyTorchs(String name) {
    compare(name, DType.FLOAT64, 1e-11);
    compare(name, DType.FLOAT32, 1e-5);
  }

  private static void compare(String name, DType dtype, double tolerance) {
    PyTorchCase answers = Objects.requireNonNull(CASES.get(name));
    List<Tensor> parameters = new ArrayList<>();
    for (Tensor gradient : answers.with("before.").values()) {
      Tensor parameter = Tensor.zeros(gradient.shape(), dtype, Device.standard());
      parameter.requiresGrad(true).grad(gradient.to(dtype));
      parameters.add(parameter);
    }
    // One without a gradient.
    parameters.add(Tensor.zeros(2).requiresGrad(true));
    OptionalDouble norm = Objects.requireNonNull(CLIPS.get(words(name))).apply(parameters);
    assertThat(norm.isPresent()).isEqualTo(answers.has("norm"));
    norm.ifPresent(
        found -> answers.assertClose("norm", Tensor.scalar(found, DType.FLOAT64), tolerance));
    for (int i = 0; i < parameters.size() - 1; i++) {
      answers.assertClose(
          "after." + i, Objects.requireNonNull(parameters.get(i).grad()), tolerance);
    }
    assertThat(parameters.getLast().grad()).isNull();
  }
}
