package dev.ladera.io;

import dev.ladera.DTypeException;
import dev.ladera.Device;
import dev.ladera.Shape;
import dev.ladera.Tensor;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/**
 * The front of an npy array: magic, version, header; and where the data lies after it.
 *
 * @param dataStart its first byte
 * @param dataBytes how many bytes the header promises
 */
record NpyFrame(NpyHeader header, Encoding encoding, long dataStart, long dataBytes) {
  /** The longest header that is read; those of plain arrays have about a hundred bytes. */
  static final int LONGEST_HEADER = 1 << 16;

  /** No front of an array is longer. */
  static final int LONGEST = LONGEST_HEADER + 12;

  static final byte[] MAGIC = {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y'};

  private static final int VERSION_AT = 6;
  private static final int LENGTH_AT = 8;

  /**
   * Reads the front.
   *
   * @param bytes the whole array, or at least the {@link #LONGEST} first bytes of it
   */
  static NpyFrame read(NpySource source, MemorySegment bytes) {
    if (bytes.byteSize() < LENGTH_AT
        || bytes.asSlice(0, MAGIC.length).mismatch(MemorySegment.ofArray(MAGIC)) >= 0) {
      throw source.error(0, "expected the bytes \\x93NUMPY and a version; this is no npy array");
    }
    int version = bytes.get(ValueLayout.JAVA_BYTE, VERSION_AT);
    if (version < 1 || version > 3 || bytes.get(ValueLayout.JAVA_BYTE, VERSION_AT + 1) != 0) {
      throw source.error(VERSION_AT, "expected version 1.0, 2.0 or 3.0 of the format");
    }
    int lengthBytes = version == 1 ? Short.BYTES : Integer.BYTES;
    int textAt = LENGTH_AT + lengthBytes;
    if (bytes.byteSize() < textAt) {
      throw source.error(LENGTH_AT, "expected the length of the header; the file is cut off");
    }
    long length = length(bytes, version);
    if (length > LONGEST_HEADER) {
      throw source.error(
          LENGTH_AT,
          "expected a header of at most " + LONGEST_HEADER + " bytes; the file says " + length);
    }
    if (length > bytes.byteSize() - textAt) {
      throw source.error(
          LENGTH_AT,
          "expected a header of "
              + length
              + " bytes; only "
              + (bytes.byteSize() - textAt)
              + " follow, so the file is cut off");
    }
    byte[] raw = bytes.asSlice(textAt, length).toArray(ValueLayout.JAVA_BYTE);
    String text =
        new String(raw, version == 3 ? StandardCharsets.UTF_8 : StandardCharsets.ISO_8859_1);
    return frame(source, textAt, text, textAt + length);
  }

  private static long length(MemorySegment bytes, int version) {
    return version == 1
        ? Short.toUnsignedLong(
            bytes.get(
                ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN), LENGTH_AT))
        : Integer.toUnsignedLong(
            bytes.get(
                ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN), LENGTH_AT));
  }

  private static NpyFrame frame(NpySource source, long textAt, String text, long dataStart) {
    NpyHeader header = NpyHeaderParser.parse(source, textAt, text);
    Encoding encoding = header.encoding();
    if (encoding == null) {
      throw new DTypeException(
          source.operation(),
          source.path()
              + ": "
              + source.entry()
              + "descr "
              + header.descr()
              + " is not read; save the array as f2, f4, f8, i1, u1, i2, u2, i4, u4, i8 or b1");
    }
    long elements = header.shape().elements();
    if (Math.multiplyHigh(elements, encoding.bytes()) != 0 || elements * encoding.bytes() < 0) {
      throw source.error(
          textAt, "expected fewer than 2^63 bytes in an array of shape " + header.shape());
    }
    return new NpyFrame(header, encoding, dataStart, elements * encoding.bytes());
  }

  /**
   * The tensor of the data.
   *
   * @param bytes the whole array
   */
  Tensor tensor(NpySource source, MemorySegment bytes, Device device) {
    long present = bytes.byteSize() - dataStart;
    if (present != dataBytes) {
      throw source.error(
          Math.min(bytes.byteSize(), dataStart + dataBytes),
          "expected "
              + dataBytes
              + " bytes of data for descr "
              + header.descr()
              + " and shape "
              + header.shape()
              + "; there are "
              + present
              + (present < dataBytes ? ", so the file is cut off" : ""));
    }
    Shape shape = header.shape();
    if (!header.fortranOrder() || shape.rank() < 2) {
      return TensorBytes.read(bytes, dataStart, encoding, header.byteOrder(), shape, device);
    }
    int rank = shape.rank();
    int[] sizes = new int[rank];
    int[] backwards = new int[rank];
    for (int axis = 0; axis < rank; axis++) {
      backwards[axis] = rank - 1 - axis;
      sizes[axis] = shape.size(rank - 1 - axis);
    }
    return TensorBytes.read(bytes, dataStart, encoding, header.byteOrder(), Shape.of(sizes), device)
        .permute(backwards)
        .contiguous();
  }
}
