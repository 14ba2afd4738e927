package dev.ladera.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.ladera.ArgumentException;
import dev.ladera.DType;
import dev.ladera.DTypeException;
import dev.ladera.FileFormatException;
import dev.ladera.IndexException;
import dev.ladera.Shape;
import dev.ladera.Tensor;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CsvTest {
  @TempDir Path folder;

  private Path file(String text) throws IOException {
    return Files.writeString(folder.resolve("table.csv"), text);
  }

  private static FileFormatException refused(Path path) {
    FileFormatException found =
        catchThrowableOfType(FileFormatException.class, () -> Csv.read(path));
    assertThat(found).isNotNull();
    return found;
  }

  @Test
  void linesAreRowsOfNumbers() throws IOException {
    Tensor table = Csv.read(file("1,2.5,-3\n4e2, 5 ,+.6\n"));
    assertThat(table.dtype()).isEqualTo(DType.FLOAT32);
    assertThat(table.shape()).isEqualTo(Shape.of(2, 3));
    assertThat(table.toFloatArray()).containsExactly(1, 2.5f, -3, 400, 5, 0.6f);
  }

  @Test
  void separatorHeaderAndTypeCanBeChosen() throws IOException {
    Csv.Format format = Csv.Format.STANDARD.separator(';').headerLines(2).dtype(DType.FLOAT64);
    Tensor table = Csv.read(file("# made by hand\nx;y\n0.1;0.2\n"), format);
    assertThat(table.toDoubleArray()).containsExactly(0.1, 0.2);
    assertThat(table.dtype()).isEqualTo(DType.FLOAT64);
  }

  @Test
  void emptyLinesOtherLineEndsAndAByteOrderMarkDoNotMatter() throws IOException {
    assertThat(Csv.read(file("\uFEFF1,2\r\n\r\n3,4")).toFloatArray()).containsExactly(1, 2, 3, 4);
  }

  @Test
  void nanAndInfinityAreNumbers() throws IOException {
    assertThat(Csv.read(file("nan,NaN,inf,-Infinity,+inf")).toFloatArray())
        .containsExactly(
            Float.NaN,
            Float.NaN,
            Float.POSITIVE_INFINITY,
            Float.NEGATIVE_INFINITY,
            Float.POSITIVE_INFINITY);
  }

  @Test
  void manyRowsAreRead() throws IOException {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < 3000; i++) {
      text.append(i).append(',').append(-i).append('\n');
    }
    Tensor table = Csv.read(file(text.toString()));
    assertThat(table.shape()).isEqualTo(Shape.of(3000, 2));
    assertThat(table.at(2999, 1)).isEqualTo(-2999);
  }

  @ParameterizedTest
  @ValueSource(strings = {"x", "", "1f", "0x1p3", "1 2", "1.2.3", "--1", "\u0661", "\"1\""})
  void whatIsNoNumberIsNamedWithLineAndColumn(String text) throws IOException {
    FileFormatException found = refused(file("1,2,3\n\n4,5," + text + "\n"));
    assertThat(found.offset()).isEqualTo(3);
    assertThat(found).hasMessageContaining("line 3: column 2 must be a number, not '" + text + "'");
  }

  @Test
  void aLongValueIsShownInPart() throws IOException {
    assertThat(refused(file("z".repeat(10_000))).getMessage()).hasSizeLessThan(300);
  }

  @Test
  void aNumberTooLargeForTheTypeIsNamed() throws IOException {
    assertThat(refused(file("1e39"))).hasMessageContaining("1e39, too large for float32");
    Csv.Format wide = Csv.Format.STANDARD.dtype(DType.FLOAT64);
    assertThat(Csv.read(file("1e39"), wide).item()).isEqualTo(1e39);
    assertThatThrownBy(() -> Csv.read(file("1e999"), wide)).isInstanceOf(FileFormatException.class);
  }

  @ParameterizedTest
  @ValueSource(strings = {"3", "3,4,5", "3,4,", "3,4,x"})
  void aLineWithMoreOrFewerValuesIsNamed(String line) throws IOException {
    FileFormatException found = refused(file("1,2\n" + line));
    assertThat(found.offset()).isEqualTo(2);
    assertThat(found).hasMessageContaining("values, and 2 in line 1");
  }

  @Test
  void aFileWithoutNumbersIsRefused() throws IOException {
    assertThat(refused(file(""))).hasMessageContaining("there is no row of numbers");
    assertThatThrownBy(() -> Csv.read(file("x,y\n"), Csv.Format.STANDARD.headerLines(1)))
        .isInstanceOf(FileFormatException.class);
    assertThatThrownBy(() -> Csv.read(folder.resolve("absent.csv")))
        .isInstanceOf(ArgumentException.class)
        .hasMessageContaining("absent.csv is no file that can be read");
  }

  @Test
  void aTruncatedGzipFileIsRefused() throws IOException {
    byte[] packed = IdxTest.gzip("1,2\n3,4\n".getBytes(StandardCharsets.UTF_8));
    Path path = Files.write(folder.resolve("packed"), packed);
    assertThat(Csv.read(path).shape()).isEqualTo(Shape.of(2, 2));
    Files.write(path, Arrays.copyOf(packed, packed.length - 5));
    assertThat(refused(path)).hasMessageContaining("the gzip data are damaged or cut off");
  }

  @Test
  void aDatasetTakesItsTargetsFromAColumn() throws IOException {
    TensorDataset last = Csv.dataset(file("0.5,1.5,2\n2.5,3.5,7\n"), -1);
    assertThat(last.inputs().toFloatArray()).containsExactly(0.5f, 1.5f, 2.5f, 3.5f);
    assertThat(last.targets().toLongArray()).containsExactly(2, 7);
    assertThat(last.targets().dtype()).isEqualTo(DType.INT64);
    TensorDataset first = Csv.dataset(file("t x\n3 9\n"), 0, new Csv.Format(' ', 1, DType.FLOAT64));
    assertThat(first.inputs().toDoubleArray()).containsExactly(9);
    assertThat(first.inputs().dtype()).isEqualTo(DType.FLOAT64);
    assertThat(first.targets().toLongArray()).containsExactly(3);
  }

  @ParameterizedTest
  @ValueSource(strings = {"nan", "inf", "1.5", "1e30"})
  void aTargetThatIsNoWholeNumberIsNamedWithItsLine(String target) throws IOException {
    Path path = file("1,2\n\n3," + target + "\n");
    FileFormatException found =
        catchThrowableOfType(FileFormatException.class, () -> Csv.dataset(path, 1));
    assertThat(found.offset()).isEqualTo(3);
    assertThat(found).hasMessageContaining("line 3: the target, column 1, must be a whole number");
  }

  @Test
  void badArgumentsAreNamed() throws IOException {
    Path path = file("1,2");
    assertThatThrownBy(() -> Csv.dataset(path, 2))
        .isInstanceOf(IndexException.class)
        .hasMessageContaining("targetColumn 2 is none of the 2 columns");
    assertThatThrownBy(() -> Csv.dataset(path, -3)).isInstanceOf(IndexException.class);
    assertThatThrownBy(() -> Csv.Format.STANDARD.headerLines(-1))
        .isInstanceOf(ArgumentException.class);
    assertThatThrownBy(() -> Csv.Format.STANDARD.dtype(DType.INT64))
        .isInstanceOf(DTypeException.class);
  }
}
