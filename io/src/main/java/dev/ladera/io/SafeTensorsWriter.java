package dev.ladera.io;

import dev.ladera.ArgumentException;
import dev.ladera.DType;
import dev.ladera.Tensor;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.Map;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.json.JsonFactory;

/** Makes what stands before the data of a safetensors file. */
final class SafeTensorsWriter {
  private static final int ALIGNMENT = 8;

  private static final JsonFactory JSON = new JsonFactory();

  private SafeTensorsWriter() {}

  /** The tensors in the order of their data: so that each is aligned, and the order certain. */
  static Map<String, Tensor> ordered(Map<String, Tensor> tensors) {
    Comparator<Map.Entry<String, Tensor>> order =
        Comparator.comparingInt(entry -> rank(entry.getValue().dtype()));
    Map<String, Tensor> ordered = new LinkedHashMap<>();
    tensors.entrySet().stream()
        .sorted(order.thenComparing(Map.Entry::getKey, SafeTensorsWriter::compare))
        .forEachOrdered(entry -> ordered.put(entry.getKey(), entry.getValue()));
    return ordered;
  }

  private static int rank(DType dtype) {
    return switch (dtype) {
      case INT64 -> 0;
      case FLOAT64 -> 1;
      case FLOAT32 -> 2;
      case INT32 -> 3;
      case BOOL -> 4;
    };
  }

  /** By the bytes of UTF-8, not by the halves of surrogate pairs as strings compare themselves. */
  private static int compare(String left, String right) {
    return Arrays.compareUnsigned(
        left.getBytes(StandardCharsets.UTF_8), right.getBytes(StandardCharsets.UTF_8));
  }

  /** Length and header, with spaces so that the data begins at a multiple of eight. */
  static byte[] front(Map<String, Tensor> ordered, Map<String, String> metadata) {
    byte[] json = json(ordered, metadata);
    int padded = Math.ceilDiv(json.length, ALIGNMENT) * ALIGNMENT;
    if (padded > SafeTensorsHeader.LONGEST) {
      throw new ArgumentException(
          SafeTensorsHeader.OPERATION,
          "tensors",
          "and metadata need a header of "
              + padded
              + " bytes; the format allows "
              + SafeTensorsHeader.LONGEST);
    }
    byte[] front = new byte[SafeTensorsHeader.PREFIX + padded];
    Arrays.fill(front, (byte) ' ');
    ByteBuffer.wrap(front).order(ByteOrder.LITTLE_ENDIAN).putLong(padded).put(json);
    return front;
  }

  private static byte[] json(Map<String, Tensor> ordered, Map<String, String> metadata) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (JsonGenerator json = JSON.createGenerator(ObjectWriteContext.empty(), bytes)) {
      json.writeStartObject();
      if (!metadata.isEmpty()) {
        json.writeName(SafeTensorsHeader.METADATA);
        json.writeStartObject();
        metadata.forEach((key, value) ->
            json.writeStringProperty(text("metadata", key), text("metadata", value)));
        json.writeEndObject();
      }
      long begin = 0;
      for (Map.Entry<String, Tensor> entry : ordered.entrySet()) {
        json.writeName(name(entry.getKey()));
        begin = entry(json, entry.getValue(), begin);
      }
      json.writeEndObject();
    }
    return bytes.toByteArray();
  }

  /** Writes the entry of a tensor, and answers where its data ends. */
  private static long entry(JsonGenerator json, Tensor tensor, long begin) {
    long end = begin + tensor.elements() * tensor.dtype().bytes();
    json.writeStartObject();
    json.writeStringProperty("dtype", dtype(tensor.dtype()));
    json.writeName("shape");
    json.writeArray(tensor.shape().toArray(), 0, tensor.rank());
    json.writeName("data_offsets");
    json.writeArray(new long[] {begin, end}, 0, 2);
    json.writeEndObject();
    return end;
  }

  private static String dtype(DType dtype) {
    return switch (dtype) {
      case FLOAT32 -> "F32";
      case FLOAT64 -> "F64";
      case INT32 -> "I32";
      case INT64 -> "I64";
      case BOOL -> "BOOL";
    };
  }

  private static String name(String name) {
    if (name.equals(SafeTensorsHeader.METADATA)) {
      throw new ArgumentException(
          SafeTensorsHeader.OPERATION,
          "tensors",
          "must not have the name __metadata__, which the format keeps for itself");
    }
    return text("tensors", name);
  }

  private static String text(String argument, String text) {
    if (!StandardCharsets.UTF_8.newEncoder().canEncode(text)) {
      throw new ArgumentException(
          SafeTensorsHeader.OPERATION,
          argument,
          "must be named in valid Unicode; '" + text + "' has half of a surrogate pair");
    }
    return text;
  }
}
