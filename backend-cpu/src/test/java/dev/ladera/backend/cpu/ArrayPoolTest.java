package dev.ladera.backend.cpu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.ladera.DType;
import dev.ladera.Device;
import dev.ladera.MemoryScope;
import dev.ladera.Tensor;
import org.junit.jupiter.api.Test;

/** Which arrays come back, and how many are kept. */
class ArrayPoolTest {
  private final ArrayPool pool = new ArrayPool(10_000);

  @Test
  void theLastGivenOfASizeAndTypeIsTakenFirst() {
    Object first = pool.take(DType.FLOAT32, 200);
    Object second = pool.take(DType.FLOAT32, 200);
    pool.give(DType.FLOAT32, first);
    pool.give(DType.FLOAT32, second);
    assertThat(pool.bytes()).isEqualTo(1600);
    assertThat(pool.take(DType.INT32, 200)).isInstanceOf(int[].class);
    assertThat(pool.take(DType.FLOAT32, 201)).isNotSameAs(first).isNotSameAs(second);
    assertThat(pool.take(DType.FLOAT32, 200)).isSameAs(second);
    assertThat(pool.take(DType.FLOAT32, 200)).isSameAs(first);
    assertThat(pool.take(DType.FLOAT32, 200)).isNotSameAs(first).isNotSameAs(second);
    assertThat(pool.bytes()).isZero();
  }

  @Test
  void smallArraysAreNotKept() {
    pool.give(DType.FLOAT64, pool.take(DType.FLOAT64, 20));
    assertThat(pool.bytes()).isZero();
  }

  @Test
  void beyondTheLimitSizesLongOutOfUseGoFirst() {
    Object old = pool.take(DType.FLOAT64, 500);
    Object late = pool.take(DType.FLOAT64, 600);
    pool.give(DType.FLOAT64, old);
    pool.give(DType.FLOAT64, late);
    pool.give(DType.FLOAT64, pool.take(DType.FLOAT64, 300));
    assertThat(pool.bytes()).isEqualTo(7200);
    assertThat(pool.take(DType.FLOAT64, 600)).isSameAs(late);
    assertThat(pool.take(DType.FLOAT64, 500)).isNotSameAs(old);
    pool.give(DType.FLOAT64, pool.take(DType.FLOAT64, 2000));
    assertThat(pool.bytes()).isZero();
  }

  @Test
  void aBackendsNextTensorGetsTheArray() {
    Device device = Device.of("cpu", new CpuBackend(1));
    Tensor x = Tensor.randn(1000).to(device);
    Object array;
    try (MemoryScope _ = MemoryScope.open()) {
      array = Engine.array(x.exp());
    }
    Tensor next = x.add(x);
    assertThat(Engine.array(next)).isSameAs(array);
    assertThat(next.at(3)).isEqualTo(2 * x.at(3));
    // Made and forgotten in one scope, a gradient is given back once.
    Tensor leaf = x.copy().requiresGrad(true);
    try (MemoryScope _ = MemoryScope.open()) {
      leaf.mul(leaf).sum().backward();
      leaf.clearGrad();
    }
    assertThat(x.add(1).at(0)).isCloseTo(x.at(0) + 1, within(1e-6));
  }
}
