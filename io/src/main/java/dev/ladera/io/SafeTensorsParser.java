package dev.ladera.io;

import static dev.ladera.io.SafeTensorsHeader.OPERATION;
import static dev.ladera.io.SafeTensorsHeader.PREFIX;

import dev.ladera.DTypeException;
import dev.ladera.FileFormatException;
import dev.ladera.Shape;
import dev.ladera.io.SafeTensorsHeader.Entry;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.TokenStreamFactory;
import tools.jackson.core.json.JsonFactory;

/** Reads the JSON of a safetensors header. */
final class SafeTensorsParser {
  private static final JsonFactory JSON =
      JsonFactory.builder()
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          // The text is known to be UTF-8; guessing could take it for UTF-16.
          .disable(TokenStreamFactory.Feature.CHARSET_DETECTION)
          .streamReadConstraints(
              StreamReadConstraints.builder()
                  .maxNameLength(SafeTensorsHeader.LONGEST)
                  .maxStringLength(SafeTensorsHeader.LONGEST)
                  .build())
          .build();

  private final Path path;
  private final JsonParser parser;
  private final long dataStart;
  private final long dataLength;

  private SafeTensorsParser(Path path, JsonParser parser, long dataStart, long dataLength) {
    this.path = path;
    this.parser = parser;
    this.dataStart = dataStart;
    this.dataLength = dataLength;
  }

  /**
   * The header with entries in the order of the JSON, each checked by itself.
   *
   * @param dataLength how many bytes follow the header
   */
  static SafeTensorsHeader parse(Path path, byte[] json, long dataLength) {
    try (JsonParser parser = JSON.createParser(ObjectReadContext.empty(), json)) {
      return new SafeTensorsParser(path, parser, PREFIX + json.length, dataLength).header();
    } catch (JacksonException broken) {
      long offset = broken.getLocation() == null ? 0 : broken.getLocation().getByteOffset();
      throw new FileFormatException(
          OPERATION,
          path,
          PREFIX + Math.max(0, offset),
          "expected JSON in the header: " + broken.getOriginalMessage());
    }
  }

  private SafeTensorsHeader header() {
    Map<String, String> metadata = Map.of();
    List<Entry> entries = new ArrayList<>();
    expect(parser.nextToken(), JsonToken.START_OBJECT, "the header");
    for (String name = nextName(); name != null; name = nextName()) {
      parser.nextToken();
      if (name.equals(SafeTensorsHeader.METADATA)) {
        metadata = metadata();
      } else {
        entries.add(entry(name));
      }
    }
    if (parser.nextToken() != null) {
      throw error(place(), "expected nothing but spaces after the header's closing brace");
    }
    return new SafeTensorsHeader(metadata, entries);
  }

  private Map<String, String> metadata() {
    Map<String, String> metadata = new LinkedHashMap<>();
    expect(parser.currentToken(), JsonToken.START_OBJECT, SafeTensorsHeader.METADATA);
    for (String name = nextName(); name != null; name = nextName()) {
      expect(
          parser.nextToken(),
          JsonToken.VALUE_STRING,
          SafeTensorsHeader.METADATA + " '" + name + "'");
      metadata.put(name, parser.getString());
    }
    return metadata;
  }

  private Entry entry(String name) {
    String what = "tensor '" + name + "'";
    long place = place();
    expect(parser.currentToken(), JsonToken.START_OBJECT, what);
    String dtype = null;
    List<Long> shape = null;
    List<Long> offsets = null;
    for (String field = nextName(); field != null; field = nextName()) {
      JsonToken value = parser.nextToken();
      switch (field) {
        case "dtype" -> {
          expect(value, JsonToken.VALUE_STRING, "the dtype of " + what);
          dtype = parser.getString();
        }
        case "shape" -> shape = integers("the shape of " + what);
        case "data_offsets" -> offsets = integers("data_offsets of " + what);
        // As the reference implementation does.
        default -> parser.skipChildren();
      }
    }
    if (dtype == null || shape == null || offsets == null) {
      throw error(place, "expected dtype, shape and data_offsets for " + what);
    }
    return entry(name, what, place, dtype, shape, offsets);
  }

  private Entry entry(
      String name, String what, long place, String dtype, List<Long> shape, List<Long> offsets) {
    Encoding encoding = encoding(dtype, what, place);
    if (offsets.size() != 2) {
      throw error(
          place, "expected data_offsets of " + what + " to be a beginning and an end: " + offsets);
    }
    long begin = offsets.get(0);
    long end = offsets.get(1);
    if (begin > end) {
      throw error(
          place, "expected data_offsets of " + what + " to begin before they end: " + offsets);
    }
    if (end > dataLength) {
      throw error(
          place,
          "expected data of "
              + what
              + " up to data offset "
              + end
              + "; the file has "
              + dataLength
              + " bytes of data, so it is cut off or damaged");
    }
    long bytes = bytes(encoding, shape, what, place);
    if (end - begin != bytes) {
      throw error(
          place,
          "expected "
              + bytes
              + " bytes for "
              + what
              + " of dtype "
              + dtype
              + " and shape "
              + shape
              + "; data_offsets "
              + offsets
              + " span "
              + (end - begin));
    }
    Shape sizes = Shape.of(shape.stream().mapToInt(Long::intValue).toArray());
    return new Entry(name, encoding, sizes, dataStart + begin, dataStart + end, place);
  }

  private Encoding encoding(String dtype, String what, long place) {
    return switch (dtype) {
      case "F64" -> Encoding.FLOAT64;
      case "F32" -> Encoding.FLOAT32;
      case "F16" -> Encoding.FLOAT16;
      case "BF16" -> Encoding.BFLOAT16;
      case "I64" -> Encoding.INT64;
      case "I32" -> Encoding.INT32;
      case "I16" -> Encoding.INT16;
      case "U16" -> Encoding.UINT16;
      case "I8" -> Encoding.INT8;
      case "U8" -> Encoding.UINT8;
      case "BOOL" -> Encoding.BOOL;
      case "U64",
          "U32",
          "C64",
          "F8_E4M3",
          "F8_E5M2",
          "F8_E8M0",
          "F8_E4M3FNUZ",
          "F8_E5M2FNUZ",
          "F6_E2M3",
          "F6_E3M2",
          "F4" ->
          throw new DTypeException(
              OPERATION,
              path
                  + ": "
                  + what
                  + " has dtype "
                  + dtype
                  + ", which is not read; save it as F32, F64, I32 or I64 first");
      default ->
          throw error(place, what + " has dtype " + dtype + ", which the format does not know");
    };
  }

  private long bytes(Encoding encoding, List<Long> shape, String what, long place) {
    long bytes = encoding.bytes();
    for (long size : shape) {
      if (size > Integer.MAX_VALUE || Math.multiplyHigh(bytes, size) != 0 || bytes * size < 0) {
        throw error(
            place,
            "expected a shape of "
                + what
                + " with at most 2147483647 places an axis and less than 2^63 bytes: "
                + shape);
      }
      bytes *= size;
    }
    return bytes;
  }

  private List<Long> integers(String what) {
    expect(parser.currentToken(), JsonToken.START_ARRAY, what);
    List<Long> values = new ArrayList<>();
    while (parser.nextToken() != JsonToken.END_ARRAY) {
      if (parser.currentToken() != JsonToken.VALUE_NUMBER_INT
          || parser.getNumberType() == JsonParser.NumberType.BIG_INTEGER
          || parser.getLongValue() < 0) {
        throw error(
            place(),
            "expected integers from 0 to 2^63 - 1 in " + what + ", not " + parser.getString());
      }
      values.add(parser.getLongValue());
    }
    return values;
  }

  /** The next property's name, or null at the end of the object. */
  private @Nullable String nextName() {
    return parser.nextToken() == JsonToken.PROPERTY_NAME ? parser.currentName() : null;
  }

  private void expect(@Nullable JsonToken found, JsonToken expected, String what) {
    if (found != expected) {
      String kind =
          switch (expected) {
            case START_OBJECT -> "an object";
            case START_ARRAY -> "an array";
            default -> "a string";
          };
      throw error(place(), "expected " + what + " to be " + kind);
    }
  }

  /** Where the current token begins, in bytes from the beginning of the file. */
  private long place() {
    return PREFIX + parser.currentTokenLocation().getByteOffset();
  }

  private FileFormatException error(long offset, String detail) {
    return new FileFormatException(OPERATION, path, offset, detail);
  }
}
