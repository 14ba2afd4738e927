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

  @Test
  void theTableShowsLeavesThenStepsWithTheirParents() {
    Tensor x = Tensor.scalar(3).requiresGrad(true);
    ComputationGraph graph = ComputationGraph.trace(() -> x.square(), Map.of("x", x));
    assertThat(graph.toText().lines().map(line -> line.strip().replaceAll(" {2,}", " | ")))
        .containsExactly(
            "# | function | parents | shape | value | gradient",
            "0 | x | (leaf) | () | 3.000 | 6.000",
            "1 | square | [0] | () | 9.000 | 1.000");
  }

  @Test
  void upToSixElementsAreShownAndOfMoreTheNorm() {
    Tensor six = Tensor.of(new double[] {1, 2, 3, 4, 5, 6}).requiresGrad(true);
    Tensor seven = Tensor.of(new double[] {1, 1, 1, 1, 1, 2, 4}).requiresGrad(true);
    Map<String, Tensor> names = Map.of("six", six, "seven", seven);
    ComputationGraph graph = ComputationGraph.trace(() -> six.sum().add(seven.mul(2).sum()), names);
    assertThat(graph.toText())
        .contains("1.000 2.000 3.000 4.000 5.000 6.000")
        .contains("norm 5.000")
        .contains("norm 10.00")
        .contains("norm 5.292");
  }

  @Test
  void leavesWithoutANameAreCountedAndComputedTensorsMayHaveOne() {
    Tensor x = Tensor.scalar(3).requiresGrad(true);
    Tensor y = Tensor.scalar(2).requiresGrad(true);
    Tensor product = x.mul(y);
    ComputationGraph graph =
        ComputationGraph.of(product.add(Tensor.scalar(1)).mul(x), Map.of("area", product));
    assertThat(graph.entries())
        .extracting(ComputationGraph.Entry::name)
        .containsExactly("leaf1", "leaf2", "area = mul", "add", "mul");
    assertThat(graph.entries())
        .extracting(ComputationGraph.Entry::leaf)
        .containsExactly(true, true, false, false, false);
    assertThat(graph.entries())
        .extracting(ComputationGraph.Entry::parents)
        .containsExactly(List.of(), List.of(), List.of(0, 1), List.of(2), List.of(3, 0));
    assertThat(graph.entries())
        .extracting(ComputationGraph.Entry::number)
        .containsExactly(0, 1, 2, 3, 4);
  }

  @Test
  void inGraphvizsLanguageLeavesAreFilledAndQuotesEscaped() {
    Tensor x = Tensor.scalar(3).requiresGrad(true);
    Tensor held = x.square();
    String dot = ComputationGraph.of(held, Map.of("the \"x\"", x)).toDot();
    assertThat(dot.lines())
        .containsExactly(
            "digraph computation {",
            "  node [shape=box];",
            "  n0 [label=\"0: the \\\"x\\\"\\n()\\nvalue 3.000\\ngradient -\", style=filled,"
                + " fillcolor=\"#e8f0e0\"];",
            "  n1 [label=\"1: square\\n()\\nvalue 9.000\\ngradient -\"];",
            "  n0 -> n1;",
            "}");
  }
}
