package dev.ladera.backend.cuda;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import dev.ladera.IndexException;
import dev.ladera.Shape;
import java.lang.foreign.MemorySegment;

/**
 * Indices outside their axis, found by kernels that have long been left behind when they run. A
 * kernel writes the first one to memory that the host sees, with the number of its launch; the host
 * looks whenever it has waited for the device, and throws what the launch was.
 */
final class IndexFaults {
  private static final long BYTES = 16;
  private static final long TICKET = 4;
  private static final long INDEX = 8;

  /** Launches between two looks that are remembered; of older ones the name is not known. */
  private static final int REMEMBERED = 1024;

  private final MemorySegment record;

  /** Of the launches whose numbers leave these remainders; lists rather than records of them. */
  private final String[] operations = new String[REMEMBERED];

  private final Shape[] shapes = new Shape[REMEMBERED];
  private final int[] axes = new int[REMEMBERED];
  private int tickets;

  IndexFaults(CudaDevice device) {
    this.record = device.driver().hostMemory(BYTES);
    record.fill((byte) 0);
  }

  /** Where kernels write. */
  long address() {
    return record.address();
  }

  /** Remembers a launch; its number is for the kernel. */
  synchronized int ticket(String operation, Shape shape, int axis) {
    int place = Math.floorMod(tickets, REMEMBERED);
    operations[place] = operation;
    shapes[place] = shape;
    axes[place] = axis;
    return tickets++;
  }

  /**
   * Looks, after the device was waited for.
   *
   * @throws IndexException if an index was outside its axis since the last look
   */
  synchronized void check() {
    if (record.get(JAVA_INT, 0) == 0) {
      return;
    }
    int ticket = record.get(JAVA_INT, TICKET);
    long index = record.get(JAVA_LONG, INDEX);
    record.fill((byte) 0);
    if (tickets - ticket > REMEMBERED) {
      throw new IndexException("cuda", "index " + index + " is outside its axis", index, 0);
    }
    int place = Math.floorMod(ticket, REMEMBERED);
    Shape shape = shapes[place];
    throw new IndexException(
        operations[place],
        "index "
            + index
            + " is outside axis "
            + axes[place]
            + " of shape "
            + shape
            + "; found when the device was waited for",
        index,
        shape.size(axes[place]));
  }
}
