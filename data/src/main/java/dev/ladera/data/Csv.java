package dev.ladera.data;

import dev.ladera.ArgumentException;
import dev.ladera.DType;
import dev.ladera.DTypeException;
import dev.ladera.FileFormatException;
import dev.ladera.IndexException;
import dev.ladera.Tensor;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Path;

/**
 * Reads tables of numbers: a row a line, values with a separator between. A file may be compressed
 * by gzip. Numbers are written as Java and C write them, with a point; {@code nan} and {@code inf}
 * are numbers too. Lines without text are passed over. There are no quotation marks. Columns count
 * from 0.
 */
public final class Csv {
  private Csv() {}

  /**
   * How a file is written, and what becomes of it.
   *
   * @param separator between the values of a line; blanks around values do not count
   * @param headerLines how many lines to pass over at the beginning
   * @param dtype of the values, float32 or float64
   */
  public record Format(char separator, int headerLines, DType dtype) {
    /** Commas, no header, float32. */
    public static final Format STANDARD = new Format(',', 0, DType.FLOAT32);

    /**
     * Makes a format.
     *
     * @throws ArgumentException if the number of header lines is negative
     * @throws DTypeException if the type is not floating
     */
    public Format {
      if (headerLines < 0) {
        throw new ArgumentException(
            "Csv", "headerLines", "must not be negative, not " + headerLines);
      }
      if (!dtype.isFloating()) {
        throw new DTypeException("Csv", "dtype is " + dtype + "; it must be floating", dtype);
      }
    }

    /** This format with another separator. */
    public Format separator(char other) {
      return new Format(other, headerLines, dtype);
    }

    /** This format with so many lines to pass over at the beginning. */
    public Format headerLines(int count) {
      return new Format(separator, count, dtype);
    }

    /** This format with values of another type. */
    public Format dtype(DType other) {
      return new Format(separator, headerLines, other);
    }
  }

  /** The float32 tensor (rows, columns) of a file with commas and without a header. */
  public static Tensor read(Path path) {
    return read(path, Format.STANDARD);
  }

  /**
   * The tensor (rows, columns) of a file.
   *
   * @throws ArgumentException if there is no such file
   * @throws FileFormatException if a value is no number or too large for the type, a line has more
   *     or fewer values than the first, or there is none; its offset is the line's number, from 1
   * @throws UncheckedIOException if the system cannot read the file
   */
  public static Tensor read(Path path, Format format) {
    return table("Csv.read", path, format).tensor(format.dtype());
  }

  /** A dataset from a file with commas and without a header; see the other method. */
  public static TensorDataset dataset(Path path, int targetColumn) {
    return dataset(path, targetColumn, Format.STANDARD);
  }

  /**
   * A dataset from a file of which one column numbers classes.
   *
   * @param targetColumn that column; negative ones count from the last, which is −1
   * @return inputs (rows, columns − 1) of the format's type, targets int64 (rows,)
   * @throws ArgumentException if there is no such file
   * @throws IndexException if there is no such column
   * @throws FileFormatException as of {@link #read(Path, Format)}, and if a target is no whole
   *     number
   * @throws UncheckedIOException if the system cannot read the file
   */
  public static TensorDataset dataset(Path path, int targetColumn, Format format) {
    return table("Csv.dataset", path, format).dataset(targetColumn, format.dtype());
  }

  private static CsvTable table(String operation, Path path, Format format) {
    try (InputStream in = Gzip.open(operation, path)) {
      return CsvTable.read(operation, path, in, format);
    } catch (IOException failed) {
      throw new UncheckedIOException(operation + ": " + path + " cannot be read", failed);
    }
  }
}
