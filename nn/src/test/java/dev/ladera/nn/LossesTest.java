package dev.ladera.nn;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ladera.DType;
import dev.ladera.Tensor;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Every loss in every reduction against PyTorch's numbers: values and gradients. */
final class LossesTest {
  private static final Map<String, Golden> CASES = Golden.read("losses.txt");

  private static final Map<String, Function<Golden, Loss>> LOSSES =
      Map.ofEntries(
          Map.entry("nll", _ -> new NLLLoss()),
          Map.entry("nll-weight", in -> new NLLLoss().weight(in.get("weight"))),
          Map.entry("nll-ignored", _ -> new NLLLoss()),
          Map.entry(
              "nll-weight-ignore", in -> new NLLLoss().weight(in.get("weight")).ignoreIndex(2)),
          Map.entry("nll-spatial", in -> new NLLLoss().weight(in.get("weight"))),
          Map.entry("nll-unbatched", _ -> new NLLLoss()),
          Map.entry("ce", _ -> new CrossEntropyLoss()),
          Map.entry("ce-weight", in -> new CrossEntropyLoss().weight(in.get("weight"))),
          Map.entry("ce-ignored", _ -> new CrossEntropyLoss().ignoreIndex(1)),
          Map.entry("ce-smoothing", _ -> new CrossEntropyLoss().labelSmoothing(0.1)),
          Map.entry(
              "ce-smoothing-weight-ignored",
              in ->
                  new CrossEntropyLoss()
                      .weight(in.get("weight"))
                      .ignoreIndex(2)
                      .labelSmoothing(0.25)),
          Map.entry(
              "ce-spatial",
              in -> new CrossEntropyLoss().weight(in.get("weight")).labelSmoothing(0.1)),
          Map.entry("ce-unbatched", _ -> new CrossEntropyLoss()),
          Map.entry("ce-probabilities", _ -> new CrossEntropyLoss()),
          Map.entry(
              "ce-probabilities-all",
              in -> new CrossEntropyLoss().weight(in.get("weight")).labelSmoothing(0.2)),
          Map.entry(
              "ce-probabilities-spatial",
              in -> new CrossEntropyLoss().weight(in.get("weight")).labelSmoothing(0.2)),
          Map.entry(
              "ce-probabilities-unbatched", in -> new CrossEntropyLoss().weight(in.get("weight"))),
          Map.entry("ce-large", _ -> new CrossEntropyLoss()),
          Map.entry("mse", _ -> new MSELoss()),
          Map.entry("l1", _ -> new L1Loss()),
          Map.entry("huber", _ -> new HuberLoss()),
          Map.entry("huber-delta", _ -> new HuberLoss(1.5)),
          Map.entry("smoothl1", _ -> new SmoothL1Loss()),
          Map.entry("smoothl1-beta", _ -> new SmoothL1Loss(1.5)),
          Map.entry("smoothl1-zero", _ -> new SmoothL1Loss(0)),
          Map.entry("bce", _ -> new BCELoss()),
          Map.entry("bce-weight", in -> new BCELoss().weight(in.get("weight"))),
          Map.entry("bcelogits", _ -> new BCEWithLogitsLoss()),
          Map.entry(
              "bcelogits-weights",
              in ->
                  new BCEWithLogitsLoss().weight(in.get("weight")).posWeight(in.get("posWeight"))),
          Map.entry("kl", _ -> new KLDivLoss()),
          Map.entry("kl-log", _ -> new KLDivLoss().logTarget(true)));

  private static Stream<Arguments> cases() {
    return CASES.values().stream()
        .flatMap(golden ->
            Stream.of(Reduction.values())
                .filter(how -> golden.has("value." + key(how)))
                .map(how -> Arguments.of(golden.toString(), how)));
  }

  private static String key(Reduction how) {
    return how.name().toLowerCase(Locale.ROOT);
  }

  @Test
  void everyCaseHasItsLossAndEveryReduction() {
    assertThat(LOSSES.keySet()).containsExactlyInAnyOrderElementsOf(CASES.keySet());
    assertThat(cases()).hasSize(31 * 3 + 2);
  }

  private static void compare(String name, Reduction how, DType dtype, double tolerance) {
    Golden golden = Objects.requireNonNull(CASES.get(name));
    Loss loss = Objects.requireNonNull(LOSSES.get(name)).apply(golden).reduction(how);
    Tensor output = golden.get("output").to(dtype).copy().requiresGrad(true);
    Tensor target = golden.get("target");
    boolean learned = golden.has("target-gradient." + key(how));
    if (target.dtype().isFloating()) {
      target = target.to(dtype).copy().requiresGrad(learned);
    }
    Tensor value = loss.forward(output, target);
    Golden.assertClose("value", golden.get("value." + key(how)), value, tolerance);
    assertThat(value.dtype()).isEqualTo(dtype);
    if (how == Reduction.NONE) {
      value.backward(golden.get("g").to(dtype));
    } else {
      value.backward();
    }
    Golden.assertClose(
        "gradient",
        golden.get("gradient." + key(how)),
        Objects.requireNonNull(output.grad()),
        tolerance);
    if (learned) {
      Golden.assertClose(
          "target's gradient",
          golden.get("target-gradient." + key(how)),
          Objects.requireNonNull(target.grad()),
          tolerance);
    }
  }

  @ParameterizedTest
  @MethodSource("cases")
  void valuesAndGradientsArePyTorchsInFloat64(String name, Reduction how) {
    compare(name, how, DType.FLOAT64, 1e-8);
  }

  @ParameterizedTest
  @MethodSource("cases")
  void valuesAndGradientsArePyTorchsInFloat32(String name, Reduction how) {
    // Class weights given in float64 follow the outputs to float32.
    compare(name, how, DType.FLOAT32, 1e-4);
  }
}
