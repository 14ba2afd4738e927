package dev.ladera.testkit.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.opentest4j.TestAbortedException;

class ExpectedFailuresTest {
  private static final ExpectedFailures EXPECTED =
      ExpectedFailures.parse(
          "# known\n\n  values/exp()/vector/float32: flushes subnormal numbers\n");
  private static final String LISTED = "values/exp()/vector/float32";

  private static Check passing(String id) {
    return new Check(id, () -> {});
  }

  private static Check failing(String id) {
    return new Check(
        id,
        () -> {
          throw new AssertionError("wrong");
        });
  }

  @Test
  void aListedCheckThatFailsIsSkippedWithItsReason() {
    assertThatThrownBy(() -> EXPECTED.guard(failing(LISTED)).execute())
        .isInstanceOf(TestAbortedException.class)
        .hasMessageContaining("flushes subnormal numbers")
        .hasRootCauseMessage("wrong");
  }

  @Test
  void aListedCheckThatPassesFails() {
    assertThatThrownBy(() -> EXPECTED.guard(passing(LISTED)).execute())
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("but passes")
        .hasMessageContaining(LISTED);
  }

  @Test
  void otherChecksPassAndFailAsTheyAreAndNameThemselves() {
    assertThatCode(() -> EXPECTED.guard(passing("other")).execute()).doesNotThrowAnyException();
    assertThatThrownBy(() -> EXPECTED.guard(failing("other")).execute())
        .isInstanceOf(AssertionError.class)
        .hasMessage("other: wrong");
  }

  @Test
  void aLineThatNamesNoCheckIsAnError() {
    assertThatCode(() -> EXPECTED.areAllAmong(Stream.of("a", LISTED))).doesNotThrowAnyException();
    assertThatThrownBy(() -> EXPECTED.areAllAmong(Stream.of("a")))
        .hasMessageContaining("name no check")
        .hasMessageContaining(LISTED);
  }

  @Test
  void aLineWithoutAReasonOrTwiceIsRefused() {
    assertThatThrownBy(() -> ExpectedFailures.parse("values/exp()"))
        .hasMessageContaining("'id: reason'");
    assertThatThrownBy(() -> ExpectedFailures.parse("a: one\na: two"))
        .hasMessageContaining("stands twice");
  }

  @Test
  void aClassWithoutAFileExpectsNothing() {
    ExpectedFailures none = ExpectedFailures.nextTo(getClass(), "expected-failures.txt");
    assertThatCode(() -> none.areAllAmong(Stream.of())).doesNotThrowAnyException();
    assertThat(none.guard(passing("a"))).isNotNull();
  }
}
