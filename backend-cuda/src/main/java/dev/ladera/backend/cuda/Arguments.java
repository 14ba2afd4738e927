package dev.ladera.backend.cuda;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_DOUBLE;
import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import dev.ladera.BackendException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * A kernel's arguments, as the driver takes them: a list of addresses of values. One thread's, used
 * again for each launch, as the driver has copied the values when the call returns.
 */
final class Arguments {
  /** What kernels take on all architectures and driver versions. */
  private static final int MOST_BYTES = 4096;

  private static final int MOST = 256;
  private static final int WORD = 8;

  private final MemorySegment values = Arena.ofAuto().allocate(2L * MOST_BYTES, WORD);
  private final MemorySegment addresses = Arena.ofAuto().allocate((long) MOST * WORD, WORD);
  private final int[] sizes = new int[MOST];
  private final Walk walk = new Walk();
  private int used;
  private int count;

  /** Begins a new list. */
  Arguments begin() {
    used = 0;
    count = 0;
    return this;
  }

  /** A walk to be filled and then given to {@link #walk(Walk)}. */
  Walk newWalk(int operands) {
    return walk.begin(operands);
  }

  private int place(int bytes) {
    int at = used;
    used = at + (bytes + WORD - 1) / WORD * WORD;
    if (used > MOST_BYTES || count == MOST) {
      throw new BackendException(
          "cuda", "a kernel takes at most " + MOST_BYTES + " bytes of arguments; use fewer inputs");
    }
    addresses.setAtIndex(JAVA_LONG, count, values.address() + at);
    sizes[count++] = bytes;
    return at;
  }

  Arguments pointer(long address) {
    return int64(address);
  }

  Arguments int64(long value) {
    values.set(JAVA_LONG, place(Long.BYTES), value);
    return this;
  }

  Arguments int32(int value) {
    values.set(JAVA_INT, place(Integer.BYTES), value);
    return this;
  }

  Arguments int8(int value) {
    values.set(JAVA_BYTE, place(1), (byte) value);
    return this;
  }

  Arguments float32(float value) {
    values.set(JAVA_FLOAT, place(Float.BYTES), value);
    return this;
  }

  Arguments float64(double value) {
    values.set(JAVA_DOUBLE, place(Double.BYTES), value);
    return this;
  }

  /** A structure, to be filled at {@link #put(int, long)} and the like. */
  int structure(int bytes) {
    return place(bytes);
  }

  void put(int at, long value) {
    values.set(JAVA_LONG, at, value);
  }

  void put(int at, int value) {
    values.set(JAVA_INT, at, value);
  }

  /** The structure {@code Walk} of walk.cu. */
  Arguments walk(Walk from) {
    int axes = Walk.AXES;
    int strides = (1 + 3 * axes + 1) / 2 * 2 * Integer.BYTES;
    int at = structure(strides + from.operands() * axes * Long.BYTES);
    put(at, from.rank());
    for (int axis = 0; axis < from.rank(); axis++) {
      int size = from.size(axis);
      // For places below 2^31: the quotient is (high half of place · magic + place) >> shift.
      int divisor = Math.max(1, size);
      int shift = 32 - Integer.numberOfLeadingZeros(divisor - 1);
      int magic = (int) ((((1L << shift) - divisor) << 32) / divisor + 1);
      put(at + Integer.BYTES * (1 + axis), size);
      put(at + Integer.BYTES * (1 + axes + axis), magic);
      put(at + Integer.BYTES * (1 + 2 * axes + axis), shift);
      for (int k = 0; k < from.operands(); k++) {
        put(at + strides + Long.BYTES * (k * axes + axis), from.strideOf(k, axis));
      }
    }
    // What an earlier launch left here could look like addresses to who checks arguments.
    for (int k = 0; k < from.operands(); k++) {
      for (int axis = from.rank(); axis < axes; axis++) {
        put(at + strides + Long.BYTES * (k * axes + axis), 0L);
      }
    }
    return this;
  }

  /** How many there are. */
  int count() {
    return count;
  }

  /** The bytes of one. */
  int bytes(int index) {
    return sizes[index];
  }

  /** The address of the list. */
  long address() {
    return addresses.address();
  }
}
