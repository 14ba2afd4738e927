package dev.ladera.data;

import dev.ladera.FileFormatException;
import dev.ladera.Tensor;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.zip.ZipException;

/**
 * An IDX file, checked, its elements not yet converted.
 *
 * @param type the format's code
 * @param sizes of the axes
 * @param dataOffset where the elements begin in the file
 * @param data the elements, big-endian
 */
@SuppressWarnings("ArrayRecordComponent") // Never compared, and shared within this package.
record IdxContent(int type, int[] sizes, int dataOffset, byte[] data) {
  static final int UNSIGNED_BYTE = 0x08;
  private static final int SIGNED_BYTE = 0x09;
  private static final int SHORT = 0x0B;
  private static final int INT = 0x0C;
  private static final int FLOAT = 0x0D;
  private static final int DOUBLE = 0x0E;

  /** The longest array that every JVM can make. */
  private static final int MOST_BYTES = Integer.MAX_VALUE - 8;

  static IdxContent read(String operation, Path path) {
    Source source = new Source(operation, path);
    try (InputStream in = Gzip.open(operation, path)) {
      return source.content(in);
    } catch (ZipException | EOFException broken) {
      throw Gzip.damaged(operation, path, source.offset, broken);
    } catch (IOException failed) {
      throw new UncheckedIOException(operation + ": " + path + " cannot be read", failed);
    }
  }

  /** The file being read, and how far reading got. */
  private static final class Source {
    private final String operation;
    private final Path path;
    private long offset;

    Source(String operation, Path path) {
      this.operation = operation;
      this.path = path;
    }

    IdxContent content(InputStream in) throws IOException {
      ByteBuffer magic = ByteBuffer.wrap(next(in, 4, "the four bytes of an IDX header"));
      if (magic.get(0) != 0 || magic.get(1) != 0) {
        throw wrong(
            0,
            "an IDX file begins with two zero bytes, this one with 0x%02X 0x%02X"
                .formatted(magic.get(0), magic.get(1)));
      }
      int type = magic.get(2);
      int width = width(type);
      int rank = magic.get(3) & 0xFF;
      if (rank == 0) {
        throw wrong(3, "the number of axes must be at least 1, not 0");
      }
      ByteBuffer header = ByteBuffer.wrap(next(in, 4 * rank, "the sizes of " + rank + " axes"));
      int[] sizes = new int[rank];
      // Zeros count as ones, so that no sizes beside them can overflow what is made of them later.
      long places = 1;
      boolean isEmpty = false;
      for (int axis = 0; axis < rank; axis++) {
        sizes[axis] = header.getInt();
        if (sizes[axis] < 0) {
          throw wrong(4 + 4L * axis, "axis " + axis + " has the negative size " + sizes[axis]);
        }
        isEmpty |= sizes[axis] == 0;
        places *= Math.max(1, sizes[axis]);
        if (places * width > MOST_BYTES) {
          throw wrong(
              4 + 4L * axis,
              "the sizes "
                  + Arrays.toString(Arrays.copyOf(sizes, axis + 1))
                  + " of the first axes"
                  + " mean more than the 2 GiB that an array can hold");
        }
      }
      int length = isEmpty ? 0 : (int) places * width;
      int dataOffset = (int) offset;
      byte[] data = next(in, length, "the elements of sizes " + Arrays.toString(sizes));
      if (in.read() >= 0) {
        throw wrong(offset, "the elements should end here, and more bytes follow");
      }
      return new IdxContent(type, sizes, dataOffset, data);
    }

    private int width(int type) {
      return switch (type) {
        case UNSIGNED_BYTE, SIGNED_BYTE -> 1;
        case SHORT -> 2;
        case INT, FLOAT -> 4;
        case DOUBLE -> 8;
        default ->
            throw wrong(
                2,
                "the type 0x%02X is none of 0x08, 0x09, 0x0B, 0x0C, 0x0D and 0x0E".formatted(type));
      };
    }

    /** Reads as it comes and allocates as it reads: a header that lies costs no memory. */
    private byte[] next(InputStream in, int length, String what) throws IOException {
      byte[] bytes = in.readNBytes(length);
      offset += bytes.length;
      if (bytes.length < length) {
        throw wrong(
            offset, what + " take " + length + " bytes, and the file ends after " + bytes.length);
      }
      return bytes;
    }

    private FileFormatException wrong(long at, String detail) {
      return new FileFormatException(operation, path, at, detail);
    }
  }

  Tensor toTensor() {
    ByteBuffer bytes = ByteBuffer.wrap(data);
    return switch (type) {
      case UNSIGNED_BYTE -> {
        int[] values = new int[data.length];
        Arrays.setAll(values, i -> data[i] & 0xFF);
        yield Tensor.of(values, sizes);
      }
      case SIGNED_BYTE -> {
        int[] values = new int[data.length];
        Arrays.setAll(values, i -> data[i]);
        yield Tensor.of(values, sizes);
      }
      case SHORT -> {
        int[] values = new int[data.length / 2];
        Arrays.setAll(values, i -> bytes.getShort(2 * i));
        yield Tensor.of(values, sizes);
      }
      case INT -> {
        int[] values = new int[data.length / 4];
        bytes.asIntBuffer().get(values);
        yield Tensor.of(values, sizes);
      }
      case FLOAT -> {
        float[] values = new float[data.length / 4];
        bytes.asFloatBuffer().get(values);
        yield Tensor.of(values, sizes);
      }
      default -> {
        double[] values = new double[data.length / 8];
        bytes.asDoubleBuffer().get(values);
        yield Tensor.of(values, sizes);
      }
    };
  }
}
