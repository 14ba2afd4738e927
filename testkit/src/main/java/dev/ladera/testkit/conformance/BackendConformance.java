package dev.ladera.testkit.conformance;

import dev.ladera.Device;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/**
 * What every backend must do, as JUnit tests; a backend's own test says which device is meant:
 *
 * <pre>{@code
 * class MyBackendConformanceTest extends BackendConformance {
 *   @Override
 *   protected Device device() {
 *     return Device.of("mine");
 *   }
 * }
 * }</pre>
 *
 * <p>Every operation's values, for every type, are compared with {@link
 * dev.ladera.testkit.ReferenceBackend}'s. Gradients are checked where an engine is on the class
 * path: add {@code ladera-autograd} to the test scope. What the backend is known to fail stands in
 * a resource {@code expected-failures.txt} next to the test class, a line {@code id: reason} each,
 * the id being the test's name; a line whose check passes fails the suite, so the file stays true.
 * Lines that begin with {@code #} are comments.
 */
public abstract class BackendConformance {
  private final ExpectedFailures expected =
      ExpectedFailures.nextTo(getClass(), "expected-failures.txt");

  /** For the backend's test. */
  protected BackendConformance() {}

  /** The device to be checked; the same each time. */
  protected abstract Device device();

  private Stream<DynamicTest> tests(Stream<Check> checks) {
    return checks.map(check -> DynamicTest.dynamicTest(check.id(), expected.guard(check)));
  }

  private Stream<Check> all() {
    return Stream.of(
            ValueChecks.of(OperatorCases.all(), device()),
            ViewChecks.of(OperatorCases.all(), device()),
            SizeChecks.of(OperatorCases.all(), device()),
            SizeChecks.empty(OperatorCases.all(), device()),
            SizeChecks.large(OperatorCases.all(), device()),
            SpecialValueChecks.of(device()),
            DocumentedAnswers.of(device()),
            ExpressionChecks.of(device()),
            CompositeChecks.of(CompositeCases.all(), device()),
            RandomChecks.of(device()),
            SameBitsChecks.repeated(OperatorCases.all(), device()),
            SameBitsChecks.threads(OperatorCases.all(), device()),
            InputChecks.of(OperatorCases.all(), device()),
            MemoryChecks.of(OperatorCases.families(), device()),
            GradientChecks.of(OperatorCases.all(), device()),
            PyTorchChecks.of(device()),
            ErrorChecks.of(OperatorCases.all(), device()))
        .flatMap(checks -> checks);
  }

  /** Each operation answers the reference's values, for each type. */
  @TestFactory
  public Stream<DynamicTest> values() {
    return tests(ValueChecks.of(OperatorCases.all(), device()));
  }

  /** Views as inputs change no values. */
  @TestFactory
  public Stream<DynamicTest> views() {
    return tests(ViewChecks.of(OperatorCases.all(), device()));
  }

  /** Sizes around the widths of vectors, and none, change no values. */
  @TestFactory
  public Stream<DynamicTest> sizes() {
    return tests(
        Stream.concat(
            SizeChecks.of(OperatorCases.all(), device()),
            SizeChecks.empty(OperatorCases.all(), device())));
  }

  /** Neither do sizes that are worth several threads. */
  @TestFactory
  public Stream<DynamicTest> largeSizes() {
    return tests(SizeChecks.large(OperatorCases.all(), device()));
  }

  /** NaN, infinities, zeros, subnormal numbers and the ends of integers give what they should. */
  @TestFactory
  public Stream<DynamicTest> specialValues() {
    return tests(SpecialValueChecks.of(device()));
  }

  /** Corners are what the documentation says. */
  @TestFactory
  public Stream<DynamicTest> documentedAnswers() {
    return tests(DocumentedAnswers.of(device()));
  }

  /** Random expressions, as one kernel, answer what their parts do. */
  @TestFactory
  public Stream<DynamicTest> expressions() {
    return tests(ExpressionChecks.of(device()));
  }

  /** Kernels for composites answer what the decompositions do. */
  @TestFactory
  public Stream<DynamicTest> composites() {
    return tests(CompositeChecks.of(CompositeCases.all(), device()));
  }

  /** Random bits are those of Philox 4x32-10. */
  @TestFactory
  public Stream<DynamicTest> randomBits() {
    return tests(RandomChecks.of(device()));
  }

  /** The same call answers the same bits each time. */
  @TestFactory
  public Stream<DynamicTest> repetition() {
    return tests(SameBitsChecks.repeated(OperatorCases.all(), device()));
  }

  /** Threads that call an operation at the same time get the bits that each gets alone. */
  @TestFactory
  public Stream<DynamicTest> threads() {
    return tests(SameBitsChecks.threads(OperatorCases.all(), device()));
  }

  /** Inputs stay as they were, but what an operation says it overwrites. */
  @TestFactory
  public Stream<DynamicTest> inputs() {
    return tests(InputChecks.of(OperatorCases.all(), device()));
  }

  /** Live bytes return to what they were. */
  @TestFactory
  public Stream<DynamicTest> memory() {
    return tests(MemoryChecks.of(OperatorCases.families(), device()));
  }

  /**
   * Gradients are what finite differences say, and what they are on the reference; where no engine
   * is on the class path, nothing is checked.
   */
  @TestFactory
  public Stream<DynamicTest> gradients() {
    return GradientChecks.engineIsThere()
        ? tests(GradientChecks.of(OperatorCases.all(), device()))
        : Stream.empty();
  }

  /** Values, and gradients where an engine is there, are PyTorch's. */
  @TestFactory
  public Stream<DynamicTest> pyTorch() {
    return tests(PyTorchChecks.of(device()));
  }

  /** Wrong calls fail with the exception and the words that they deserve. */
  @TestFactory
  public Stream<DynamicTest> errors() {
    return tests(ErrorChecks.of(OperatorCases.all(), device()));
  }

  /** Every line of the file of expected failures names a check. */
  @Test
  public void everyExpectedFailureNamesACheck() {
    expected.areAllAmong(all().map(Check::id));
  }
}
