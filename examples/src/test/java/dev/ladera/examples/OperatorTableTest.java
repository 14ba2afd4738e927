package dev.ladera.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.ladera.testkit.conformance.CoverageTable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/** {@code docs/operators.md} says what the backends' tests found in this build. */
class OperatorTableTest {
  private static final Path DOCUMENT = Path.of("../docs/operators.md");

  /** The reference's own run stands in core-autograd, where gradients can be had. */
  private static final List<Path> RESULTS =
      List.of(
          Path.of("../core-autograd/target/conformance/reference.txt"),
          Path.of("../backend-cpu/target/conformance/cpu.txt"),
          Path.of("../backend-nd4j/target/conformance/nd4j.txt"));

  private static final String COMMAND = "./mvnw -q verify -Dladera.coverage.write=true";

  private static final String END =
      """

      ---

      This page is made of what the conformance suite found, and checked in each build: do not edit it. `%s` writes it anew.
      """
          .formatted(COMMAND);

  @Test
  void theDocumentIsWhatTheTestsFound() throws IOException {
    boolean write = Boolean.getBoolean("ladera.coverage.write");
    for (Path results : RESULTS) {
      boolean there = Files.exists(results) && CoverageTable.isCurrent(results);
      assertThat(there || !write).as("results to write of: %s", results).isTrue();
      assumeTrue(there, "the conformance tests that write " + results + " have not run");
    }
    String table = CoverageTable.of(RESULTS) + END;
    if (write) {
      Files.writeString(DOCUMENT, table);
    }
    assertThat(DOCUMENT)
        .as("the table of operators is out of date; %s writes it anew", COMMAND)
        .hasContent(table);
  }
}
