package dev.ladera.testkit.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ladera.testkit.conformance.DocumentedAnswers.Answer;
import java.io.IOException;
import java.lang.reflect.Array;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** {@code docs/corners.md} says what the suite checks on every backend. */
class CornersTest {
  private static final Path PAGE = Path.of("../docs/corners.md");

  /** The cells of each line that says something of a corner. */
  private static List<List<String>> rows() throws IOException {
    try (Stream<String> lines = Files.lines(PAGE)) {
      return lines
          .filter(line -> line.startsWith("| "))
          .map(line -> Arrays.stream(line.split("\\|")).map(String::strip).skip(1).toList())
          .filter(cells -> !cells.getFirst().equals("corner") && !cells.getFirst().equals("---"))
          .toList();
    }
  }

  /** An element of the answer as the page writes it, as the type that the suite expects. */
  private static Object element(String word, Object like) {
    String number = word.replace("∞", "Infinity");
    return switch (like) {
      case Float _ -> Float.parseFloat(number);
      case Double _ -> Double.parseDouble(number);
      case Integer _ -> Integer.parseInt(number);
      case Long _ -> Long.parseLong(number);
      default -> Boolean.parseBoolean(number);
    };
  }

  private static List<Object> elements(Object array) {
    return IntStream.range(0, Array.getLength(array)).mapToObj(i -> Array.get(array, i)).toList();
  }

  @Test
  void everyLineOfThePageIsACheckWithThatAnswer() throws IOException {
    Map<String, Answer> said =
        DocumentedAnswers.all(Runs.REFERENCE).stream()
            .collect(Collectors.toMap(Answer::sentence, Function.identity()));
    List<List<String>> rows = rows();
    assertThat(rows).hasSizeGreaterThan(50);
    for (List<String> cells : rows) {
      String sentence = cells.get(0);
      assertThat(said).containsKey(sentence);
      List<Object> expected = elements(Objects.requireNonNull(said.get(sentence)).expected());
      List<Object> written =
          Arrays.stream(cells.get(2).split(", "))
              .map(word -> element(word, expected.getFirst()))
              .toList();
      assertThat(written).as(sentence).isEqualTo(expected);
    }
  }

  @Test
  void everyLineSaysWhatNumPyAndPyTorchAnswer() throws IOException {
    assertThat(rows()).allSatisfy(cells -> assertThat(cells).hasSize(5).doesNotContain(""));
  }
}
