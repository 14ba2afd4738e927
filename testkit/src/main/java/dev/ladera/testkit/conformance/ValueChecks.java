package dev.ladera.testkit.conformance;

import dev.ladera.DType;
import dev.ladera.Device;
import dev.ladera.testkit.conformance.OperatorCase.Sample;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** Each operation's values, for each type, against the reference. */
final class ValueChecks {
  private ValueChecks() {}

  static Stream<Check> of(List<OperatorCase> table, Device device) {
    List<Check> checks = new ArrayList<>();
    for (OperatorCase line : table) {
      for (Sample sample : line.samples()) {
        for (DType dtype : line.dtypes(sample)) {
          checks.add(
              new Check(
                  "values/" + line.operation() + "/" + sample.label() + "/" + dtype,
                  Check.subject(line, dtype),
                  () -> check(line, sample, dtype, device)));
        }
      }
    }
    return checks.stream();
  }

  private static void check(OperatorCase line, Sample sample, DType dtype, Device device) {
    List<HostValue> inputs = Runs.inputs(line, sample, dtype);
    Comparison.close(
        line.operation(),
        Runs.outputs(sample, device, inputs, Placement.CONTIGUOUS),
        Runs.expected(line, sample, inputs),
        line.tolerance());
  }
}
