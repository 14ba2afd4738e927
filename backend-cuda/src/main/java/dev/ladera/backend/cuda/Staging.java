package dev.ladera.backend.cuda;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import dev.ladera.DType;
import java.lang.foreign.MemorySegment;

/**
 * Copies between Java arrays and the device, through memory of the host that the device reaches
 * directly. Writing returns when the elements have left the array; a piece of the memory is used
 * again when the copy from it has ended.
 */
final class Staging {
  private static final int PIECES = 4;
  private static final long PIECE_BYTES = 1 << 20;

  private final CudaDevice device;
  private final MemorySegment[] pieces = new MemorySegment[PIECES];
  private final long[] copied = new long[PIECES];
  private int next;

  Staging(CudaDevice device) {
    this.device = device;
    for (int i = 0; i < PIECES; i++) {
      pieces[i] = device.driver().hostMemory(PIECE_BYTES);
      copied[i] = device.driver().createEvent();
    }
  }

  /** Copies elements of an array to the device. */
  synchronized void write(Object array, int at, DType dtype, long address, int length) {
    int bytes = dtype.bytes();
    int most = (int) (PIECE_BYTES / bytes);
    for (int done = 0; done < length; done += most) {
      int count = Math.min(most, length - done);
      int piece = next;
      next = (next + 1) % PIECES;
      device.driver().await(copied[piece]);
      HostArrays.toMemory(array, at + done, pieces[piece], count);
      device
          .driver()
          .copyToDevice(
              address + (long) done * bytes,
              pieces[piece].address(),
              (long) count * bytes,
              device.stream());
      device.driver().record(copied[piece], device.stream());
    }
  }

  /** Copies elements from the device to an array, and waits for all work before. */
  synchronized void read(long address, DType dtype, Object array, int at, int length) {
    int bytes = dtype.bytes();
    int most = (int) (PIECE_BYTES / bytes);
    MemorySegment piece = pieces[next];
    device.driver().await(copied[next]);
    for (int done = 0; done < length; done += most) {
      int count = Math.min(most, length - done);
      device
          .driver()
          .copyToHost(
              piece.address(),
              address + (long) done * bytes,
              (long) count * bytes,
              device.stream());
      device.synchronize();
      HostArrays.fromMemory(piece, array, at + done, count);
    }
  }

  /** Java arrays and memory, element by element of bool, which has no memory layout in Java. */
  private static final class HostArrays {
    static void toMemory(Object array, int at, MemorySegment memory, int count) {
      if (array instanceof boolean[] values) {
        for (int i = 0; i < count; i++) {
          memory.set(JAVA_BYTE, i, (byte) (values[at + i] ? 1 : 0));
        }
      } else {
        MemorySegment from = slice(array, at, count);
        memory.copyFrom(from);
      }
    }

    static void fromMemory(MemorySegment memory, Object array, int at, int count) {
      if (array instanceof boolean[] values) {
        for (int i = 0; i < count; i++) {
          values[at + i] = memory.get(JAVA_BYTE, i) != 0;
        }
      } else {
        MemorySegment to = slice(array, at, count);
        to.copyFrom(memory.asSlice(0, to.byteSize()));
      }
    }

    private static MemorySegment slice(Object array, int at, int count) {
      return switch (array) {
        case float[] values -> part(MemorySegment.ofArray(values), at, count, Float.BYTES);
        case double[] values -> part(MemorySegment.ofArray(values), at, count, Double.BYTES);
        case int[] values -> part(MemorySegment.ofArray(values), at, count, Integer.BYTES);
        case long[] values -> part(MemorySegment.ofArray(values), at, count, Long.BYTES);
        default -> throw new IllegalStateException("no elements are in a " + array.getClass());
      };
    }

    private static MemorySegment part(MemorySegment all, long at, long count, long bytes) {
      return all.asSlice(at * bytes, count * bytes);
    }
  }
}
