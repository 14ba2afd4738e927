package dev.ladera.examples;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** The corners that {@link BadInputTest} leaves: each message in full. */
class BadInputTableTest {
  private static Stream<DynamicTest> tests(List<BadInput> table) {
    return table.stream()
        .map(line ->
            DynamicTest.dynamicTest(
                line.name(),
                () ->
                    assertThatThrownBy(line.action())
                        .isExactlyInstanceOf(line.type())
                        .hasMessageContaining(line.text())));
  }

  @TestFactory
  Stream<DynamicTest> ofTensors() {
    return tests(BadTensors.table());
  }

  @TestFactory
  Stream<DynamicTest> ofDevices() {
    return tests(BadDevices.table());
  }

  @TestFactory
  Stream<DynamicTest> ofGradients() {
    return tests(BadGradients.table());
  }

  @TestFactory
  Stream<DynamicTest> ofTraining() {
    return tests(BadTraining.table());
  }
}
