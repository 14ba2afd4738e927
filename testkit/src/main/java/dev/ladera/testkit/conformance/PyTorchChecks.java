package dev.ladera.testkit.conformance;

import dev.ladera.DType;
import dev.ladera.Device;
import dev.ladera.Tensor;
import dev.ladera.testkit.conformance.OperatorCase.Smoothness;
import dev.ladera.testkit.conformance.PyTorchValues.Asked;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;

/** Values and gradients against those that PyTorch answered when the resource was made. */
final class PyTorchChecks {
  /** Numbers were written with twelve digits; float32 is computed with on both sides. */
  private static final double FLOAT64_UNITS = 1e5;

  private static final double FLOAT32_UNITS = 16;

  private PyTorchChecks() {}

  static Stream<Check> of(Device device) {
    Map<String, Asked> asked = PyTorchValues.asked();
    Map<String, List<Runnable>> byOperation = new LinkedHashMap<>();
    PyTorchValues.read()
        .forEach((id, answer) -> {
          Asked question = Objects.requireNonNull(asked.get(id), id);
          byOperation
              .computeIfAbsent(question.line().operation(), _ -> new ArrayList<>())
              .add(() -> check(id, question, answer, device));
        });
    return byOperation.entrySet().stream()
        .map(checks ->
            new Check(
                "pytorch/" + checks.getKey(),
                new Check.Subject(checks.getKey(), Check.OTHER),
                () -> checks.getValue().forEach(Runnable::run)));
  }

  private static void check(String id, Asked asked, PyTorchCase answer, Device device) {
    List<HostValue> inputs = answer.numbered("in.");
    List<HostValue> expected = answer.numbered("out.");
    List<HostValue> outputs =
        Runs.call(asked.sample(), device, inputs.stream().map(in -> in.on(device)).toList());
    if (outputs.size() != expected.size()) {
      throw new AssertionError(
          id + ": " + outputs.size() + " outputs; PyTorch has " + expected.size());
    }
    for (int i = 0; i < outputs.size(); i++) {
      Comparison.close(
          id,
          List.of(outputs.get(i)),
          List.of(expected.get(i)),
          tolerance(asked, outputs.get(i).dtype()));
    }
    // Of mixed types, parts of a gradient have the narrower one, here otherwise than there.
    boolean smooth = asked.line().smoothness() != Smoothness.NONE && !asked.sample().isOfOneType();
    if (smooth && GradientChecks.engineIsThere()) {
      checkGradients(id, asked, answer, inputs.stream().map(in -> in.on(device)).toList());
    }
  }

  private static void checkGradients(
      String id, Asked asked, PyTorchCase answer, List<Tensor> inputs) {
    List<HostValue> first = answer.numbered("grad.");
    if (first.isEmpty()) {
      return;
    }
    List<HostValue> second = answer.numbered("second.");
    boolean twice = asked.line().smoothness() == Smoothness.TWICE && !second.isEmpty();
    List<Tensor> leaves =
        inputs.stream()
            .filter(x -> x.dtype() == DType.FLOAT64)
            .map(x -> x.requiresGrad(true))
            .toList();
    List<Tensor> outputs =
        asked.sample().call().on(inputs.getFirst().device(), inputs).stream()
            .filter(output -> output.dtype() == DType.FLOAT64)
            .toList();
    List<Tensor> found = PyTorchCase.gradients(outputs, leaves, twice);
    compare(id + ", gradients", found, first);
    if (twice) {
      List<Tensor> further = PyTorchCase.gradients(found, leaves, false);
      compare(id + ", gradients of gradients", further, second);
    }
  }

  private static void compare(String what, List<Tensor> found, List<HostValue> expected) {
    Comparison.close(
        what,
        found.stream().map(HostValue::of).toList(),
        expected,
        Tolerance.unitsOfLargest(FLOAT64_UNITS));
  }

  private static Tolerance tolerance(Asked asked, DType dtype) {
    double units = dtype == DType.FLOAT32 ? FLOAT32_UNITS : FLOAT64_UNITS;
    return new Tolerance(units, asked.line().tolerance().ofLargest());
  }
}
