package dev.ladera.testkit.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ladera.testkit.conformance.Check.Subject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;
import org.opentest4j.TestAbortedException;

/** From outcomes of checks to the table of operators. */
class CoverageTableTest {
  @TempDir Path folder;

  private final ConformanceResults results = new ConformanceResults();

  private void run(String aspect, Executable body) {
    Check check = new Check("some/" + aspect, new Subject("exp()", aspect), body);
    try {
      results.noting(check, body).execute();
    } catch (Throwable failure) {
      assertThat(failure).hasMessage("known").isInstanceOfAny(Error.class, RuntimeException.class);
    }
  }

  private static void abort() {
    throw new TestAbortedException("known");
  }

  private static void fail() {
    throw new AssertionError("known");
  }

  @Test
  void theWorstOutcomeOfAnAspectCounts() {
    run("float32", () -> {});
    run("float32", () -> {});
    run("float64", () -> {});
    run("float64", CoverageTableTest::abort);
    run("float64", () -> {});
    run("int32", CoverageTableTest::fail);
    run("int32", CoverageTableTest::abort);
    assertThat(results.outcomes("exp()"))
        .isEqualTo("float32=PASSED\tfloat64=EXPECTED\tint32=FAILED");
    assertThat(results.outcomes("log()")).isEmpty();
  }

  private Path file(String suite, String device, String... lines) throws IOException {
    Path file = folder.resolve(device + ".txt");
    String head = "suite\t" + suite + "\t" + device;
    return Files.writeString(file, head + "\n" + String.join("\n", lines) + "\n");
  }

  @Test
  void eachOperationIsARowAndEachBackendAColumn() throws IOException {
    Path good =
        file(
            "1",
            "good",
            "pointwise\texp()\tKERNELS\tbool=PASSED\tfirst=PASSED\tfloat32=PASSED\tfloat64=PASSED"
                + "\tother=PASSED\tsecond=PASSED",
            "shapes\tt()\tNONE\tfloat32=PASSED",
            "tensors\tzeros()\tKERNELS\tmade=PASSED");
    Path poor =
        file(
            "1",
            "poor",
            "pointwise\texp()\tDECOMPOSITION\tbool=PASSED\tfirst=EXPECTED\tfloat32=EXPECTED"
                + "\tfloat64=PASSED\tother=EXPECTED\tsecond=PASSED",
            "shapes\tt()\tNONE\tfloat32=FAILED",
            "tensors\tzeros()\tKERNELS\tmade=PASSED\tother=FAILED");
    assertThat(CoverageTable.of(List.of(good, poor)))
        .contains("## Pointwise\n\n| operation | good | poor |\n| --- | --- | --- |\n")
        .contains("| `exp()` | fdb ∂ ∂² k | ~~f~~db ~~∂~~ ∂² c * |\n")
        .contains("| `t()` | f | f! |\n")
        .contains("| `zeros()` | + k | + k ! |\n");
  }

  @Test
  void resultsOfDifferentSuitesMakeNoTable() throws IOException {
    Path one = file("1", "one", "pointwise\texp()\tKERNELS\tfloat32=PASSED");
    Path two = file("2", "two", "pointwise\texp()\tKERNELS\tfloat32=PASSED");
    assertThatThrownBy(() -> CoverageTable.of(List.of(one, two)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("one suite");
    assertThat(CoverageTable.isCurrent(one)).isFalse();
    assertThat(
            CoverageTable.isCurrent(
                file(ConformanceResults.suite(), "now", "pointwise\texp()\tKERNELS")))
        .isTrue();
  }
}
