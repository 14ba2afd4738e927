package dev.ladera.testkit.conformance;

import dev.ladera.DType;
import dev.ladera.testkit.conformance.ConformanceResults.Outcome;
import dev.ladera.testkit.conformance.KernelRecorder.Way;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.StringJoiner;

/**
 * What backends do of which operation, as a table in Markdown, made of the files that {@link
 * BackendConformance} leaves: so it says what was tested, and nothing else.
 */
public final class CoverageTable {
  private static final String LEGEND =
      """
      Each operation of the conformance suite, and what of it passed on each backend:

      | mark | means |
      | --- | --- |
      | `f` `d` `i` `l` `b` | values of float32, float64, int32, int64, bool: every sample, views as inputs, sizes around the vectors' widths, none, special values |
      | `+` | values of all types; the operation takes no tensors |
      | `∂` `∂²` | gradients of first, and of second order, against finite differences |
      | `k` | by the backend's own kernels |
      | `c` | a composite in it runs by its decomposition |
      | ~~struck out~~ | known to fail; the reason stands in the backend's `expected-failures.txt` |
      | `*` | another check, such as that of threads or errors, is known to fail |
      | `!` | fails |

      Views, and what the host does, have neither `k` nor `c`.
      """;

  /** The letters of the types, in their order. */
  private static final Map<String, String> LETTERS = letters();

  private record Row(String family, String operation, Way way, Map<String, Outcome> outcomes) {}

  private record Results(String suite, String device, List<Row> rows) {}

  private CoverageTable() {}

  private static Map<String, String> letters() {
    Map<String, String> letters = new LinkedHashMap<>();
    letters.put(DType.FLOAT32.toString(), "f");
    letters.put(DType.FLOAT64.toString(), "d");
    letters.put(DType.INT32.toString(), "i");
    letters.put(DType.INT64.toString(), "l");
    letters.put(DType.BOOL.toString(), "b");
    letters.put(Check.MADE, "+");
    letters.put(Check.FIRST, "∂");
    letters.put(Check.SECOND, "∂²");
    return letters;
  }

  /**
   * Whether a file of results is of this suite's operations, rather than of an earlier build's.
   *
   * @throws UncheckedIOException if the file cannot be read
   */
  public static boolean isCurrent(Path results) {
    return read(results).suite().equals(ConformanceResults.suite());
  }

  /**
   * The table of backends.
   *
   * @param results one file each, in the order of the columns
   * @throws UncheckedIOException if a file cannot be read
   * @throws IllegalArgumentException if they are of different versions of the suite
   */
  public static String of(List<Path> results) {
    List<Results> all = results.stream().map(CoverageTable::read).toList();
    if (all.stream().map(Results::suite).distinct().count() != 1) {
      throw new IllegalArgumentException("results of one suite are needed: " + results);
    }
    StringBuilder text = new StringBuilder("# Operators\n\n").append(LEGEND);
    String family = "";
    for (int i = 0; i < all.getFirst().rows().size(); i++) {
      Row row = all.getFirst().rows().get(i);
      if (!row.family().equals(family)) {
        family = row.family();
        text.append("\n## ").append(Character.toUpperCase(family.charAt(0)));
        text.append(family.substring(1)).append("\n\n| operation |");
        all.forEach(backend -> text.append(' ').append(backend.device()).append(" |"));
        text.append("\n| --- |").append(" --- |".repeat(all.size())).append('\n');
      }
      text.append("| `").append(row.operation()).append("` |");
      for (Results backend : all) {
        text.append(' ').append(cell(backend.rows().get(i))).append(" |");
      }
      text.append('\n');
    }
    return text.toString();
  }

  private static String cell(Row row) {
    StringJoiner cell = new StringJoiner(" ");
    StringBuilder types = new StringBuilder();
    LETTERS.forEach((aspect, letter) -> {
      Outcome outcome = row.outcomes().get(aspect);
      if (outcome != null) {
        String marked =
            switch (outcome) {
              case PASSED -> letter;
              case EXPECTED -> "~~" + letter + "~~";
              case FAILED -> letter + "!";
            };
        if (letter.startsWith("∂")) {
          cell.add(marked);
        } else {
          types.append(marked);
        }
      }
    });
    String way =
        switch (row.way()) {
          case KERNELS -> "k";
          case DECOMPOSITION -> "c";
          case NONE -> "";
        };
    String others =
        switch (row.outcomes().getOrDefault(Check.OTHER, Outcome.PASSED)) {
          case PASSED -> "";
          case EXPECTED -> "*";
          case FAILED -> "!";
        };
    StringJoiner whole = new StringJoiner(" ");
    for (String part : List.of(types.toString(), cell.toString(), way, others)) {
      if (!part.isEmpty()) {
        whole.add(part);
      }
    }
    return whole.toString();
  }

  private static Results read(Path file) {
    List<String> lines;
    try {
      lines = Files.readAllLines(file);
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
    String[] head = lines.getFirst().split("\t", -1);
    List<Row> rows = new ArrayList<>();
    for (String line : lines.subList(1, lines.size())) {
      List<String> words = List.of(line.split("\t"));
      Map<String, Outcome> outcomes = new LinkedHashMap<>();
      for (String word : words.subList(3, words.size())) {
        int equals = word.indexOf('=');
        outcomes.put(word.substring(0, equals), Outcome.valueOf(word.substring(equals + 1)));
      }
      rows.add(new Row(words.get(0), words.get(1), Way.valueOf(words.get(2)), outcomes));
    }
    return new Results(head[1], head[2], rows);
  }
}
