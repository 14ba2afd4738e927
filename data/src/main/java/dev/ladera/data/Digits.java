package dev.ladera.data;

import dev.ladera.Tensor;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.stream.IntStream;

/**
 * 1,797 handwritten digits of 8 by 8 pixels, which come with this library: the test part of
 * "Optical Recognition of Handwritten Digits" (Alpaydin and Kaynak, 1998), UCI Machine Learning
 * Repository, under the Creative Commons Attribution 4.0 licence.
 *
 * <p>Inputs are float32 (N, 1, 8, 8), from 0 to 1; targets are int64 (N,), from 0 to 9. Each call
 * reads anew.
 */
public final class Digits {
  private static final String RESOURCE = "digits.csv.gz";
  private static final int SIDE = 8;
  private static final int MOST = 16;
  private static final int FOLDS = 5;

  private Digits() {}

  /** All digits, in the order of the source. */
  public static TensorDataset all() {
    return read();
  }

  /** The 1,437 digits that {@link #test()} leaves. */
  public static TensorDataset train() {
    return part(false);
  }

  /** Every fifth digit, the first included: 360. */
  public static TensorDataset test() {
    return part(true);
  }

  private static TensorDataset part(boolean isTest) {
    TensorDataset all = read();
    Batch part =
        all.batch(IntStream.range(0, all.size()).filter(i -> i % FOLDS == 0 == isTest).toArray());
    return new TensorDataset(part.inputs(), part.targets());
  }

  private static TensorDataset read() {
    Path name = Path.of(RESOURCE);
    try (InputStream resource = Digits.class.getResourceAsStream(RESOURCE)) {
      if (resource == null) {
        throw new IllegalStateException(RESOURCE + " is missing beside " + Digits.class.getName());
      }
      InputStream text = Gzip.unpacked("Digits", name, resource);
      TensorDataset table =
          CsvTable.read("Digits", name, text, Csv.Format.STANDARD)
              .dataset(-1, Csv.Format.STANDARD.dtype());
      Tensor pixels = table.inputs().reshape(-1, 1, SIDE, SIDE).mul(1.0 / MOST);
      return new TensorDataset(pixels, table.targets());
    } catch (IOException failed) {
      throw new UncheckedIOException("Digits: " + RESOURCE + " cannot be read", failed);
    }
  }
}
