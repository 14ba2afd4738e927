package dev.ladera.backend.nd4j;

import dev.ladera.DType;
import java.lang.ref.Cleaner;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Buffers of storages that were collected, kept for the next storage of the same type and size. New
 * memory costs a page fault for every four kilobytes, which takes longer than adding what lies in
 * them; training asks for the same few sizes over and over.
 *
 * <p>What is kept is bounded; sizes that were not asked for lately go first.
 */
final class BufferPool {
  private static final Cleaner CLEANER = Cleaner.create();

  private record Kind(DType dtype, long count) {}

  private final long limit;
  private final Map<Kind, Deque<Block>> kept = new LinkedHashMap<>(16, 0.75f, true);
  private long bytes;

  /** A pool that keeps so many bytes at most. */
  BufferPool(long limit) {
    this.limit = limit;
  }

  /** A storage; its buffer comes back when the storage was collected or given back. */
  Nd4jStorage storage(DType dtype, long elements) {
    Block block = take(dtype, elements);
    Nd4jStorage storage = new Nd4jStorage(block);
    storage.returnedBy(CLEANER.register(storage, () -> give(block)));
    return storage;
  }

  private Block take(DType dtype, long count) {
    Block block = poll(new Kind(dtype, count));
    if (block != null) {
      return block;
    }
    try {
      return Block.allocate(dtype, count);
    } catch (OutOfMemoryError | RuntimeException full) {
      shrink(0);
      return Block.allocate(dtype, count);
    }
  }

  private synchronized @Nullable Block poll(Kind kind) {
    Deque<Block> blocks = kept.get(kind);
    Block block = blocks == null ? null : blocks.pollLast();
    if (block != null) {
      bytes -= bytes(block);
    }
    return block;
  }

  private synchronized void give(Block block) {
    kept.computeIfAbsent(new Kind(block.dtype, block.count), _ -> new ArrayDeque<>())
        .addLast(block);
    bytes += bytes(block);
    shrink(limit);
  }

  /** Frees buffers, least recently asked sizes first, until so many bytes are left. */
  private synchronized void shrink(long target) {
    Iterator<Deque<Block>> sizes = kept.values().iterator();
    while (bytes > target && sizes.hasNext()) {
      Deque<Block> blocks = sizes.next();
      while (bytes > target && !blocks.isEmpty()) {
        Block block = blocks.pollFirst();
        bytes -= bytes(block);
        block.free();
      }
      if (blocks.isEmpty()) {
        sizes.remove();
      }
    }
  }

  /** The bytes kept now. */
  synchronized long bytes() {
    return bytes;
  }

  private static long bytes(Block block) {
    return block.count * block.dtype.bytes();
  }
}
