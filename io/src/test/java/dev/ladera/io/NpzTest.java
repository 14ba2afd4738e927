package dev.ladera.io;

import static dev.ladera.io.TestFiles.assertSame;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.ladera.ArgumentException;
import dev.ladera.DTypeException;
import dev.ladera.FileFormatException;
import dev.ladera.Tensor;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.ShrinkingMode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NpzTest {
  @TempDir private Path folder = Path.of("");

  @Provide
  static Arbitrary<Map<String, Tensor>> named() {
    Arbitrary<String> names =
        Arbitraries.strings().withChars("abc/._ é🌻".toCharArray()).ofMaxLength(6);
    return Arbitraries.maps(
            names.filter(name -> StandardCharsets.UTF_8.newEncoder().canEncode(name)),
            TensorArbitrary.tensors())
        .ofMaxSize(5);
  }

  @Property(tries = 100, shrinking = ShrinkingMode.BOUNDED)
  void whatIsWrittenIsReadAgain(@ForAll("named") Map<String, Tensor> tensors) throws IOException {
    Path file = Files.createTempFile("ladera", ".npz");
    try {
      Npz.write(file, tensors);
      Map<String, Tensor> read = Npz.read(file);
      assertThat(read).containsOnlyKeys(tensors.keySet());
      assertThat(read.keySet()).containsExactlyElementsOf(tensors.keySet());
      read.forEach((name, tensor) -> assertSame(tensor, tensors.getOrDefault(name, tensor)));
    } finally {
      Files.delete(file);
    }
  }

  @Test
  void anArchiveOfNumpyIsRead() {
    Map<String, Tensor> read = Npz.read(TestFiles.fixture(folder, "stored.npz"));
    assertThat(read.keySet()).containsExactly("a", "deep/b");
    assertSame(read.getOrDefault("a", Tensor.ones(0)), Tensor.of(new float[] {1, 2}, 1, 2));
  }

  @Test
  void everyTypeIsReadInEitherByteOrderFromACompressedArchive() {
    Map<String, Tensor> expected = new LinkedHashMap<>();
    expected.put("f2", Tensor.of(new float[] {1.5f, -65504}));
    expected.put("f4", Tensor.of(new float[] {1.25f, Float.NEGATIVE_INFINITY}));
    expected.put("f8", Tensor.of(new double[] {Math.PI, -0.0}));
    expected.put("i1", Tensor.of(new int[] {-128, 127}));
    expected.put("u1", Tensor.of(new int[] {0, 255}));
    expected.put("i2", Tensor.of(new int[] {-32768, 32767}));
    expected.put("u2", Tensor.of(new int[] {0, 65535}));
    expected.put("i4", Tensor.of(new int[] {Integer.MIN_VALUE, Integer.MAX_VALUE}));
    expected.put("u4", Tensor.of(new long[] {0, 4294967295L}));
    expected.put("i8", Tensor.of(new long[] {Long.MIN_VALUE, Long.MAX_VALUE}));
    expected.put("b1", Tensor.of(new boolean[] {true, false}));
    Map<String, Tensor> read = Npz.read(TestFiles.fixture(folder, "types.npz"));
    assertThat(read).hasSize(2 * expected.size());
    read.forEach((name, tensor) -> {
      String code = name.substring(name.indexOf('_') + 1);
      assertThat(expected).containsKey(code);
      assertSame(tensor, expected.getOrDefault(code, tensor));
    });
  }

  @Test
  void theSameTensorsGiveTheSameBytes() throws IOException {
    Path first = folder.resolve("first.npz");
    Path second = folder.resolve("second.npz");
    Map<String, Tensor> tensors = Map.of("a", Tensor.ones(3));
    Npz.write(first, tensors);
    Npz.write(second, tensors);
    assertThat(first).hasSameBinaryContentAs(second);
  }

  private Path archive(String name, byte[] content, int method) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
      zip.setMethod(method);
      zip.putNextEntry(new ZipEntry(name));
      zip.write(content);
    } catch (IOException broken) {
      throw new UncheckedIOException(broken);
    }
    return TestFiles.write(folder.resolve("test.npz"), bytes.toByteArray());
  }

  private static FileFormatException refused(Path path) {
    FileFormatException error =
        catchThrowableOfType(FileFormatException.class, () -> Npz.read(path));
    assertThat(error).isNotNull();
    assertThat(error).hasMessageStartingWith("npz: " + path + " at ");
    return error;
  }

  @Test
  void whatIsNoArchiveIsNamed() {
    Path path = TestFiles.write(folder.resolve("t.npz"), TestFiles.fixture("c_order.npy"));
    assertThat(refused(path)).hasMessageContaining("expected a zip archive");
    Path empty = TestFiles.write(folder.resolve("empty.npz"), new byte[0]);
    assertThat(refused(empty)).hasMessageContaining("expected a zip archive");
  }

  @Test
  void anEntryThatIsNoArrayIsNamed() {
    assertThat(refused(archive("readme.txt", new byte[3], ZipOutputStream.DEFLATED)))
        .hasMessageContaining("entry 'readme.txt': expected a name that ends with .npy");
    assertThat(refused(archive("a.npy", new byte[300], ZipOutputStream.DEFLATED)))
        .hasMessageContaining("entry 'a.npy': expected the bytes \\x93NUMPY");
  }

  @Test
  void anEntryOfAnotherTypeIsNamed() {
    Path path = archive("t.npy", TestFiles.fixture("text.npy"), ZipOutputStream.DEFLATED);
    assertThatExceptionOfType(DTypeException.class)
        .isThrownBy(() -> Npz.read(path))
        .withMessageContainingAll(path.toString(), "entry 't.npy'", "descr <U9 is not read");
  }

  @Test
  void anEntryShorterOrLongerThanItsHeaderSaysIsNamed() {
    byte[] whole = TestFiles.fixture("c_order.npy");
    assertThat(refused(archive("a.npy", Arrays.copyOf(whole, 223), ZipOutputStream.DEFLATED)))
        .hasMessageContaining("entry 'a.npy': expected 96 bytes of data")
        .hasMessageContaining("there are 95");
    assertThat(refused(archive("a.npy", Arrays.copyOf(whole, 100_000), ZipOutputStream.DEFLATED)))
        .hasMessageContaining("there are 97");
  }

  @Test
  void aHeaderThatPromisesWhatIsNotThereCostsNoMemory() {
    byte[] lying = Arrays.copyOf(Npy.front(Tensor.ones(100, 100, 100)), 200);
    byte[] claim = "(2000, 2000, 99), }".getBytes(StandardCharsets.ISO_8859_1);
    int at = new String(lying, StandardCharsets.ISO_8859_1).indexOf("(100");
    System.arraycopy(claim, 0, lying, at, claim.length);
    assertThat(refused(archive("a.npy", lying, ZipOutputStream.DEFLATED)))
        .hasMessageContaining("expected 1584000000 bytes of data")
        .hasMessageContaining("there are 72");
    claim = "(2000, 2000, 999),}".getBytes(StandardCharsets.ISO_8859_1);
    System.arraycopy(claim, 0, lying, at, claim.length);
    assertThat(refused(archive("a.npy", lying, ZipOutputStream.DEFLATED)))
        .hasMessageContaining("expected less than 2 GiB");
  }

  @Test
  void aDamagedEntryIsFoundByItsChecksum() throws IOException {
    Path path = folder.resolve("a.npz");
    Npz.write(path, Map.of("a", Tensor.ones(4)));
    byte[] bytes = Files.readAllBytes(path);
    int at = HexFormat.of().formatHex(bytes).indexOf("0000803f") / 2;
    bytes[at]++;
    assertThat(refused(TestFiles.write(path, bytes)))
        .hasMessageContaining("entry 'a.npy': expected the checksum");
  }

  @Test
  void aDamagedCompressedEntryIsNamed() {
    Path path = archive("a.npy", TestFiles.fixture("c_order.npy"), ZipOutputStream.DEFLATED);
    byte[] bytes = TestFiles.read(path);
    for (int at = 35; at < 60; at++) {
      bytes[at] = (byte) 0xff;
    }
    assertThat(refused(TestFiles.write(path, bytes))).hasMessageContaining("entry 'a.npy'");
  }

  @Test
  void aNameThatStandsTwiceIsRefused() {
    Path path = folder.resolve("a.npz");
    Npz.write(path, Map.of("aa", Tensor.ones(1), "ab", Tensor.ones(1)));
    byte[] bytes = TestFiles.read(path);
    String text = new String(bytes, StandardCharsets.ISO_8859_1).replace("ab.npy", "aa.npy");
    TestFiles.write(path, text.getBytes(StandardCharsets.ISO_8859_1));
    assertThat(refused(path)).hasMessageContaining("entry 'aa.npy': expected each name once");
  }

  @Test
  void namesThatAnArchiveHasNoPlaceForAreRefused() {
    Path path = folder.resolve("a.npz");
    for (String name : new String[] {"\ud83c", "x".repeat(65532)}) {
      assertThatExceptionOfType(ArgumentException.class)
          .isThrownBy(() -> Npz.write(path, Map.of(name, Tensor.ones(1))))
          .withMessageContaining("valid Unicode of at most 65531 bytes");
    }
    assertThat(path).doesNotExist();
  }

  @Test
  void aFileThatIsNotThereIsNamed() {
    Path missing = folder.resolve("missing.npz");
    assertThatExceptionOfType(UncheckedIOException.class)
        .isThrownBy(() -> Npz.read(missing))
        .withMessage("npz: " + missing + ": there is no such file");
  }
}
