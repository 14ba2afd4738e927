package dev.ladera.testkit.conformance;

import dev.ladera.DType;
import dev.ladera.Device;
import dev.ladera.testkit.conformance.OperatorCase.Sample;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;

/**
 * Every built-in operation answers the same bits on several devices, such as one backend with
 * different numbers of threads, or with vectors of different widths:
 *
 * <pre>{@code
 * @TestFactory
 * Stream<DynamicTest> threadsDoNotChangeBits() {
 *   return SameBitsConformance.of(onOneThread, onTwo, onThree);
 * }
 * }</pre>
 *
 * <p>Each sample of an operation, and inputs of sizes around the widths of vectors and of a size
 * that is worth several threads, in each type, contiguous and as views.
 */
public final class SameBitsConformance {
  private static final int[] SIZES = {1, 7, 8, 17, 33, 70};
  private static final int LARGE = 100_003;

  private SameBitsConformance() {}

  /**
   * A test for each operation and type.
   *
   * @param first the device whose bits the others must have
   */
  public static Stream<DynamicTest> of(Device first, Device... others) {
    ExpectedFailures none = ExpectedFailures.parse("");
    return checks(OperatorCases.all(), first, others)
        .map(check -> DynamicTest.dynamicTest(check.id(), none.guard(check)));
  }

  static Stream<Check> checks(List<OperatorCase> table, Device first, Device... others) {
    List<Check> checks = new ArrayList<>();
    for (OperatorCase line : table) {
      for (DType dtype : line.dtypes().stream().sorted().toList()) {
        checks.add(Check.of("bits", line, dtype, () -> check(line, dtype, first, others)));
      }
    }
    return checks.stream();
  }

  private static void check(OperatorCase line, DType dtype, Device first, Device... others) {
    List<Sample> samples = new ArrayList<>(line.samples());
    Arrays.stream(SIZES).forEach(size -> samples.addAll(line.sized(size)));
    for (Sample sample : samples) {
      compare(line, sample, dtype, Placement.CONTIGUOUS, first, others);
      compare(line, sample, dtype, Placement.MIXED, first, others);
    }
    for (Sample sample : line.sized(LARGE)) {
      compare(line, sample, dtype, Placement.CONTIGUOUS, first, others);
    }
  }

  private static void compare(
      OperatorCase line,
      Sample sample,
      DType dtype,
      Placement placement,
      Device first,
      Device... others) {
    if (line.dtypes(sample).contains(dtype)) {
      List<HostValue> inputs = Runs.inputs(line, sample, dtype);
      List<HostValue> expected = Runs.outputs(sample, first, inputs, placement);
      for (int i = 0; i < others.length; i++) {
        Comparison.close(
            sample.label() + ", " + placement + ", device " + (i + 1),
            Runs.outputs(sample, others[i], inputs, placement),
            expected,
            Tolerance.EXACT);
      }
    }
  }
}
