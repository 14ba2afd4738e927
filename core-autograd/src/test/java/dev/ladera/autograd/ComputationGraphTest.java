package dev.ladera.autograd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ladera.GradientException;
import dev.ladera.Tensor;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class ComputationGraphTest {
  @Test
  void aTraceShowsValueAndGradientOfEveryStepInLinearOrder() {
    Tensor x = Tensor.scalar(3).requiresGrad(true);
    Tensor w = Tensor.scalar(-2).requiresGrad(true);
    ComputationGraph graph =
        ComputationGraph.trace(() -> x.mul(w).add(x).square(), Map.of("x", x, "w", w));
    List<ComputationGraph.Entry> entries = graph.entries();
    assertThat(entries)
        .extracting(ComputationGraph.Entry::name)
        .containsExactly("x", "w", "mul", "add", "square");
    assertThat(entries)
        .extracting(ComputationGraph.Entry::parents)
        .containsExactly(List.of(), List.of(), List.of(0, 1), List.of(2, 0), List.of(3));
    assertThat(entries)
        .extracting(entry -> Objects.requireNonNull(entry.value()).item())
        .containsExactly(3.0, -2.0, -6.0, -3.0, 9.0);
    assertThat(entries)
        .extracting(entry -> Objects.requireNonNull(entry.gradient()).item())
        .containsExactly(6.0, -18.0, -6.0, -6.0, 1.0);
    assertThat(graph.toText()).contains("square").contains("-18");
    assertThat(graph.toDot()).contains("n2 -> n3;");
    assertThat(graph.toSvg()).startsWith("<svg").contains("gradient -18");
  }

  @Test
  void withoutARecordingThereIsNoGraph() {
    assertThatThrownBy(() -> ComputationGraph.of(Tensor.scalar(1)))
        .isInstanceOf(GradientException.class)
        .hasMessage("graph: nothing was recorded on the way to this tensor");
    assertThatThrownBy(() -> ComputationGraph.trace(() -> Tensor.scalar(1), Map.of()))
        .isInstanceOf(GradientException.class);
  }

  @Test
  void aGraphThatNoPassWentThroughHasNoGradients() {
    Tensor x = Tensor.scalar(3).requiresGrad(true);
    Tensor result = x.square();
    ComputationGraph graph = ComputationGraph.of(result, Map.of("x", x));
    assertThat(graph.entries())
        .extracting(ComputationGraph.Entry::gradient)
        .containsExactly(null, null);
    assertThat(graph.toText().lines().toList().getLast()).contains("square", "9.000").endsWith("-");
  }
}
