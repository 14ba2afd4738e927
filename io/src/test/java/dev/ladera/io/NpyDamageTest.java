package dev.ladera.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.ladera.DTypeException;
import dev.ladera.FileFormatException;
import dev.ladera.LaderaException;
import dev.ladera.Shape;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.aggregator.ArgumentsAccessor;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Every way in which an npy file can lie, and what is said about it. */
class NpyDamageTest {
  @TempDir private Path folder = Path.of("");

  private static final String END = ", 'fortran_order': False, 'shape': (1,), }";
  private static final String FLOAT = "{'descr': '<f4', 'fortran_order': False, ";

  private static byte[] file(String prefix, int length, String text, int data) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    bytes.writeBytes(prefix.getBytes(StandardCharsets.ISO_8859_1));
    bytes.write(length);
    bytes.write(length >> 8);
    bytes.writeBytes(text.getBytes(StandardCharsets.ISO_8859_1));
    bytes.writeBytes(new byte[data]);
    return bytes.toByteArray();
  }

  private static byte[] file(String text, int data) {
    return file("\u0093NUMPY\1\0", text.length(), text, data);
  }

  static Stream<Arguments> framing() {
    String valid = FLOAT + "'shape': (1,), }";
    int length = valid.length();
    return Stream.of(
        Arguments.of(new byte[0], 0, "no npy array"),
        Arguments.of(file("\u0093NUMPX\1\0", length, valid, 4), 0, "no npy array"),
        Arguments.of(file("\u0093NUMPY\4\0", length, valid, 4), 6, "version 1.0, 2.0 or 3.0"),
        Arguments.of(file("\u0093NUMPY\0\0", length, valid, 4), 6, "version 1.0, 2.0 or 3.0"),
        Arguments.of(file("\u0093NUMPY\1\1", length, valid, 4), 6, "version 1.0, 2.0 or 3.0"),
        Arguments.of(Arrays.copyOf(file(valid, 4), 9), 8, "length of the header"),
        Arguments.of(Arrays.copyOf(file(valid, 4), 40), 8, "only 30 follow"),
        Arguments.of(file("\u0093NUMPY\2\0\0\0\0p", 0, valid, 4), 8, "at most 65536", "1879048192"),
        Arguments.of(file("\u0093NUMPY\2\0\u00ff\u00ff\u00ff\u00ff", 0, "", 0), 8, "4294967295"),
        Arguments.of(file(valid, 3), 70, "expected 4 bytes of data", "there are 3", "cut off"),
        Arguments.of(file(valid, 5), 71, "expected 4 bytes of data", "there are 5"));
  }

  static Stream<Arguments> dictionaries() {
    return Stream.of(
        Arguments.of(file("", 4), 10, "expected '{'"),
        Arguments.of(file("[]", 4), 10, "expected '{'"),
        Arguments.of(file("{}", 4), 12, "the keys 'descr', 'fortran_order' and 'shape'"),
        Arguments.of(file(FLOAT + "}", 4), 52, "the keys 'descr', 'fortran_order' and 'shape'"),
        Arguments.of(file(FLOAT + "'shape': (1,)", 4), 64, "expected '}'"),
        Arguments.of(file(FLOAT + "'shape': (1,)} x", 4), 66, "nothing but spaces"),
        Arguments.of(file(FLOAT + "'size': (1,)}", 4), 51, "not 'size'"),
        Arguments.of(file(FLOAT + "'descr': '<f4'}", 4), 51, "'descr' once"),
        Arguments.of(file(FLOAT + "shape: (1,)}", 4), 51, "a string in quotes"),
        Arguments.of(file(FLOAT + "'shape: (1,)}", 4), 51, "a closing quote"),
        Arguments.of(file(FLOAT + "'sh\\ape': (1,)}", 4), 51, "without backslashes"),
        Arguments.of(file(FLOAT + "'shape' (1,)}", 4), 59, "expected ':'"),
        Arguments.of(file(FLOAT + "'shape': [1]}", 4), 60, "expected '('"),
        Arguments.of(file(FLOAT + "'shape': (1)}", 4), 61, "a comma in a shape of one axis"),
        Arguments.of(file(FLOAT + "'shape': (1 1)}", 4), 63, "a comma or a closing parenthesis"),
        Arguments.of(file(FLOAT + "'shape': (,)}", 4), 61, "a size from 0"),
        Arguments.of(file(FLOAT + "'shape': (-1,)}", 4), 61, "a size from 0"),
        Arguments.of(file(FLOAT + "'shape': (1.0,)}", 4), 62, "a comma or a closing"),
        Arguments.of(file(FLOAT + "'shape': (1L,)}", 4), 62, "a comma or a closing"),
        Arguments.of(file(FLOAT + "'shape': (2147483648,)}", 4), 61, "to 2147483647"),
        Arguments.of(file(FLOAT + "'shape': (99999999999999999999,)}", 4), 61, "to 2147483647"),
        Arguments.of(
            file(FLOAT + "'shape': (2147483647, 2147483647, 4)}", 4), 61, "fewer than 2^63 el"),
        Arguments.of(
            file(FLOAT + "'shape': (2147483647, 2147483647)}", 4), 10, "fewer than 2^63 bytes"),
        Arguments.of(file(FLOAT + "'shape': (2147483647, 1000000)}", 4), 86, "expected 858993"),
        Arguments.of(
            file("{'descr': '<f4', 'fortran_order': 0, 'shape': (1,)}", 4), 44, "True or False"),
        Arguments.of(file("{'descr': 4" + END, 4), 20, "a string in quotes"),
        Arguments.of(file("{'descr': [('x', '<f4')" + END, 4), 75, "a closing bracket"));
  }

  private void assertRefused(byte[] bytes, int offset, String[] words) {
    Path path = TestFiles.write(folder.resolve("lie.npy"), bytes);
    FileFormatException error =
        catchThrowableOfType(FileFormatException.class, () -> Npy.read(path));
    assertThat(error).isNotNull();
    assertThat(error).hasMessageStartingWith("npy: " + path + " at ");
    assertThat(error).hasMessageContainingAll(words);
    assertThat(error.offset()).as(error.getMessage()).isEqualTo(offset);
  }

  @ParameterizedTest
  @MethodSource({"framing", "dictionaries"})
  void aFileThatLiesIsNamedWithPlaceAndExpectation(ArgumentsAccessor arguments) {
    String[] words = Arrays.stream(arguments.toArray()).skip(2).toArray(String[]::new);
    assertRefused((byte[]) arguments.get(0), arguments.getInteger(1), words);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "<u8", "<f16", "<c8", "<c16", "<U5", "|S3", "|O", "<M8[s]", "|V4", "f4", "=f4", "|f4",
        "<f3", "", "<", "<f44", "?", "<b2"
      })
  void aTypeThatIsNotReadIsNamed(String descr) {
    Path path =
        TestFiles.write(folder.resolve("t.npy"), file("{'descr': '" + descr + "'" + END, 4));
    DTypeException error = catchThrowableOfType(DTypeException.class, () -> Npy.read(path));
    assertThat(error).hasMessageContainingAll(path.toString(), "descr " + descr + " is not read");
  }

  @Test
  void textAndStructuresOfNumpyAreNamed() {
    assertThatExceptionOfType(DTypeException.class)
        .isThrownBy(() -> Npy.read(TestFiles.fixture(folder, "text.npy")))
        .withMessageContaining("descr <U9 is not read");
    assertThatExceptionOfType(DTypeException.class)
        .isThrownBy(() -> Npy.read(TestFiles.fixture(folder, "structure.npy")))
        .withMessageContaining("descr [('x', '<f4'), ('y', '<i4', (2,))] is not read");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{'shape':(1,),'fortran_order':True,'descr':\"<f4\"}",
        " { 'descr' : '>f4' , 'fortran_order' : False , 'shape' : ( 1 , ) , } \n"
      })
  void anyOrderOfKeysAndSpacesIsAllowed(String text) {
    Path path = TestFiles.write(folder.resolve("t.npy"), file(text, 4));
    assertThat(Npy.read(path).shape()).isEqualTo(Shape.of(1));
  }

  @Test
  void aByteChangedInTheHeaderGivesATypedErrorOrAnotherHeader() {
    byte[] bytes = TestFiles.fixture("c_order.npy");
    int refused = 0;
    for (int at = 0; at < 80; at++) {
      for (int flip : new int[] {1, 2, 0x10, 0x80}) {
        byte[] copy = bytes.clone();
        copy[at] ^= (byte) flip;
        Path path = TestFiles.write(folder.resolve("changed.npy"), copy);
        try {
          Npy.read(path);
        } catch (LaderaException typed) {
          refused++;
        }
      }
    }
    assertThat(refused).isGreaterThan(250);
  }
}
