package dev.ladera.backend.nd4j;

import dev.ladera.spi.Storage;
import java.lang.ref.Cleaner.Cleanable;
import org.jspecify.annotations.Nullable;

/**
 * Elements in an ND4J buffer, which goes back to the pool when the storage was collected or given
 * back.
 *
 * <p>The garbage collector does not see native memory, and would let gigabytes of it pile up behind
 * objects of a hundred bytes. So each storage carries a Java array of half its size: the collector
 * runs, and keeps, as if the elements were on the heap at that scale, and nobody needs {@code
 * System.gc()}. Half, because the young generation is at most 0.6 of a heap that is by default a
 * quarter of the machine: what waits for the collector then stays below a third of the machine.
 */
final class Nd4jStorage extends Storage {
  private static final int BYTES_PER_WEIGHT = 2;

  private final Block block;
  private @Nullable Cleanable returned;

  @SuppressWarnings({"unused", "UnusedVariable"}) // That it is there is its use.
  private final byte[] weight;

  Nd4jStorage(Block block) {
    super(block.dtype, block.count);
    this.block = block;
    this.weight = new byte[(int) Math.min(Integer.MAX_VALUE / 2, bytes() / BYTES_PER_WEIGHT)];
  }

  /** Says how the buffer goes back. */
  void returnedBy(Cleanable cleanable) {
    this.returned = cleanable;
  }

  /** Sends the buffer back now. */
  void giveBack() {
    if (returned != null) {
      returned.clean();
    }
  }

  /** All elements. */
  Block block() {
    return block;
  }
}
