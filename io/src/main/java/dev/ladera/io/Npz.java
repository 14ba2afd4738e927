package dev.ladera.io;

import dev.ladera.ArgumentException;
import dev.ladera.Device;
import dev.ladera.FileFormatException;
import dev.ladera.Tensor;
import java.io.ByteArrayInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.SequenceInputStream;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.zip.CRC32;
import java.util.zip.CheckedInputStream;
import java.util.zip.CheckedOutputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;

/**
 * Named tensors in a file of NumPy's npz format: a zip archive of {@linkplain Npy npy} arrays, each
 * under its name and {@code .npy}, stored as by {@code numpy.savez} or compressed as by {@code
 * numpy.savez_compressed}.
 */
public final class Npz {
  private static final String OPERATION = "npz";
  private static final String SUFFIX = ".npy";
  private static final int LARGEST_ENTRY = Integer.MAX_VALUE - 16;
  private static final int LONGEST_NAME = 65535;

  /** The earliest that a zip archive knows; so the same tensors give the same bytes. */
  private static final LocalDateTime NO_TIME = LocalDateTime.of(1980, 1, 1, 0, 0);

  private Npz() {}

  /**
   * Reads all tensors of an archive to the {@linkplain Device#standard() standard} device.
   *
   * @return by name, without {@code .npy}, in the order of the archive's directory; unmodifiable
   * @throws FileFormatException if the archive is damaged, has a name twice, or an entry is no npy
   *     array or larger than 2 GiB; the message names the entry, and offsets count from its
   *     beginning
   * @throws dev.ladera.DTypeException if an element type is not read; the message names the entry
   * @throws java.io.UncheckedIOException if the file cannot be read
   */
  public static Map<String, Tensor> read(Path path) {
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    try (ZipFile archive = new ZipFile(path.toFile())) {
      for (ZipEntry entry : Collections.list(archive.entries())) {
        NpySource source = NpySource.entry(path, entry.getName());
        if (!entry.getName().endsWith(SUFFIX)) {
          throw source.error(0, "expected a name that ends with " + SUFFIX);
        }
        Tensor tensor = read(source, archive, entry);
        String name = entry.getName();
        if (tensors.putIfAbsent(name.substring(0, name.length() - SUFFIX.length()), tensor)
            != null) {
          throw source.error(0, "expected each name once; this one stands in the archive twice");
        }
      }
    } catch (ZipException damaged) {
      throw new FileFormatException(
          OPERATION, path, 0, "expected a zip archive: " + damaged.getMessage());
    } catch (EOFException damaged) {
      throw new FileFormatException(
          OPERATION, path, 0, "expected a zip archive: its directory ends beyond the file");
    } catch (IOException failure) {
      throw Failures.io(OPERATION, path, failure);
    }
    return Collections.unmodifiableMap(tensors);
  }

  private static Tensor read(NpySource source, ZipFile archive, ZipEntry entry) throws IOException {
    CRC32 sum = new CRC32();
    try (InputStream in = new CheckedInputStream(archive.getInputStream(entry), sum)) {
      byte[] front = in.readNBytes(NpyFrame.LONGEST);
      NpyFrame frame = NpyFrame.read(source, MemorySegment.ofArray(front));
      if (frame.dataBytes() > LARGEST_ENTRY - NpyFrame.LONGEST) {
        throw source.error(
            frame.dataStart(),
            "expected less than 2 GiB of data in an archive, not " + frame.dataBytes());
      }
      // One byte more than promised, to find what is too long; memory grows with what is there.
      int size = (int) (frame.dataStart() + frame.dataBytes());
      byte[] bytes =
          new SequenceInputStream(new ByteArrayInputStream(front), in).readNBytes(size + 1);
      Tensor tensor = frame.tensor(source, MemorySegment.ofArray(bytes), Device.standard());
      if (sum.getValue() != entry.getCrc()) {
        throw source.error(0, "expected the checksum that the archive tells; the entry is damaged");
      }
      return tensor;
    } catch (ZipException | EOFException damaged) {
      throw source.error(0, "expected data that can be unpacked: " + damaged.getMessage());
    }
  }

  /**
   * Writes tensors, uncompressed, in place of the file of that name if there is one, as {@link
   * AtomicFile} does.
   *
   * @param tensors by name, written in the map's order
   * @throws ArgumentException if a name is not valid Unicode or longer than a zip archive allows,
   *     or the folder does not exist
   * @throws java.io.UncheckedIOException if writing fails; an old file stays as it was
   */
  public static void write(Path path, Map<String, Tensor> tensors) {
    tensors.keySet().forEach(Npz::requireName);
    AtomicFile.write(
        path,
        out -> {
          try (ZipOutputStream archive = new ZipOutputStream(out)) {
            for (Map.Entry<String, Tensor> entry : tensors.entrySet()) {
              write(archive, entry.getKey(), entry.getValue());
            }
          }
        });
  }

  private static void requireName(String name) {
    if (!StandardCharsets.UTF_8.newEncoder().canEncode(name)
        || (name + SUFFIX).getBytes(StandardCharsets.UTF_8).length > LONGEST_NAME) {
      throw new ArgumentException(
          OPERATION, "tensors", "must have names in valid Unicode of at most 65531 bytes");
    }
  }

  private static void write(ZipOutputStream archive, String name, Tensor tensor)
      throws IOException {
    byte[] front = Npy.front(tensor);
    Tensor source = tensor.detach().contiguous();
    // An entry that is stored must tell its checksum beforehand.
    CRC32 sum = new CRC32();
    try (OutputStream counted = new CheckedOutputStream(OutputStream.nullOutputStream(), sum)) {
      Npy.write(front, source, counted);
    }
    ZipEntry entry = new ZipEntry(name + SUFFIX);
    entry.setTimeLocal(NO_TIME);
    entry.setMethod(ZipEntry.STORED);
    entry.setSize(front.length + source.elements() * source.dtype().bytes());
    entry.setCrc(sum.getValue());
    archive.putNextEntry(entry);
    Npy.write(front, source, archive);
    archive.closeEntry();
  }
}
