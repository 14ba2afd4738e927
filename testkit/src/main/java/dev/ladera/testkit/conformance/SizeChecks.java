package dev.ladera.testkit.conformance;

import dev.ladera.DType;
import dev.ladera.Device;
import dev.ladera.LaderaException;
import dev.ladera.testkit.conformance.OperatorCase.Sample;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * Each operation's values for sizes around the widths of vectors, where kernels change from whole
 * vectors to what is left over, and for one size that is worth several threads.
 */
final class SizeChecks {
  private static final int[] AROUND_WIDTHS = {
    1, 2, 3, 4, 5, 7, 8, 9, 15, 16, 17, 31, 32, 33, 63, 64, 65
  };
  private static final int LARGE = 100_003;

  private SizeChecks() {}

  static Stream<Check> of(List<OperatorCase> table, Device device) {
    List<Check> checks = new ArrayList<>();
    for (OperatorCase line : table) {
      for (DType dtype : line.dtypes().stream().sorted().toList()) {
        checks.add(
            Check.of(
                "sizes",
                line,
                dtype,
                () -> {
                  for (int size : AROUND_WIDTHS) {
                    check(line, size, dtype, device);
                  }
                }));
      }
    }
    return checks.stream();
  }

  /**
   * No elements: the device answers what the reference does, or refuses it as the reference does.
   */
  static Stream<Check> empty(List<OperatorCase> table, Device device) {
    List<Check> checks = new ArrayList<>();
    for (OperatorCase line : table) {
      for (DType dtype : line.dtypes().stream().sorted().toList()) {
        checks.add(Check.of("empty", line, dtype, () -> checkEmpty(line, dtype, device)));
      }
    }
    return checks.stream();
  }

  private static void checkEmpty(OperatorCase line, DType dtype, Device device) {
    for (Sample sample : line.sized(0)) {
      List<HostValue> inputs = Runs.inputs(line, sample, dtype);
      List<HostValue> expected;
      try {
        expected = Runs.expected(line, sample, inputs);
      } catch (LaderaException refused) {
        Runs.refuses(sample, device, inputs.stream().map(in -> in.on(device)).toList(), refused);
        continue;
      }
      Comparison.close(
          sample.label(),
          Runs.outputs(sample, device, inputs, Placement.CONTIGUOUS),
          expected,
          line.tolerance());
    }
  }

  /** One large size for each operation, in its first type. */
  static Stream<Check> large(List<OperatorCase> table, Device device) {
    return table.stream()
        .map(line ->
            Check.of(
                "large",
                line,
                () ->
                    check(
                        line,
                        LARGE,
                        line.dtypes().stream().sorted().findFirst().orElseThrow(),
                        device)));
  }

  private static void check(OperatorCase line, int size, DType dtype, Device device) {
    for (Sample sample : line.sized(size)) {
      if (line.dtypes(sample).contains(dtype)) {
        List<HostValue> inputs = Runs.inputs(line, sample, dtype);
        Comparison.close(
            sample.label(),
            Runs.outputs(sample, device, inputs, Placement.CONTIGUOUS),
            Runs.expected(line, sample, inputs),
            line.tolerance());
      }
    }
  }
}
