package dev.ladera.testkit.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ladera.testkit.conformance.OperatorCase.Smoothness;
import dev.ladera.testkit.conformance.PyTorchValues.Asked;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The resource of PyTorch's answers is complete. */
class PyTorchValuesTest {
  /** Operations that PyTorch is not asked about. */
  private static final Map<String, List<String>> NOT_ASKED =
      Map.of(
          "its random numbers are others",
          List.of(
              "bits(Shape, Device)",
              "uniform(Shape, DType, Device)",
              "normal(Shape, DType, Device)"),
          "it moves elements to and from the host",
          List.of(
              "ofArray(Object, Shape, Device)",
              "to(Device)",
              "toArray()",
              "toFloatArray()",
              "toDoubleArray()",
              "toIntArray()",
              "toLongArray()",
              "toBooleanArray()",
              "item()",
              "itemAsLong()",
              "at(int...)"),
          "it overwrites its input",
          List.of("assign(Tensor)", "assign(Pointwise, Tensor[])", "fill(Number)"),
          "PyTorch has no operator for it alone",
          List.of(
              "Primitive.Pad between(…)",
              "Primitive.Reduce of no axes(…)",
              "BinaryOp.SHIFT_RIGHT_UNSIGNED(…)"));

  private final Map<String, PyTorchCase> entries = PyTorchValues.read();
  private final Map<String, Asked> asked = PyTorchValues.asked();

  private Set<String> operations(Stream<String> ids) {
    return ids.map(id -> id.substring(0, id.indexOf('/')))
        .collect(Collectors.toCollection(TreeSet::new));
  }

  @Test
  void everyOperationIsComparedWithPyTorchOrHasAReasonNotToBe() {
    TreeSet<String> missing = new TreeSet<>();
    OperatorCases.all().forEach(line -> missing.add(line.operation()));
    missing.removeAll(operations(entries.keySet().stream()));
    NOT_ASKED.values().forEach(missing::removeAll);
    assertThat(missing).isEmpty();
  }

  @Test
  void everyEntryIsASampleOfTheTable() {
    assertThat(entries).hasSizeGreaterThan(3900);
    assertThat(asked.keySet()).containsAll(entries.keySet());
  }

  @Test
  void theInputsHaveTheShapesThatTheTableSays() {
    entries.forEach((id, entry) ->
        assertThat(entry.numbered("in.").stream().map(HostValue::shape).toList())
            .as(id)
            .isEqualTo(
                asked.get(id) == null
                    ? List.of()
                    : asked.get(id).inputs().stream().map(HostValue::shape).toList()));
  }

  @Test
  void everyDifferentiableOperationHasGradients() {
    TreeSet<String> without = new TreeSet<>();
    OperatorCases.all().stream()
        .filter(line -> line.smoothness() != Smoothness.NONE)
        .forEach(line -> without.add(line.operation()));
    without.removeAll(
        operations(
            entries.entrySet().stream()
                .filter(entry -> entry.getValue().has("grad.0"))
                .map(Map.Entry::getKey)));
    assertThat(without).isEmpty();
  }

  @Test
  void gradientsOfGradientsAreThereToo() {
    assertThat(entries.values().stream().filter(entry -> entry.has("second.0")))
        .hasSizeGreaterThan(650);
  }
}
