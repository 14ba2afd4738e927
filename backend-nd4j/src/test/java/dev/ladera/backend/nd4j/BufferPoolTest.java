package dev.ladera.backend.nd4j;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ladera.DType;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

class BufferPoolTest {
  private static final long MIB = 1 << 20;

  @Test
  void theBufferOfACollectedStorageServesTheNextOfItsSize() {
    assertThat(Twin.ND4J.backend().description()).startsWith("ND4J");
    BufferPool pool = new BufferPool(1L << 40);
    Set<Long> used = new HashSet<>();
    for (int i = 0; i < 10_000 && pool.bytes() == 0; i++) {
      used.add(pool.storage(DType.FLOAT32, MIB).block().memory().address());
    }
    long kept = pool.bytes();
    assertThat(kept).isPositive();
    Nd4jStorage other = pool.storage(DType.INT32, MIB);
    assertThat(used).doesNotContain(other.block().memory().address());
    assertThat(pool.bytes()).isGreaterThanOrEqualTo(kept);
    assertThat(used).contains(pool.storage(DType.FLOAT32, MIB).block().memory().address());
  }

  @Test
  void noMoreThanTheLimitIsKept() {
    assertThat(Twin.ND4J.backend().description()).startsWith("ND4J");
    BufferPool pool = new BufferPool(10 * MIB);
    for (int i = 0; i < 1000; i++) {
      assertThat(pool.storage(DType.FLOAT32, MIB + i % 5).elements()).isPositive();
      assertThat(pool.bytes()).isLessThanOrEqualTo(10 * MIB);
    }
  }
}
