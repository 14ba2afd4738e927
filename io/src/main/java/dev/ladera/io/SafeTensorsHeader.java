package dev.ladera.io;

import dev.ladera.FileFormatException;
import dev.ladera.Shape;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;

/**
 * What the front of a safetensors file says, found true of the rest: eight bytes of length, then
 * JSON, then the data.
 *
 * @param metadata in the file's order
 * @param entries in the order of their data
 */
record SafeTensorsHeader(Map<String, String> metadata, List<Entry> entries) {
  static final String OPERATION = "safetensors";

  /** The length of the header stands in so many bytes. */
  static final int PREFIX = 8;

  /** The longest header that the reference implementation reads. */
  static final int LONGEST = 100_000_000;

  /** The key of the header that is no tensor's name. */
  static final String METADATA = "__metadata__";

  private static final int TEXT_CHUNK = 8192;

  /**
   * One tensor.
   *
   * @param begin its first byte in the file
   * @param end the byte after its last
   * @param place where the header tells of it, in bytes from the beginning of the file
   */
  record Entry(String name, Encoding encoding, Shape shape, long begin, long end, long place) {}

  /** Reads and checks the header of a file, given all of its bytes. */
  static SafeTensorsHeader read(Path path, MemorySegment file) {
    byte[] json = json(path, file);
    requireUtf8(path, json);
    SafeTensorsHeader header =
        SafeTensorsParser.parse(path, json, file.byteSize() - PREFIX - json.length);
    List<Entry> ordered =
        header.entries.stream()
            .sorted(Comparator.comparingLong(Entry::begin).thenComparingLong(Entry::end))
            .toList();
    requireNoGaps(path, file.byteSize(), PREFIX + json.length, ordered);
    return new SafeTensorsHeader(header.metadata, ordered);
  }

  private static byte[] json(Path path, MemorySegment file) {
    long size = file.byteSize();
    if (size < PREFIX) {
      throw new FileFormatException(
          OPERATION,
          path,
          0,
          "expected 8 bytes with the length of the header; the file has " + size);
    }
    long length = file.get(ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN), 0);
    if (length < 0 || length > LONGEST) {
      throw new FileFormatException(
          OPERATION,
          path,
          0,
          "expected a header of at most "
              + LONGEST
              + " bytes; the file says "
              + Long.toUnsignedString(length)
              + ", so it is damaged or not in this format");
    }
    if (length > size - PREFIX) {
      throw new FileFormatException(
          OPERATION,
          path,
          0,
          "expected a header of "
              + length
              + " bytes; only "
              + (size - PREFIX)
              + " follow, so the file is cut off or not in this format");
    }
    byte[] json = file.asSlice(PREFIX, length).toArray(ValueLayout.JAVA_BYTE);
    if (json.length == 0 || json[0] != '{') {
      throw new FileFormatException(OPERATION, path, PREFIX, "expected the header to begin with {");
    }
    return json;
  }

  private static void requireUtf8(Path path, byte[] json) {
    CharsetDecoder decoder = StandardCharsets.UTF_8.newDecoder();
    ByteBuffer bytes = ByteBuffer.wrap(json);
    CharBuffer text = CharBuffer.allocate(TEXT_CHUNK);
    CoderResult result;
    do {
      text.clear();
      result = decoder.decode(bytes, text, true);
    } while (result.isOverflow());
    if (result.isError()) {
      throw new FileFormatException(
          OPERATION, path, PREFIX + bytes.position(), "expected UTF-8 in the header");
    }
  }

  /** Every byte after the header belongs to exactly one tensor. */
  private static void requireNoGaps(Path path, long size, long dataStart, List<Entry> ordered) {
    long at = dataStart;
    String before = "the header";
    for (Entry entry : ordered) {
      if (entry.begin() != at) {
        throw new FileFormatException(
            OPERATION,
            path,
            entry.place(),
            "expected tensor '"
                + entry.name()
                + "' to begin where "
                + before
                + " ends, at data offset "
                + (at - dataStart)
                + "; it begins at "
                + (entry.begin() - dataStart)
                + (entry.begin() > at ? ", which leaves a hole" : ", so the two overlap"));
      }
      at = entry.end();
      before = "tensor '" + entry.name() + "'";
    }
    if (at != size) {
      throw new FileFormatException(
          OPERATION,
          path,
          at,
          "expected the file to end where "
              + before
              + " ends; "
              + (size - at)
              + " bytes follow that belong to no tensor");
    }
  }
}
