package dev.ladera.data;

import dev.ladera.DType;
import dev.ladera.FileFormatException;
import dev.ladera.IndexException;
import dev.ladera.Tensor;
import java.io.BufferedReader;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import java.util.zip.ZipException;
import org.jspecify.annotations.Nullable;

/** The numbers of a table of text, with the line that each row came from. */
final class CsvTable {
  private static final char BYTE_ORDER_MARK = '\uFEFF';

  /** A file that is no table at all can have values of any length. */
  private static final int MOST_SHOWN = 40;

  private final String operation;
  private final Path path;
  private final Csv.Format format;
  private double[] values = new double[1024];
  private int[] lines = new int[64];
  private int rows;
  private int columns;
  private int line;

  private CsvTable(String operation, Path path, Csv.Format format) {
    this.operation = operation;
    this.path = path;
    this.format = format;
  }

  /** Reads a table to its end; the path is for errors. */
  static CsvTable read(String operation, Path path, InputStream in, Csv.Format format)
      throws IOException {
    CsvTable table = new CsvTable(operation, path, format);
    BufferedReader reader = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8));
    try {
      for (String text = reader.readLine(); text != null; text = reader.readLine()) {
        table.add(text);
      }
    } catch (ZipException | EOFException broken) {
      throw Gzip.damaged(operation, path, table.line + 1L, broken);
    }
    if (table.rows == 0) {
      throw table.wrong("there is no row of numbers");
    }
    return table;
  }

  private void add(String text) {
    line++;
    boolean isMarked = line == 1 && !text.isEmpty() && text.charAt(0) == BYTE_ORDER_MARK;
    String row = isMarked ? text.substring(1) : text;
    if (line <= format.headerLines() || row.isBlank()) {
      return;
    }
    int column = 0;
    int from = 0;
    while (from <= row.length()) {
      int end = row.indexOf(format.separator(), from);
      int to = end < 0 ? row.length() : end;
      if (rows == 0 || column < columns) {
        put(rows * (long) columns + column, number(row.substring(from, to).strip(), column));
      }
      column++;
      from = to + 1;
    }
    if (rows == 0) {
      columns = column;
    } else if (column != columns) {
      throw wrong("there are " + column + " values, and " + columns + " in line " + lines[0]);
    }
    if (rows == lines.length) {
      lines = Arrays.copyOf(lines, rows * 2);
    }
    lines[rows++] = line;
  }

  private void put(long place, double value) {
    if (place >= Integer.MAX_VALUE - 8) {
      throw wrong("the table has more values than an array can hold");
    }
    if (place >= values.length) {
      values = Arrays.copyOf(values, (int) Math.min(Integer.MAX_VALUE - 8, values.length * 2L));
    }
    values[(int) place] = value;
  }

  private double number(String text, int column) {
    Double value = parsed(text);
    if (value == null) {
      String shown = text.length() <= MOST_SHOWN ? text : text.substring(0, MOST_SHOWN) + "…";
      throw wrong("column " + column + " must be a number, not '" + shown + "'");
    }
    boolean overflows =
        Double.isInfinite(value)
            || (format.dtype() == DType.FLOAT32 && Float.isInfinite(value.floatValue()));
    if (overflows && !text.toLowerCase(Locale.ROOT).contains("inf")) {
      throw wrong("column " + column + " is " + text + ", too large for " + format.dtype());
    }
    return value;
  }

  private static @Nullable Double parsed(String text) {
    switch (text.toLowerCase(Locale.ROOT)) {
      case "nan" -> {
        return Double.NaN;
      }
      case "inf", "+inf", "infinity", "+infinity" -> {
        return Double.POSITIVE_INFINITY;
      }
      case "-inf", "-infinity" -> {
        return Double.NEGATIVE_INFINITY;
      }
      default -> {
        // Java's own numbers may end in d or f, or be hexadecimal; those of a table may not.
        for (int i = 0; i < text.length(); i++) {
          if ("0123456789+-.eE".indexOf(text.charAt(i)) < 0) {
            return null;
          }
        }
        try {
          return Double.valueOf(text);
        } catch (NumberFormatException wrong) {
          return null;
        }
      }
    }
  }

  private FileFormatException wrong(String detail) {
    return new FileFormatException(operation, path, line, "line " + line + ": " + detail);
  }

  /** All values, (rows, columns). */
  Tensor tensor(DType dtype) {
    return tensor(Arrays.copyOf(values, rows * columns), columns, dtype);
  }

  private Tensor tensor(double[] numbers, int width, DType dtype) {
    if (dtype == DType.FLOAT64) {
      return Tensor.of(numbers, rows, width);
    }
    float[] narrowed = new float[numbers.length];
    for (int i = 0; i < numbers.length; i++) {
      narrowed[i] = (float) numbers[i];
    }
    return Tensor.of(narrowed, rows, width);
  }

  /** The values but for one column, whose whole numbers are the targets. */
  TensorDataset dataset(int targetColumn, DType dtype) {
    int target = targetColumn < 0 ? targetColumn + columns : targetColumn;
    if (target < 0 || target >= columns) {
      throw new IndexException(
          operation,
          "targetColumn " + targetColumn + " is none of the " + columns + " columns of " + path,
          targetColumn,
          columns);
    }
    double[] features = new double[rows * (columns - 1)];
    long[] targets = new long[rows];
    int at = 0;
    for (int row = 0; row < rows; row++) {
      for (int column = 0; column < columns; column++) {
        double value = values[row * columns + column];
        if (column != target) {
          features[at++] = value;
        } else if (value == Math.rint(value) && Math.abs(value) <= 1L << 53) {
          targets[row] = (long) value;
        } else {
          throw new FileFormatException(
              operation,
              path,
              lines[row],
              "line "
                  + lines[row]
                  + ": the target, column "
                  + column
                  + ", must be a whole number, not "
                  + value);
        }
      }
    }
    return new TensorDataset(tensor(features, columns - 1, dtype), Tensor.of(targets, rows));
  }
}
