package dev.ladera.testkit.conformance;

import dev.ladera.DType;
import dev.ladera.Device;
import dev.ladera.Gradients;
import dev.ladera.Shape;
import dev.ladera.Tensor;
import dev.ladera.testkit.conformance.OperatorCase.Smoothness;
import dev.ladera.testkit.conformance.PyTorchValues.Asked;
import dev.ladera.testkit.conformance.PyTorchValues.Entry;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Values and gradients against those that PyTorch answered when the resource was made. */
final class PyTorchChecks {
  /** Numbers were written with ten digits; float32 is computed with on both sides. */
  private static final double FLOAT64_UNITS = 1e7;

  private static final double FLOAT32_UNITS = 16;

  private PyTorchChecks() {}

  static Stream<Check> of(Device device) {
    Map<String, Asked> asked = PyTorchValues.asked();
    Map<String, List<Runnable>> byOperation = new LinkedHashMap<>();
    PyTorchValues.read()
        .forEach((id, entry) -> {
          Asked question = Objects.requireNonNull(asked.get(id), id);
          byOperation
              .computeIfAbsent(question.line().operation(), _ -> new ArrayList<>())
              .add(() -> check(id, question, entry, device));
        });
    return byOperation.entrySet().stream()
        .map(checks ->
            new Check(
                "pytorch/" + checks.getKey(),
                new Check.Subject(checks.getKey(), Check.OTHER),
                () -> checks.getValue().forEach(Runnable::run)));
  }

  private static void check(String id, Asked asked, Entry entry, Device device) {
    List<Tensor> inputs = entry.inputs().stream().map(in -> in.on(device)).toList();
    List<HostValue> outputs = Runs.call(asked.sample(), device, inputs);
    if (outputs.size() != entry.outputs().size()) {
      throw new AssertionError(
          id + ": " + outputs.size() + " outputs; PyTorch has " + entry.outputs().size());
    }
    for (int i = 0; i < outputs.size(); i++) {
      Comparison.close(
          id,
          List.of(outputs.get(i)),
          List.of(entry.outputs().get(i)),
          tolerance(asked, outputs.get(i).dtype()));
    }
    // Of mixed types, parts of a gradient have the narrower one, here otherwise than there.
    boolean smooth = asked.line().smoothness() != Smoothness.NONE && !asked.sample().isOfOneType();
    if (smooth && !entry.gradients().isEmpty() && GradientChecks.engineIsThere()) {
      Comparison.close(
          id + ", gradients",
          gradients(asked, inputs, device),
          entry.gradients(),
          Tolerance.unitsOfLargest(FLOAT64_UNITS));
    }
  }

  private static Tolerance tolerance(Asked asked, DType dtype) {
    double units = dtype == DType.FLOAT32 ? FLOAT32_UNITS : FLOAT64_UNITS;
    return new Tolerance(units, asked.line().tolerance().ofLargest());
  }

  /** One a float64 input; zeros where the outputs do not depend on it. */
  private static List<HostValue> gradients(Asked asked, List<Tensor> inputs, Device device) {
    List<Tensor> leaves =
        inputs.stream()
            .filter(x -> x.dtype() == DType.FLOAT64)
            .map(x -> x.requiresGrad(true))
            .toList();
    Tensor total = Tensor.zeros(Shape.SCALAR, DType.FLOAT64, device);
    for (Tensor output : asked.sample().call().on(device, inputs)) {
      if (output.dtype() == DType.FLOAT64 && output.requiresGrad()) {
        total = total.add(output.mul(cosines(output.shape(), device)).sum());
      }
    }
    List<@Nullable Tensor> found =
        total.requiresGrad()
            ? Gradients.grad(List.of(total), leaves, Collections.singletonList(null), false, false)
            : Collections.nCopies(leaves.size(), null);
    List<HostValue> values = new ArrayList<>();
    for (int i = 0; i < leaves.size(); i++) {
      Tensor gradient = found.get(i);
      values.add(
          HostValue.of(
              gradient == null
                  ? Tensor.zeros(leaves.get(i).shape(), DType.FLOAT64, device)
                  : gradient));
    }
    return values;
  }

  private static Tensor cosines(Shape shape, Device device) {
    double[] values = new double[(int) shape.elements()];
    for (int i = 0; i < values.length; i++) {
      values[i] = Math.cos(i);
    }
    return Tensor.ofArray(values, shape, device);
  }
}
