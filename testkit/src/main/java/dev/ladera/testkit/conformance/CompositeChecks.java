package dev.ladera.testkit.conformance;

import dev.ladera.DType;
import dev.ladera.Device;
import dev.ladera.Gradients;
import dev.ladera.Tensor;
import dev.ladera.testkit.conformance.CompositeCases.Composed;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** A backend's own kernels for composites answer what their decompositions do on it. */
final class CompositeChecks {
  private static final int[] SIZES = {1, 4, 7, 8, 16, 17, 33, 65, 1000};

  private CompositeChecks() {}

  static Stream<Check> of(Device device) {
    List<Check> checks = new ArrayList<>();
    for (String name : CompositeCases.names()) {
      for (DType dtype : List.of(DType.FLOAT32, DType.FLOAT64)) {
        checks.add(new Check("composites/" + name + "/" + dtype, () -> check(name, dtype, device)));
      }
    }
    return checks.stream();
  }

  private static void check(String name, DType dtype, Device device) {
    for (int size : SIZES) {
      for (Composed composed : CompositeCases.composed(name, size)) {
        List<Tensor> inputs = new ArrayList<>();
        for (Operand operand : composed.operands()) {
          inputs.add(HostValue.random(operand, dtype, size + 7L * inputs.size()).on(device));
        }
        List<HostValue> actual = Runs.call(composed.sample(), device, inputs);
        List<HostValue> parts =
            Gradients.noGrad(() ->
                Stream.of(composed.operator().decompose(inputs.toArray(new Tensor[0])))
                    .map(HostValue::of)
                    .toList());
        Comparison.close(
            composed.label() + " of size " + size, actual, parts, Tolerance.unitsOfLargest(32));
      }
    }
  }
}
