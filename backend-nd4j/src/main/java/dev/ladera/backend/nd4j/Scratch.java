package dev.ladera.backend.nd4j;

import dev.ladera.DType;
import java.util.ArrayList;
import java.util.List;

/**
 * Memory that a kernel needs while it runs. It is freed when the kernel ends, not when the garbage
 * collector comes: intermediate results would else fill the machine between two collections.
 */
final class Scratch implements AutoCloseable {
  private final List<Block> blocks = new ArrayList<>();

  /** A new block; its contents are not defined. */
  Block block(DType dtype, long count) {
    Block block = Block.allocate(dtype, count);
    blocks.add(block);
    return block;
  }

  /** Frees a block of this scratch early. */
  void free(Block block) {
    if (blocks.remove(block)) {
      block.free();
    }
  }

  @Override
  public void close() {
    for (Block block : blocks) {
      block.free();
    }
    blocks.clear();
  }
}
