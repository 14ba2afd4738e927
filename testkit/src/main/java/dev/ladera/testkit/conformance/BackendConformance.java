package dev.ladera.testkit.conformance;

import dev.ladera.Device;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.TestInstance;

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
 *
 * <p>When all has run, what was found goes to {@code target/conformance}, in a file named after the
 * kind of device: {@link CoverageTable} makes a table of such files.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
public abstract class BackendConformance {
  private final ExpectedFailures expected =
      ExpectedFailures.nextTo(getClass(), "expected-failures.txt");
  private final ConformanceResults results = new ConformanceResults();

  /** For the backend's test. */
  protected BackendConformance() {}

  /** The device to be checked; the same each time. */
  protected abstract Device device();

  private Stream<DynamicTest> tests(CheckGroup... groups) {
    return Stream.of(groups)
        .flatMap(group -> group.on(device()))
        .map(check ->
            DynamicTest.dynamicTest(check.id(), results.noting(check, expected.guard(check))));
  }

  /** Each operation answers the reference's values, for each type. */
  @TestFactory
  public Stream<DynamicTest> values() {
    return tests(CheckGroup.VALUES);
  }

  /** Views as inputs change no values. */
  @TestFactory
  public Stream<DynamicTest> views() {
    return tests(CheckGroup.VIEWS);
  }

  /** Sizes around the widths of vectors, and none, change no values. */
  @TestFactory
  public Stream<DynamicTest> sizes() {
    return tests(CheckGroup.SIZES, CheckGroup.EMPTY);
  }

  /** Neither do sizes that are worth several threads. */
  @TestFactory
  public Stream<DynamicTest> largeSizes() {
    return tests(CheckGroup.LARGE);
  }

  /** NaN, infinities, zeros, subnormal numbers and the ends of integers give what they should. */
  @TestFactory
  public Stream<DynamicTest> specialValues() {
    return tests(CheckGroup.SPECIAL_VALUES);
  }

  /**
   * Calls drawn at random change no values: of any sample, type and size, of values with the
   * corners of their domain among them, each input in a layout of its own, broadcasting ones in any
   * shapes that fit. They are the same each time; {@code -Dladera.conformance.seed} asks for
   * others, and {@code -Dladera.conformance.tries} for more of each operation than 100.
   */
  @TestFactory
  public Stream<DynamicTest> randomCalls() {
    return tests(CheckGroup.RANDOM_CALLS);
  }

  /** Corners are what the documentation says. */
  @TestFactory
  public Stream<DynamicTest> documentedAnswers() {
    return tests(CheckGroup.DOCUMENTED);
  }

  /** Random expressions, as one kernel, answer what their parts do. */
  @TestFactory
  public Stream<DynamicTest> expressions() {
    return tests(CheckGroup.EXPRESSIONS);
  }

  /** Kernels for composites answer what the decompositions do. */
  @TestFactory
  public Stream<DynamicTest> composites() {
    return tests(CheckGroup.COMPOSITES);
  }

  /** Random bits are those of Philox 4x32-10. */
  @TestFactory
  public Stream<DynamicTest> randomBits() {
    return tests(CheckGroup.RANDOM_BITS);
  }

  /** The same call answers the same bits each time. */
  @TestFactory
  public Stream<DynamicTest> repetition() {
    return tests(CheckGroup.REPETITION);
  }

  /** Threads that call an operation at the same time get the bits that each gets alone. */
  @TestFactory
  public Stream<DynamicTest> threads() {
    return tests(CheckGroup.THREADS);
  }

  /** Inputs stay as they were, but what an operation says it overwrites. */
  @TestFactory
  public Stream<DynamicTest> inputs() {
    return tests(CheckGroup.INPUTS);
  }

  /** Live bytes return to what they were. */
  @TestFactory
  public Stream<DynamicTest> memory() {
    return tests(CheckGroup.MEMORY);
  }

  /**
   * Gradients are what finite differences say, and what they are on the reference; where no engine
   * is on the class path, nothing is checked.
   */
  @TestFactory
  public Stream<DynamicTest> gradients() {
    return tests(CheckGroup.GRADIENTS);
  }

  /** Values, and gradients where an engine is there, are PyTorch's. */
  @TestFactory
  public Stream<DynamicTest> pyTorch() {
    return tests(CheckGroup.PYTORCH);
  }

  /** Wrong calls fail with the exception and the words that they deserve. */
  @TestFactory
  public Stream<DynamicTest> errors() {
    return tests(CheckGroup.ERRORS);
  }

  /** Every line of the file of expected failures names a check. */
  @Test
  public void everyExpectedFailureNamesACheck() {
    expected.areAllAmong(CheckGroup.all(device()).map(Check::id));
  }

  @AfterAll
  void writeResults() {
    results.write(device());
  }
}
