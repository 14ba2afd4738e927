package dev.ladera.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.ladera.ArgumentException;
import dev.ladera.DType;
import dev.ladera.FileFormatException;
import dev.ladera.Shape;
import dev.ladera.Tensor;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.zip.GZIPOutputStream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class IdxTest {
  @TempDir Path folder;

  /** The bytes of an IDX file of unsigned bytes. */
  static byte[] bytes(byte[] data, int... sizes) {
    ByteBuffer file = ByteBuffer.allocate(4 + 4 * sizes.length + data.length);
    file.put((byte) 0).put((byte) 0).put((byte) 8).put((byte) sizes.length);
    for (int size : sizes) {
      file.putInt(size);
    }
    return file.put(data).array();
  }

  static byte[] gzip(byte[] plain) {
    ByteArrayOutputStream packed = new ByteArrayOutputStream();
    try (GZIPOutputStream out = new GZIPOutputStream(packed)) {
      out.write(plain);
    } catch (IOException impossible) {
      throw new AssertionError(impossible);
    }
    return packed.toByteArray();
  }

  private Path file(byte[] contents) throws IOException {
    return Files.write(folder.resolve("file"), contents);
  }

  private Path hex(String text) throws IOException {
    return file(HexFormat.of().parseHex(text.replace(" ", "")));
  }

  private FileFormatException refused(Path path) {
    FileFormatException found =
        catchThrowableOfType(FileFormatException.class, () -> Idx.read(path));
    assertThat(found).isNotNull();
    assertThat(found.path()).isEqualTo(path);
    assertThat(found).hasMessageStartingWith("Idx.read: " + path);
    return found;
  }

  @Test
  void everyTypeIsRead() throws IOException {
    Tensor unsigned = Idx.read(hex("00000802 00000002 00000002 00 7F 80 FF"));
    assertThat(unsigned.dtype()).isEqualTo(DType.INT32);
    assertThat(unsigned.shape()).isEqualTo(Shape.of(2, 2));
    assertThat(unsigned.toIntArray()).containsExactly(0, 127, 128, 255);
    assertThat(Idx.read(hex("00000901 00000002 7F 80")).toIntArray()).containsExactly(127, -128);
    assertThat(Idx.read(hex("00000B01 00000002 0102 FFFE")).toIntArray()).containsExactly(258, -2);
    assertThat(Idx.read(hex("00000C01 00000002 00000102 80000000")).toIntArray())
        .containsExactly(258, Integer.MIN_VALUE);
    Tensor floats = Idx.read(hex("00000D01 00000002 3F800000 C0000000"));
    assertThat(floats.dtype()).isEqualTo(DType.FLOAT32);
    assertThat(floats.toFloatArray()).containsExactly(1, -2);
    Tensor doubles = Idx.read(hex("00000E01 00000001 3FF8000000000000"));
    assertThat(doubles.dtype()).isEqualTo(DType.FLOAT64);
    assertThat(doubles.toDoubleArray()).containsExactly(1.5);
  }

  @Test
  void gzipIsToldByItsFirstBytes() throws IOException {
    byte[] plain = bytes(new byte[] {1, 2, 3}, 3);
    Path misnamed = Files.write(folder.resolve("plain.gz"), plain);
    assertThat(Idx.read(misnamed).toIntArray()).containsExactly(1, 2, 3);
    assertThat(Idx.read(file(gzip(plain))).toIntArray()).containsExactly(1, 2, 3);
  }

  @Test
  void anAxisOfSizeZeroIsAnEmptyTensor() throws IOException {
    assertThat(Idx.read(hex("00000802 00000003 00000000")).shape()).isEqualTo(Shape.of(3, 0));
    assertThat(Idx.read(hex("00000E02 00000000 00010000")).shape()).isEqualTo(Shape.of(0, 65536));
  }

  @Test
  void aFileThatDoesNotBeginWithZerosIsRefused() throws IOException {
    FileFormatException found = refused(hex("89504E47 00000001 00"));
    assertThat(found.offset()).isZero();
    assertThat(found).hasMessageContaining("this one with 0x89 0x50");
  }

  @Test
  void anUnknownTypeIsRefused() throws IOException {
    FileFormatException found = refused(hex("00000A01 00000001 00"));
    assertThat(found.offset()).isEqualTo(2);
    assertThat(found).hasMessageContaining("the type 0x0A is none of");
  }

  @Test
  void aFileWithoutAxesIsRefused() throws IOException {
    assertThat(refused(hex("00000800 01")).offset()).isEqualTo(3);
  }

  @Test
  void aNegativeSizeIsRefused() throws IOException {
    FileFormatException found = refused(hex("00000802 00000001 FFFFFFFF 00"));
    assertThat(found.offset()).isEqualTo(8);
    assertThat(found).hasMessageContaining("axis 1 has the negative size -1");
  }

  @Test
  void hugeSizesCostNoMemory() throws IOException {
    FileFormatException tooLarge = refused(hex("00000E03 7FFFFFFF 7FFFFFFF 7FFFFFFF 00"));
    assertThat(tooLarge.offset()).isEqualTo(4);
    assertThat(tooLarge).hasMessageContaining("2 GiB");
    FileFormatException lying = refused(hex("00000801 7FFFFFF0 0102"));
    assertThat(lying.offset()).isEqualTo(10);
    assertThat(lying).hasMessageContaining("take 2147483632 bytes, and the file ends after 2");
    assertThat(refused(file(gzip(HexFormat.of().parseHex("000008017FFFFFF00102")))).offset())
        .isEqualTo(10);
  }

  @Test
  void aTruncatedFileIsNamedWithItsOffset() throws IOException {
    byte[] whole = bytes(new byte[] {1, 2, 3, 4}, 2, 2);
    for (int length = 0; length < whole.length; length++) {
      FileFormatException found = refused(file(Arrays.copyOf(whole, length)));
      assertThat(found.offset()).isEqualTo(length);
      assertThat(found).hasMessageContaining("and the file ends after");
    }
  }

  @Test
  void aTruncatedGzipFileIsRefused() throws IOException {
    byte[] packed = gzip(bytes(new byte[] {1, 2, 3, 4}, 2, 2));
    for (int length = 0; length < packed.length; length++) {
      refused(file(Arrays.copyOf(packed, length)));
    }
  }

  @Test
  void aGzipFileWithAWrongChecksumIsRefused() throws IOException {
    byte[] packed = gzip(bytes(new byte[] {1, 2, 3, 4}, 2, 2));
    packed[packed.length - 6] ^= 1;
    assertThat(refused(file(packed))).hasMessageContaining("the gzip data are damaged");
  }

  @Test
  void bytesAfterTheElementsAreRefused() throws IOException {
    FileFormatException found = refused(file(bytes(new byte[] {1, 2, 3}, 2)));
    assertThat(found.offset()).isEqualTo(10);
    assertThat(found).hasMessageContaining("more bytes follow");
  }

  @Test
  void aMissingFileIsNamed() {
    assertThatThrownBy(() -> Idx.read(folder.resolve("absent")))
        .isInstanceOf(ArgumentException.class)
        .hasMessageContaining("absent is no file that can be read");
    assertThatThrownBy(() -> Idx.read(folder)).isInstanceOf(ArgumentException.class);
  }

  @Provide
  Arbitrary<byte[]> headers() {
    Arbitrary<Byte> any = Arbitraries.bytes();
    Arbitrary<byte[]> rest = any.array(byte[].class).ofMaxSize(24);
    return rest.map(tail -> {
      byte[] file = new byte[tail.length + 2];
      System.arraycopy(tail, 0, file, 2, tail.length);
      return file;
    });
  }

  @Property(tries = 300)
  void whateverFollowsTheFirstBytesIsATensorOrATypedException(@ForAll("headers") byte[] contents)
      throws IOException {
    Path path = Files.createTempFile("idx", ".test");
    try {
      Files.write(path, contents);
      assertThat(Idx.read(path).elements()).isBetween(0L, 24L);
    } catch (FileFormatException refused) {
      assertThat(refused.offset()).isBetween(0L, (long) contents.length);
    } finally {
      Files.delete(path);
    }
  }
}
