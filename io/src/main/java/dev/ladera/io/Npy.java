package dev.ladera.io;

import dev.ladera.ArgumentException;
import dev.ladera.Device;
import dev.ladera.Tensor;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;

/**
 * One tensor in a file of NumPy's <a
 * href="https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html">npy format</a>.
 *
 * <p>Versions 1.0, 2.0 and 3.0 are read, in either byte order and in C and Fortran order. What is
 * read to what: f4, f8, i4, i8 and b1 keep their type; f2 is widened to float32; i1, u1, i2 and u2
 * to int32; u4 to int64. Other element types (u8, complex, text, objects, structures) are refused;
 * nothing is ever unpickled.
 */
public final class Npy {
  private static final int ALIGNMENT = 64;
  private static final int BEFORE_TEXT = 10;
  private static final int LONGEST_TEXT = 65535;

  private Npy() {}

  /**
   * Reads a file to the {@linkplain Device#standard() standard} device; the tensor is contiguous.
   *
   * @throws dev.ladera.FileFormatException if the file breaks a rule of the format, or has fewer or
   *     more bytes than its header says
   * @throws dev.ladera.DTypeException if its element type is not read; the message names it
   * @throws java.io.UncheckedIOException if the file cannot be read
   */
  public static Tensor read(Path path) {
    NpySource source = NpySource.file(path);
    return MappedFile.read(
        source.operation(),
        path,
        bytes -> NpyFrame.read(source, bytes).tensor(source, bytes, Device.standard()));
  }

  /**
   * Writes a tensor, in C order and version 1.0, in place of the file of that name if there is one,
   * as {@link AtomicFile} does.
   *
   * @throws ArgumentException if the folder does not exist
   * @throws java.io.UncheckedIOException if writing fails; an old file stays as it was
   */
  public static void write(Path path, Tensor tensor) {
    byte[] front = front(tensor);
    AtomicFile.write(path, out -> write(front, tensor, out));
  }

  /** Writes a front and the data that it stands for. */
  static void write(byte[] front, Tensor tensor, OutputStream out) throws IOException {
    out.write(front);
    TensorBytes.write(tensor, out);
  }

  /** Magic, version and header, with spaces so that the data begins at a multiple of 64. */
  static byte[] front(Tensor tensor) {
    byte[] text =
        NpyHeader.text(tensor.dtype(), tensor.shape()).getBytes(StandardCharsets.ISO_8859_1);
    int size = Math.ceilDiv(BEFORE_TEXT + text.length + 1, ALIGNMENT) * ALIGNMENT;
    if (size - BEFORE_TEXT > LONGEST_TEXT) {
      throw new ArgumentException(
          "npy", "tensor", "has too many axes for a header: " + tensor.rank());
    }
    byte[] front = new byte[size];
    Arrays.fill(front, (byte) ' ');
    ByteBuffer.wrap(front)
        .order(ByteOrder.LITTLE_ENDIAN)
        .put(NpyFrame.MAGIC)
        .put((byte) 1)
        .put((byte) 0)
        .putShort((short) (size - BEFORE_TEXT))
        .put(text);
    front[size - 1] = '\n';
    return front;
  }
}
