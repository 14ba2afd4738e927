package dev.ladera.testkit.conformance;

import dev.ladera.DType;
import dev.ladera.Device;
import dev.ladera.Layout;
import dev.ladera.Shape;
import dev.ladera.Tensor;
import dev.ladera.testkit.conformance.OperatorCase.Sample;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * An operation leaves its inputs as they were, but those that it says it overwrites; and what lies
 * around them in their storage too.
 */
final class InputChecks {
  private static final List<Placement> PLACEMENTS = List.of(Placement.OFFSET, Placement.MIXED);

  private InputChecks() {}

  static Stream<Check> of(List<OperatorCase> table, Device device) {
    List<Check> checks = new ArrayList<>();
    for (OperatorCase line : table) {
      for (DType dtype : line.dtypes().stream().sorted().toList()) {
        checks.add(
            Check.of(
                "inputs",
                line,
                dtype,
                () -> {
                  for (Placement placement : PLACEMENTS) {
                    check(line, placement, dtype, device);
                  }
                }));
      }
    }
    return checks.stream();
  }

  private static void check(OperatorCase line, Placement placement, DType dtype, Device device) {
    for (Sample sample : line.samples()) {
      if (line.dtypes(sample).contains(dtype)) {
        List<Tensor> inputs = new ArrayList<>();
        for (HostValue input : Runs.inputs(line, sample, dtype)) {
          inputs.add(placement.place(input, device));
        }
        List<Tensor> kept = inputs.subList(Math.min(line.mutates(), inputs.size()), inputs.size());
        List<HostValue> before = storages(kept);
        Runs.call(sample, device, inputs);
        Comparison.close(
            sample.label() + ", " + placement + ", the storage of input",
            storages(kept),
            before,
            Tolerance.EXACT);
      }
    }
  }

  private static List<HostValue> storages(List<Tensor> tensors) {
    return tensors.stream().map(InputChecks::storage).toList();
  }

  private static HostValue storage(Tensor tensor) {
    Shape all = Shape.of(Math.toIntExact(tensor.storage().elements()));
    return HostValue.of(new Tensor(tensor.storage(), Layout.contiguous(all), tensor.device()));
  }
}
