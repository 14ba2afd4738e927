package dev.ladera.nn;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Rows of text in columns; the first row is the head. */
final class TextTable {
  private final List<String[]> rows = new ArrayList<>();
  private final boolean numbersLast;

  /**
   * A table of a head.
   *
   * @param numbersLast whether the last column stands to the right
   */
  TextTable(boolean numbersLast, String... head) {
    this.numbersLast = numbersLast;
    rows.add(head);
  }

  /** Adds a row of as many cells as the head. */
  void add(String... cells) {
    rows.add(cells);
  }

  /** The rows, with rules below the head and at the end. */
  @Override
  public String toString() {
    int columns = rows.getFirst().length;
    int[] widths = new int[columns];
    for (String[] row : rows) {
      for (int i = 0; i < columns; i++) {
        widths[i] = Math.max(widths[i], row[i].length());
      }
    }
    StringBuilder pattern = new StringBuilder();
    int width = 2 * (columns - 1);
    for (int i = 0; i < columns; i++) {
      boolean right = numbersLast && i == columns - 1;
      pattern.append(i == 0 ? "%" : "  %").append(right ? "" : "-").append(widths[i]).append('s');
      width += widths[i];
    }
    String rule = "-".repeat(width) + "\n";
    StringBuilder table = new StringBuilder();
    for (int i = 0; i < rows.size(); i++) {
      String line = String.format(Locale.ROOT, pattern.toString(), (Object[]) rows.get(i));
      table.append(line.stripTrailing()).append('\n');
      if (i == 0) {
        table.append(rule);
      }
    }
    return table.append(rule).toString();
  }
}
