package dev.ladera.io;

import dev.ladera.ArgumentException;
import dev.ladera.Device;
import dev.ladera.Tensor;
import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Named tensors in a file of the <a href="https://github.com/huggingface/safetensors">safetensors
 * format</a>, which PyTorch, JAX and others exchange weights in. Reading runs no code from the
 * file, and believes nothing that the file does not bear out.
 *
 * <p>What is read to what: F32, F64, I32, I64 and BOOL keep their type, bit for bit; F16 and BF16
 * are widened to float32; I8, U8, I16 and U16 to int32. Other element types (U32, U64, C64, and the
 * floats of 4, 6 and 8 bits) are refused. Only the first five are written.
 */
public final class SafeTensors {
  private final Path path;
  private final Map<String, Tensor> tensors;
  private final Map<String, String> metadata;

  private SafeTensors(Path path, Map<String, Tensor> tensors, Map<String, String> metadata) {
    this.path = path;
    this.tensors = Collections.unmodifiableMap(tensors);
    this.metadata = Collections.unmodifiableMap(metadata);
  }

  /** Reads a file to the {@linkplain Device#standard() standard} device; see the other method. */
  public static SafeTensors read(Path path) {
    return read(path, Device.standard());
  }

  /**
   * Reads all tensors of a file. The file is mapped to memory while it is read, and must not be cut
   * short meanwhile (replacing it, as {@link #write} does, is harmless).
   *
   * @throws dev.ladera.FileFormatException if the file breaks a rule of the format: it is cut off,
   *     its header is no JSON of the form prescribed or has a key twice, or tensors overlap, leave
   *     holes, or lie outside of the file
   * @throws dev.ladera.DTypeException if a tensor has an element type that is not read; the message
   *     names both
   * @throws java.io.UncheckedIOException if the file cannot be read
   */
  public static SafeTensors read(Path path, Device device) {
    return MappedFile.read(SafeTensorsHeader.OPERATION, path, file -> read(path, file, device));
  }

  private static SafeTensors read(Path path, MemorySegment file, Device device) {
    SafeTensorsHeader header = SafeTensorsHeader.read(path, file);
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    for (SafeTensorsHeader.Entry entry : header.entries()) {
      Tensor tensor =
          TensorBytes.read(
              file,
              entry.begin(),
              entry.encoding(),
              ByteOrder.LITTLE_ENDIAN,
              entry.shape(),
              device);
      tensors.put(entry.name(), tensor);
    }
    return new SafeTensors(path, tensors, header.metadata());
  }

  /** All tensors by name, in the order of their data in the file; unmodifiable. */
  public Map<String, Tensor> tensors() {
    return tensors;
  }

  /**
   * The tensor of that name.
   *
   * @throws ArgumentException if there is none, with the names that there are
   */
  public Tensor tensor(String name) {
    Tensor tensor = tensors.get(name);
    if (tensor == null) {
      throw new ArgumentException(
          SafeTensorsHeader.OPERATION,
          "name",
          "'" + name + "' is not in " + path + "; it has " + tensors.keySet());
    }
    return tensor;
  }

  /** The file's {@code __metadata__}, in the file's order; empty if it has none; unmodifiable. */
  public Map<String, String> metadata() {
    return metadata;
  }

  /** Writes tensors without metadata; see the other method. */
  public static void write(Path path, Map<String, Tensor> tensors) {
    write(path, tensors, Map.of());
  }

  /**
   * Writes tensors, views among them, in place of the file of that name if there is one, as {@link
   * AtomicFile} does. The data is ordered as by the reference implementation: by element type, the
   * widest first, then by name; so the same tensors and metadata give the same bytes.
   *
   * @param tensors by name; any string of valid Unicode but {@code __metadata__}
   * @param metadata written in the map's own order, left out if empty
   * @throws ArgumentException if a name is not allowed, the header becomes longer than 100,000,000
   *     bytes, or the folder does not exist
   * @throws java.io.UncheckedIOException if writing fails; an old file stays as it was
   */
  public static void write(Path path, Map<String, Tensor> tensors, Map<String, String> metadata) {
    Map<String, Tensor> ordered = SafeTensorsWriter.ordered(tensors);
    byte[] front = SafeTensorsWriter.front(ordered, metadata);
    AtomicFile.write(
        path,
        out -> {
          out.write(front);
          for (Tensor tensor : ordered.values()) {
            TensorBytes.write(tensor, out);
          }
        });
  }
}
