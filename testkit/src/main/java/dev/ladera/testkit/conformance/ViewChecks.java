package dev.ladera.testkit.conformance;

import dev.ladera.DType;
import dev.ladera.Device;
import dev.ladera.Tensor;
import dev.ladera.testkit.conformance.OperatorCase.Sample;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** Each operation's values when its inputs are views, against the reference without views. */
final class ViewChecks {
  private ViewChecks() {}

  static Stream<Check> of(List<OperatorCase> table, Device device) {
    List<Check> checks = new ArrayList<>();
    for (OperatorCase line : table) {
      for (DType dtype : line.dtypes().stream().sorted().toList()) {
        checks.add(
            Check.of(
                "views",
                line,
                dtype,
                () -> {
                  for (Placement placement : Placement.values()) {
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
        List<HostValue> inputs = Runs.adapted(Runs.inputs(line, sample, dtype), placement);
        List<Tensor> placed = new ArrayList<>();
        for (HostValue input : inputs) {
          boolean fits = line.placements(placed.size()).contains(placement);
          placed.add((fits ? placement : Placement.CONTIGUOUS).place(input, device));
        }
        Comparison.close(
            sample.label() + ", " + placement,
            Runs.call(sample, device, placed),
            Runs.expected(line, sample, inputs),
            line.tolerance());
      }
    }
  }
}
