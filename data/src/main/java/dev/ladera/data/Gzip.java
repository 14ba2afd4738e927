package dev.ladera.data;

import dev.ladera.ArgumentException;
import dev.ladera.FileFormatException;
import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;

/** Opens files that may be compressed by gzip (RFC 1952), which their first two bytes tell. */
final class Gzip {
  private static final int MAGIC_0 = 0x1F;
  private static final int MAGIC_1 = 0x8B;
  private static final int BUFFER = 1 << 16;

  private Gzip() {}

  /**
   * The bytes of a file, unpacked if they are packed.
   *
   * @throws ArgumentException if there is no such file
   * @throws FileFormatException if it begins like gzip and is not
   */
  static InputStream open(String operation, Path path) throws IOException {
    if (!Files.isRegularFile(path) || !Files.isReadable(path)) {
      throw new ArgumentException(operation, "path", path + " is no file that can be read");
    }
    return unpacked(operation, path, Files.newInputStream(path));
  }

  /** The bytes of a stream, unpacked if they are packed; the stream is closed with the answer. */
  static InputStream unpacked(String operation, Path path, InputStream source) throws IOException {
    BufferedInputStream raw = new BufferedInputStream(source, BUFFER);
    try {
      raw.mark(2);
      boolean isPacked = raw.read() == MAGIC_0 && raw.read() == MAGIC_1;
      raw.reset();
      return isPacked ? new GZIPInputStream(raw, BUFFER) : raw;
    } catch (ZipException | EOFException broken) {
      raw.close();
      throw damaged(operation, path, 0, broken);
    } catch (IOException failed) {
      raw.close();
      throw failed;
    }
  }

  /** What to throw for an error that unpacking met after some unpacked bytes, or lines. */
  static FileFormatException damaged(String operation, Path path, long offset, IOException broken) {
    FileFormatException exception =
        new FileFormatException(
            operation,
            path,
            offset,
            "the gzip data are damaged or cut off: " + broken.getMessage());
    exception.initCause(broken);
    return exception;
  }
}
