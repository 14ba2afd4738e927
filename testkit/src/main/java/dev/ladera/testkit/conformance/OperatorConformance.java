package dev.ladera.testkit.conformance;

import dev.ladera.Device;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.opentest4j.TestAbortedException;

/**
 * What every operation must do, as JUnit tests, for operations of your own:
 *
 * <pre>{@code
 * @TestFactory
 * Stream<DynamicTest> mish() {
 *   return OperatorConformance.of(
 *       Device.of("cpu"),
 *       OperatorCase.of(new Mish()).sample("matrix", Operand.of(3, 4)));
 * }
 * }</pre>
 *
 * <p>The tests are those of the built-in operations: values of each type against {@link
 * dev.ladera.testkit.ReferenceBackend}'s; views as inputs; sizes around the widths of vectors,
 * none, and a large one; NaN and infinities; calls drawn at random; the same bits each time and
 * from several threads; inputs that stay as they were; live bytes that return to what they were;
 * gradients of first and second order; calls that are refused; and, of the composites that are
 * called, kernels against decompositions.
 *
 * <p>For gradients, {@code ladera-autograd} must be in the test scope; without it their tests are
 * skipped and say so.
 */
public final class OperatorConformance {
  private OperatorConformance() {}

  /**
   * Tests of operations on a device.
   *
   * @throws IllegalArgumentException if a case has no sample, or two samples of one label
   */
  public static Stream<DynamicTest> of(Device device, OperatorCase... cases) {
    ExpectedFailures none = ExpectedFailures.parse("");
    return checks(device, List.of(cases))
        .map(check -> DynamicTest.dynamicTest(check.id(), none.guard(check)));
  }

  static Stream<Check> checks(Device device, List<OperatorCase> cases) {
    Map<String, List<OperatorCase>> each = new LinkedHashMap<>();
    for (OperatorCase one : cases) {
      checkLabels(one);
      if (each.put(one.operation(), List.of(one)) != null) {
        throw new IllegalArgumentException("two cases are named " + one);
      }
    }
    return Stream.of(
            ValueChecks.of(cases, device),
            ViewChecks.of(cases, device),
            SizeChecks.of(cases, device),
            SizeChecks.empty(cases, device),
            SizeChecks.large(cases, device),
            SpecialValueChecks.planted(cases, device),
            RandomCallChecks.of(cases, device),
            SameBitsChecks.repeated(cases, device),
            SameBitsChecks.threads(cases, device),
            InputChecks.of(cases, device),
            MemoryChecks.of(each, device),
            CompositeChecks.of(cases, device),
            gradients(cases, device),
            ErrorChecks.of(cases, device))
        .flatMap(checks -> checks);
  }

  private static void checkLabels(OperatorCase one) {
    if (one.samples().isEmpty()) {
      throw new IllegalArgumentException(one + " has no sample; add one with sample(…)");
    }
    Set<String> labels = new HashSet<>();
    for (OperatorCase.Sample sample : one.samples()) {
      if (!labels.add(sample.label())) {
        throw new IllegalArgumentException(
            one + " has two samples with the label '" + sample.label() + "'");
      }
    }
  }

  private static Stream<Check> gradients(List<OperatorCase> cases, Device device) {
    Stream<Check> checks = GradientChecks.of(cases, device);
    return GradientChecks.engineIsThere()
        ? checks
        : checks.map(check ->
            new Check(
                check.id(),
                check.subject(),
                () -> {
                  throw new TestAbortedException(
                      "no differentiation on the class path; add ladera-autograd to the test scope");
                }));
  }
}
