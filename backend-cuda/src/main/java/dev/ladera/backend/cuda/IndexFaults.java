package dev.ladera.backend.cuda;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import dev.ladera.IndexException;
import dev.ladera.Shape;
import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

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

  private record Launch(int ticket, String operation, Shape shape, int axis) {}

  private final MemorySegment record;
  private final @Nullable Launch[] launches = new @Nullable Launch[REMEMBERED];
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
    int ticket = tickets++;
    launches[Math.floorMod(ticket, REMEMBERED)] = new Launch(ticket, operation, shape, axis);
    return ticket;
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
    Launch launch = launches[Math.floorMod(ticket, REMEMBERED)];
    if (launch == null || launch.ticket() != ticket) {
      throw new IndexException("cuda", "index " + index + " is outside its axis", index, 0);
    }
    int size = launch.shape().size(launch.axis());
    throw new IndexException(
        launch.operation(),
        "index "
            + index
            + " is outside axis "
            + launch.axis()
            + " of shape "
            + launch.shape()
            + "; found when the device was waited for",
        index,
        size);
  }
}
