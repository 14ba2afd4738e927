package dev.ladera.data;

import dev.ladera.ArgumentException;
import dev.ladera.FileFormatException;
import dev.ladera.Tensor;
import java.io.UncheckedIOException;
import java.nio.file.Path;

/**
 * Reads IDX, the format of MNIST (LeCun, Cortes and Burges): two zero bytes, a byte for the
 * elements' type, a byte for the number of axes, the axes' sizes and the elements, all big-endian.
 * A file may be compressed by gzip; its first bytes tell, not its name.
 */
public final class Idx {
  private Idx() {}

  /**
   * The tensor in a file: int32 for the types unsigned byte (0x08), signed byte (0x09), short
   * (0x0B) and int (0x0C), float32 for float (0x0D), float64 for double (0x0E).
   *
   * @throws ArgumentException if there is no such file
   * @throws FileFormatException if the file is not what its header says, with the place in the
   *     unpacked bytes
   * @throws UncheckedIOException if the system cannot read it
   */
  public static Tensor read(Path path) {
    return IdxContent.read("Idx.read", path).toTensor();
  }
}
