package dev.ladera.backend.nd4j;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** Copies between native memory and Java arrays of the same element type. */
final class HostCopy {
  private HostCopy() {}

  static void read(MemorySegment memory, long from, Object array, int at, int length) {
    if (array instanceof boolean[] values) {
      for (int i = 0; i < length; i++) {
        values[at + i] = memory.get(ValueLayout.JAVA_BYTE, from + i) != 0;
      }
      return;
    }
    ValueLayout layout = layout(array);
    MemorySegment.copy(memory, layout, from * layout.byteSize(), array, at, length);
  }

  static void write(Object array, int at, MemorySegment memory, long from, int length) {
    if (array instanceof boolean[] values) {
      for (int i = 0; i < length; i++) {
        memory.set(ValueLayout.JAVA_BYTE, from + i, values[at + i] ? (byte) 1 : 0);
      }
      return;
    }
    ValueLayout layout = layout(array);
    MemorySegment.copy(array, at, memory, layout, from * layout.byteSize(), length);
  }

  private static ValueLayout layout(Object array) {
    return switch (array) {
      case float[] _ -> ValueLayout.JAVA_FLOAT;
      case double[] _ -> ValueLayout.JAVA_DOUBLE;
      case int[] _ -> ValueLayout.JAVA_INT;
      case long[] _ -> ValueLayout.JAVA_LONG;
      default -> throw new IllegalArgumentException("no element array: " + array.getClass());
    };
  }
}
