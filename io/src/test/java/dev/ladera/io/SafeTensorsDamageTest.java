package dev.ladera.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.ladera.DTypeException;
import dev.ladera.FileFormatException;
import dev.ladera.LaderaException;
import dev.ladera.Tensor;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every way in which a safetensors file can lie, and what is said about it. */
class SafeTensorsDamageTest {
  @TempDir private Path folder = Path.of("");

  /** A file, where the error is, and what its message tells. */
  record Lie(String title, byte[] file, long offset, String... words) {
    @Override
    public String toString() {
      return title;
    }
  }

  private static byte[] file(long length, byte[] json, int data) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    bytes.writeBytes(ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN).putLong(length).array());
    bytes.writeBytes(json);
    bytes.writeBytes(new byte[data]);
    return bytes.toByteArray();
  }

  private static Lie lie(String title, String json, int data, long offset, String... words) {
    byte[] header = json.getBytes(StandardCharsets.UTF_8);
    return new Lie(title, file(header.length, header, data), offset, words);
  }

  /** A header of one tensor. */
  private static String one(String dtype, String shape, String offsets) {
    return "{\"w\":{\"dtype\":"
        + dtype
        + ",\"shape\":"
        + shape
        + ",\"data_offsets\":"
        + offsets
        + "}}";
  }

  private static String floats(String name, String shape, String offsets) {
    return "\"" + name + "\":" + one("\"F32\"", shape, offsets).replaceAll("^\\{\"w\":|}$", "");
  }

  private static final byte[] NOTHING = {};

  static Stream<Lie> framing() {
    byte[] valid = one("\"F32\"", "[1]", "[0,4]").getBytes(StandardCharsets.UTF_8);
    byte[] notUtf8 = valid.clone();
    notUtf8[2] = (byte) 0xff;
    byte[] overlong = "{\"__\":0}".getBytes(StandardCharsets.UTF_8);
    overlong[2] = (byte) 0xc0;
    overlong[3] = (byte) 0x80;
    return Stream.of(
        new Lie("empty", NOTHING, 0, "expected 8 bytes", "the file has 0"),
        new Lie("seven bytes", new byte[7], 0, "expected 8 bytes", "the file has 7"),
        new Lie("no header", new byte[8], 8, "expected the header to begin with {"),
        new Lie("text", "hello, world".getBytes(StandardCharsets.UTF_8), 0, "at most 100000000"),
        new Lie("length 2^64 - 1", file(-1, valid, 4), 0, "the file says 18446744073709551615"),
        new Lie("length 2^63 - 1", file(Long.MAX_VALUE, valid, 4), 0, "9223372036854775807"),
        new Lie("100 million and 1", file(100_000_001, valid, 4), 0, "says 100000001"),
        new Lie(
            "length beyond the end",
            file(valid.length + 5, valid, 4),
            0,
            "expected a header of " + (valid.length + 5),
            "only " + (valid.length + 4) + " follow"),
        new Lie("cut off in the header", file(valid.length, Arrays.copyOf(valid, 9), 0), 0, "only"),
        new Lie("not UTF-8", file(valid.length, notUtf8, 4), 10, "expected UTF-8"),
        new Lie("overlong UTF-8", file(overlong.length, overlong, 0), 10, "expected UTF-8"),
        new Lie("half a character", file(3, new byte[] {'{', '"', (byte) 0xc3}, 0), 10, "UTF-8"),
        new Lie(
            "UTF-16", file(4, new byte[] {'{', 0, '}', 0}, 0), 9, "expected JSON in the header"));
  }

  static Stream<Lie> json() {
    return Stream.of(
        lie("a space first", " {}", 0, 8, "begin with {"),
        lie("an array", "[]", 0, 8, "begin with {"),
        lie("not closed", "{\"w\":{", 0, 14, "expected JSON"),
        lie("a comma too many", "{\"w\":1,,}", 1, 13, "expected tensor 'w' to be an object"),
        lie("two documents", "{}{}", 0, 10, "nothing but spaces after"),
        lie("zeros for spaces", "{}\0\0", 0, 10, "expected JSON"),
        lie(
            "a tensor twice",
            "{" + floats("a", "[1]", "[0,4]") + "," + floats("a", "[1]", "[0,4]") + "}",
            4,
            65,
            "uplicate",
            "\"a\""),
        lie(
            "a field twice",
            one("\"F32\"", "[1]", "[0,4]").replace("\"shape\":[1]", "\"shape\":[1],\"shape\":[1]"),
            4,
            47,
            "uplicate",
            "\"shape\""),
        lie(
            "a note twice",
            "{\"__metadata__\":{\"k\":\"1\",\"k\":\"2\"}}",
            0,
            36,
            "uplicate",
            "\"k\""),
        lie("metadata a string", "{\"__metadata__\":\"k\"}", 0, 24, "__metadata__ to be an object"),
        lie("metadata null", "{\"__metadata__\":null}", 0, 24, "__metadata__ to be an object"),
        lie(
            "a number for a note",
            "{\"__metadata__\":{\"k\":1}}",
            0,
            29,
            "expected __metadata__ 'k' to be a string"),
        lie("a tensor that is null", "{\"w\":null}", 0, 13, "tensor 'w' to be an object"),
        lie("deep nesting", "{\"w\":{\"x\":" + "[".repeat(5000), 0, 8, "expected JSON"));
  }

  static Stream<Lie> entries() {
    String f32 = "\"F32\"";
    return Stream.of(
        lie(
            "no dtype",
            "{\"w\":{\"shape\":[1],\"data_offsets\":[0,4]}}",
            4,
            13,
            "expected dtype, shape and data_offsets for tensor 'w'"),
        lie(
            "no shape",
            "{\"w\":{\"dtype\":\"F32\",\"data_offsets\":[0,4]}}",
            4,
            13,
            "expected dtype"),
        lie("no offsets", "{\"w\":{\"dtype\":\"F32\",\"shape\":[1]}}", 4, 13, "expected dtype"),
        lie("dtype a number", one("32", "[1]", "[0,4]"), 4, 22, "dtype of tensor 'w' to be a str"),
        lie("an unknown dtype", one("\"Q7\"", "[1]", "[0,4]"), 4, 13, "'w' has dtype Q7", "know"),
        lie("lower case", one("\"f32\"", "[1]", "[0,4]"), 4, 13, "dtype f32"),
        lie("shape a number", one(f32, "1", "[0,4]"), 4, 36, "shape of tensor 'w' to be an array"),
        lie("a negative size", one(f32, "[-1]", "[0,4]"), 4, 37, "integers from 0", "not -1"),
        lie("half a place", one(f32, "[1.0]", "[0,4]"), 4, 37, "integers from 0", "not 1.0"),
        lie("a size in words", one(f32, "[\"1\"]", "[0,4]"), 4, 37, "integers from 0"),
        lie("a size of 2^63", one(f32, "[9223372036854775808]", "[0,4]"), 4, 37, "2^63 - 1"),
        lie("a size of 2^31", one(f32, "[2147483648,0]", "[0,0]"), 0, 13, "at most 2147483647"),
        lie(
            "an overflowing shape",
            one(f32, "[2147483647,2147483647,2,1]", "[0,4]"),
            4,
            13,
            "less than 2^63 bytes"),
        lie(
            "a product that overflows to what fits",
            one("\"BOOL\"", "[1073741824,1073741824,16]", "[0,0]"),
            0,
            13,
            "less than 2^63 bytes"),
        lie("one offset", one(f32, "[1]", "[0]"), 4, 13, "a beginning and an end"),
        lie("three offsets", one(f32, "[1]", "[0,4,4]"), 4, 13, "a beginning and an end"),
        lie("a negative offset", one(f32, "[1]", "[-4,0]"), 4, 56, "integers from 0", "not -4"),
        lie("an end before the beginning", one(f32, "[1]", "[4,0]"), 4, 13, "begin before they"),
        lie("cut off", one(f32, "[2]", "[0,8]"), 7, 13, "has 7 bytes of data", "offset 8"),
        lie("far away", one(f32, "[1]", "[9223372036854775803,9223372036854775807]"), 4, 13, "cut"),
        lie("too few bytes", one(f32, "[2]", "[0,4]"), 4, 13, "expected 8 bytes", "span 4"),
        lie("too many bytes", one(f32, "[1]", "[0,8]"), 8, 13, "expected 4 bytes", "span 8"),
        lie("bytes for a scalar", one(f32, "[]", "[0,0]"), 0, 13, "expected 4 bytes"),
        lie("a hole in front", one(f32, "[1]", "[4,8]"), 8, 13, "leaves a hole", "the header"),
        lie(
            "a hole",
            "{" + floats("a", "[1]", "[0,4]") + "," + floats("b", "[1]", "[8,12]") + "}",
            12,
            66,
            "tensor 'b' to begin where tensor 'a' ends, at data offset 4; it begins at 8"),
        lie(
            "an overlap",
            "{" + floats("a", "[2]", "[0,8]") + "," + floats("b", "[1]", "[4,8]") + "}",
            8,
            66,
            "at data offset 8; it begins at 4, so the two overlap"),
        lie(
            "the same bytes twice",
            "{" + floats("a", "[1]", "[0,4]") + "," + floats("b", "[1]", "[0,4]") + "}",
            4,
            66,
            "overlap"),
        lie("bytes of nobody", one(f32, "[1]", "[0,4]"), 9, 66, "5 bytes follow", "tensor 'w'"),
        lie("bytes without tensors", "{}", 3, 10, "where the header ends; 3 bytes follow"));
  }

  @ParameterizedTest
  @MethodSource({"framing", "json", "entries"})
  void aFileThatLiesIsNamedWithPlaceAndExpectation(Lie lie) {
    Path path = TestFiles.write(folder.resolve("lie.safetensors"), lie.file);
    FileFormatException error =
        catchThrowableOfType(FileFormatException.class, () -> SafeTensors.read(path));
    assertThat(error).isNotNull();
    assertThat(error).hasMessageStartingWith("safetensors: " + path + " at ");
    assertThat(error).hasMessageContainingAll(lie.words);
    assertThat(error.path()).isEqualTo(path);
    assertThat(error.offset()).as(error.getMessage()).isEqualTo(lie.offset);
  }

  static Stream<String> notRead() {
    return Stream.of("U32", "U64", "C64", "F8_E4M3", "F8_E5M2", "F8_E8M0", "F6_E2M3", "F4");
  }

  @ParameterizedTest
  @MethodSource("notRead")
  void aTypeThatIsNotReadIsNamedWithItsTensor(String dtype) {
    byte[] json = one("\"" + dtype + "\"", "[1]", "[0,4]").getBytes(StandardCharsets.UTF_8);
    Path path = TestFiles.write(folder.resolve("t.safetensors"), file(json.length, json, 4));
    DTypeException error = catchThrowableOfType(DTypeException.class, () -> SafeTensors.read(path));
    assertThat(error).hasMessageContainingAll(path.toString(), "'w'", "dtype " + dtype + ",");
  }

  @Test
  void unknownFieldsAndTrailingSpacesAreAllowed() {
    String text = one("\"F32\"", "[1]", "[0,4]").replace("}}", ",\"more\":{\"x\":[1]}}}  \n");
    byte[] json = text.getBytes(StandardCharsets.UTF_8);
    Path path = TestFiles.write(folder.resolve("t.safetensors"), file(json.length, json, 4));
    assertThat(SafeTensors.read(path).tensor("w").item()).isZero();
  }

  @Test
  void aFileCutOffAnywhereIsNeverReadAsWhole() throws Exception {
    Path whole = folder.resolve("whole.safetensors");
    SafeTensors.write(whole, Map.of("a", Tensor.ones(3), "b", Tensor.arange(2)), Map.of("k", "v"));
    byte[] bytes = Files.readAllBytes(whole);
    Path cut = folder.resolve("cut.safetensors");
    for (int length = 0; length < bytes.length; length++) {
      TestFiles.write(cut, Arrays.copyOf(bytes, length));
      assertThat(catchThrowableOfType(FileFormatException.class, () -> SafeTensors.read(cut)))
          .as("cut off at %d", length)
          .isNotNull();
    }
  }

  @Test
  void aByteChangedInTheHeaderGivesATypedErrorOrAnotherHeader() throws Exception {
    Path whole = folder.resolve("whole.safetensors");
    SafeTensors.write(whole, Map.of("a", Tensor.ones(3), "b", Tensor.arange(2)), Map.of("k", "v"));
    byte[] bytes = Files.readAllBytes(whole);
    Path changed = folder.resolve("changed.safetensors");
    int refused = 0;
    for (int at = 0; at < bytes.length - 28; at++) {
      for (int flip : new int[] {1, 2, 0x10, 0x80}) {
        byte[] copy = bytes.clone();
        copy[at] ^= (byte) flip;
        TestFiles.write(changed, copy);
        try {
          SafeTensors.read(changed);
        } catch (LaderaException typed) {
          refused++;
        }
      }
    }
    assertThat(refused).isGreaterThan(2 * bytes.length);
  }
}
