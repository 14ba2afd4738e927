package dev.ladera.io;

import dev.ladera.DType;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/** How one element lies in a file, and the type of tensor that holds it without loss. */
enum Encoding {
  FLOAT16(2, DType.FLOAT32),
  BFLOAT16(2, DType.FLOAT32),
  FLOAT32(4, DType.FLOAT32),
  FLOAT64(8, DType.FLOAT64),
  INT8(1, DType.INT32),
  UINT8(1, DType.INT32),
  INT16(2, DType.INT32),
  UINT16(2, DType.INT32),
  INT32(4, DType.INT32),
  UINT32(4, DType.INT64),
  INT64(8, DType.INT64),
  BOOL(1, DType.BOOL);

  private final int bytes;
  private final DType dtype;

  Encoding(int bytes, DType dtype) {
    this.bytes = bytes;
    this.dtype = dtype;
  }

  /** The encoding that holds a type as it is. */
  static Encoding of(DType dtype) {
    return switch (dtype) {
      case FLOAT32 -> FLOAT32;
      case FLOAT64 -> FLOAT64;
      case INT32 -> INT32;
      case INT64 -> INT64;
      case BOOL -> BOOL;
    };
  }

  /** Bytes that one element takes in the file. */
  int bytes() {
    return bytes;
  }

  /** The type of tensor that it is read to. */
  DType dtype() {
    return dtype;
  }

  /**
   * Reads elements into the front of an array.
   *
   * @param array of the type that {@code dtype().newArray} makes
   */
  void decode(MemorySegment source, long from, ByteOrder order, Object array, int count) {
    switch (array) {
      case float[] values -> decode(source, from, order, values, count);
      case double[] values -> MemorySegment.copy(source, doubles(order), from, values, 0, count);
      case int[] values -> decode(source, from, order, values, count);
      case long[] values -> decode(source, from, order, values, count);
      case boolean[] values -> {
        for (int i = 0; i < count; i++) {
          values[i] = source.get(ValueLayout.JAVA_BYTE, from + i) != 0;
        }
      }
      default -> throw new IllegalStateException("no such array");
    }
  }

  private void decode(MemorySegment source, long from, ByteOrder order, float[] to, int count) {
    if (this == FLOAT32) {
      MemorySegment.copy(source, floats(order), from, to, 0, count);
      return;
    }
    ValueLayout.OfShort shorts = shorts(order);
    for (int i = 0; i < count; i++) {
      short bits = source.get(shorts, from + 2L * i);
      to[i] = this == FLOAT16 ? Float.float16ToFloat(bits) : Float.intBitsToFloat(bits << 16);
    }
  }

  private void decode(MemorySegment source, long from, ByteOrder order, int[] to, int count) {
    if (this == INT32) {
      MemorySegment.copy(source, ints(order), from, to, 0, count);
      return;
    }
    ValueLayout.OfShort shorts = shorts(order);
    for (int i = 0; i < count; i++) {
      long at = from + (long) bytes * i;
      to[i] =
          switch (this) {
            case INT8 -> source.get(ValueLayout.JAVA_BYTE, at);
            case UINT8 -> Byte.toUnsignedInt(source.get(ValueLayout.JAVA_BYTE, at));
            case INT16 -> source.get(shorts, at);
            case UINT16 -> Short.toUnsignedInt(source.get(shorts, at));
            default -> throw new IllegalStateException(this + " is not read to int32");
          };
    }
  }

  private void decode(MemorySegment source, long from, ByteOrder order, long[] to, int count) {
    if (this == INT64) {
      MemorySegment.copy(source, longs(order), from, to, 0, count);
      return;
    }
    ValueLayout.OfInt ints = ints(order);
    for (int i = 0; i < count; i++) {
      to[i] = Integer.toUnsignedLong(source.get(ints, from + 4L * i));
    }
  }

  /** Puts the first elements of an array, little-endian, to the front of a segment. */
  static void encode(Object array, int count, MemorySegment target) {
    ByteOrder order = ByteOrder.LITTLE_ENDIAN;
    switch (array) {
      case float[] values -> MemorySegment.copy(values, 0, target, floats(order), 0, count);
      case double[] values -> MemorySegment.copy(values, 0, target, doubles(order), 0, count);
      case int[] values -> MemorySegment.copy(values, 0, target, ints(order), 0, count);
      case long[] values -> MemorySegment.copy(values, 0, target, longs(order), 0, count);
      case boolean[] values -> {
        for (int i = 0; i < count; i++) {
          target.set(ValueLayout.JAVA_BYTE, i, (byte) (values[i] ? 1 : 0));
        }
      }
      default -> throw new IllegalStateException("no such array");
    }
  }

  private static ValueLayout.OfFloat floats(ByteOrder order) {
    return ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(order);
  }

  private static ValueLayout.OfDouble doubles(ByteOrder order) {
    return ValueLayout.JAVA_DOUBLE_UNALIGNED.withOrder(order);
  }

  private static ValueLayout.OfShort shorts(ByteOrder order) {
    return ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(order);
  }

  private static ValueLayout.OfInt ints(ByteOrder order) {
    return ValueLayout.JAVA_INT_UNALIGNED.withOrder(order);
  }

  private static ValueLayout.OfLong longs(ByteOrder order) {
    return ValueLayout.JAVA_LONG_UNALIGNED.withOrder(order);
  }
}
