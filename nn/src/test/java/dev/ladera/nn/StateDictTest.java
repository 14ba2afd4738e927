package dev.ladera.nn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.ladera.DType;
import dev.ladera.Shape;
import dev.ladera.Tensor;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** Saving and loading of parameters and buffers. */
final class StateDictTest {
  private static Sequential net() {
    return new Sequential(new Linear(3, 2), new BatchNorm1d(2));
  }

  @Test
  void aStateLoadedIntoAnotherModuleMakesItAnswerTheSame() {
    Sequential first = net();
    first.forward(Tensor.randn(4, 3));
    Sequential second = net();
    Tensor weight = second.parameters().getFirst();
    assertThat(second.loadStateDict(first.stateDict(), true).isComplete()).isTrue();
    assertThat(second.parameters().getFirst()).isSameAs(weight);
    assertThat(weight.requiresGrad()).isTrue();
    Tensor input = Tensor.randn(4, 3);
    assertThat(second.eval().forward(input).toFloatArray())
        .isEqualTo(first.eval().forward(input).toFloatArray());
    assertThat(second.stateDict()).containsKey("1.num_batches_tracked");
    assertThat(Objects.requireNonNull(second.stateDict().get("1.num_batches_tracked")).itemAsLong())
        .isEqualTo(1);
  }

  @Test
  void aStateSharesItsStorageWithTheModule() {
    Sequential net = net();
    Tensor saved = Objects.requireNonNull(net.stateDict().get("0.bias"));
    assertThat(saved.requiresGrad()).isFalse();
    Init.constant(net.parameters().get(1), 5);
    assertThat(saved.toFloatArray()).containsExactly(5, 5);
  }

  @Test
  void valuesAreConvertedToTheModulesType() {
    Sequential net = net();
    Map<String, Tensor> state = net.stateDict();
    state.put("0.bias", Tensor.of(new double[] {1.5, 2.5}));
    net.loadStateDict(state);
    assertThat(net.parameters().get(1).dtype()).isEqualTo(DType.FLOAT32);
    assertThat(net.parameters().get(1).toFloatArray()).containsExactly(1.5f, 2.5f);
  }

  @Test
  void aRefusalReportsAllThatDiffersAndLoadsNothing() {
    Sequential net = net();
    float[] before = net.parameters().get(1).toFloatArray();
    Map<String, Tensor> state = new LinkedHashMap<>(net.stateDict());
    state.remove("1.bias");
    state.remove("1.running_var");
    state.put("0.bias", Tensor.of(new float[] {8, 9}));
    state.put("0.weight", Tensor.zeros(2, 4));
    state.put("1.weight", Tensor.zeros(3));
    state.put("2.weight", Tensor.zeros(1));
    StateDictException refusal =
        catchThrowableOfType(StateDictException.class, () -> net.loadStateDict(state));
    assertThat(refusal.missing()).containsExactly("1.bias", "1.running_var");
    assertThat(refusal.unexpected()).containsExactly("2.weight");
    assertThat(refusal.mismatched())
        .containsExactly(
            new StateDictException.Mismatch("0.weight", Shape.of(2, 3), Shape.of(2, 4)),
            new StateDictException.Mismatch("1.weight", Shape.of(2), Shape.of(3)));
    assertThat(refusal)
        .hasMessage(
            """
            loadStateDict: the dictionary does not fit Sequential; nothing was loaded
              missing: 1.bias, 1.running_var
              unexpected: 2.weight
              another shape: 0.weight: module (2, 3), dictionary (2, 4)
              another shape: 1.weight: module (2,), dictionary (3,)\
            """);
    assertThat(net.parameters().get(1).toFloatArray()).isEqualTo(before);
  }

  @Test
  void whatIsNotStrictLoadsWhatItCanAndTellsTheRest() {
    Sequential net = net();
    LoadReport report =
        net.loadStateDict(
            Map.of("0.bias", Tensor.of(new float[] {8, 9}), "else", Tensor.zeros(1)), false);
    assertThat(net.parameters().get(1).toFloatArray()).containsExactly(8, 9);
    assertThat(report.unexpected()).containsExactly("else");
    assertThat(report.missing()).hasSize(6).contains("0.weight", "1.running_mean");
    assertThat(report.isComplete()).isFalse();
    StateDictException refusal =
        catchThrowableOfType(
            StateDictException.class,
            () -> net.loadStateDict(Map.of("0.bias", Tensor.zeros(3)), false));
    assertThat(refusal.mismatched()).hasSize(1);
  }
}
