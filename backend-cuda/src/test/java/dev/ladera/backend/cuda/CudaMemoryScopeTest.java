package dev.ladera.backend.cuda;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.ladera.DType;
import dev.ladera.Device;
import dev.ladera.MemoryScope;
import dev.ladera.ReleasedException;
import dev.ladera.Shape;
import dev.ladera.Tensor;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Memory of the device that a scope frees, rather than the garbage collector. */
class CudaMemoryScopeTest {
  private static FakeCuda fake;
  private static CudaBackend backend;
  private static Device device;

  @BeforeAll
  static void open() {
    fake = TestDevice.useFake();
    backend = new CudaBackend(0);
    device = Device.of("cuda", backend);
  }

  @AfterEach
  void nothingWasDoneThatARealDriverWouldNotForgive() {
    GarbagePressure.collect();
    assertThat(fake.violations()).isEmpty();
    fake.set(FakeCuda.Setting.DELAYED, 0);
  }

  private static Tensor ones(int length) {
    return Tensor.ones(Shape.of(length), DType.FLOAT32, device);
  }

  @Test
  void bytesFallWhenAScopeIsClosed() {
    Tensor weight = ones(1000).requiresGrad(true);
    long before = fake.count(FakeCuda.Count.BYTES);
    Tensor kept;
    Tensor squares;
    try (MemoryScope scope = MemoryScope.open()) {
      squares = weight.mul(weight);
      Tensor loss = squares.exp().sum();
      loss.backward();
      kept = scope.keep(loss.detach());
      assertThat(fake.count(FakeCuda.Count.BYTES)).isGreaterThan(before + 3 * 4000);
    }
    assertThat(fake.count(FakeCuda.Count.BYTES)).isEqualTo(before + 4 + 4000);
    assertThat(kept.item()).isCloseTo(1000 * Math.E, within(0.1));
    assertThat(Objects.requireNonNull(weight.grad()).at(3)).isCloseTo(2 * Math.E, within(0.1));
    assertThatThrownBy(() -> squares.add(1))
        .isInstanceOf(ReleasedException.class)
        .hasMessageStartingWith("add: input 0 (1000,) was given back when its MemoryScope closed");
    assertThatThrownBy(squares::toFloatArray).isInstanceOf(ReleasedException.class);
    try (MemoryScope _ = MemoryScope.open()) {
      weight.clearGrad();
    }
    assertThat(fake.count(FakeCuda.Count.BYTES)).isEqualTo(before + 4);
  }

  @Test
  void lateWorkIsDoneBeforeItsMemoryIsFreed() {
    fake.set(FakeCuda.Setting.DELAYED, 1);
    Tensor kept;
    try (MemoryScope scope = MemoryScope.open()) {
      kept = scope.keep(ones(100).add(1).mul(ones(100)).sum());
    }
    assertThat(kept.item()).isEqualTo(200);
  }

  @Test
  void aGraphKeepsWhatItsWorkMade() {
    Tensor x = ones(10);
    CudaGraph graph;
    try (MemoryScope scope = MemoryScope.open()) {
      graph = backend.capture(() -> x.assign(x.add(x.mul(2).sub(x))));
      assertThat(scope).isNotNull();
    }
    graph.launch();
    assertThat(x.toFloatArray()).containsOnly(4);
    graph.close();
  }

  @Test
  void recordedWorkMayHaveScopesOfItsOwn() {
    Tensor x = ones(10);
    try (CudaGraph graph =
        backend.capture(() -> {
          try (MemoryScope scope = MemoryScope.open()) {
            x.assign(x.add(x.mul(2).sub(scope.keep(x))));
          }
        })) {
      graph.launch();
      ones(10);
      graph.launch();
      assertThat(x.toFloatArray()).containsOnly(8);
    }
  }

  @Test
  void aGraphWhoseInputsWereFreedIsRefused() {
    Tensor x = ones(10);
    CudaGraph graph;
    try (MemoryScope scope = MemoryScope.open()) {
      Tensor inner = ones(10);
      graph = backend.capture(() -> x.assign(x.add(inner)));
      assertThat(scope).isNotNull();
    }
    assertThatThrownBy(graph::launch)
        .isInstanceOf(ReleasedException.class)
        .hasMessage(
            "graph: a tensor that its work needs, of elements (10,) was given back when its"
                + " MemoryScope closed; keep() it in the scope, or use it there");
    graph.close();
  }

  @Test
  void manyScopesTakeNoMoreMemoryThanOne() {
    fake.set(FakeCuda.Setting.MEMORY, 4 << 20);
    for (int i = 0; i < 200; i++) {
      try (MemoryScope scope = MemoryScope.open()) {
        assertThat(scope.keep(ones(1 << 18).add(1).mean()).item()).isEqualTo(2);
      }
    }
    assertThat(device.memory().peak()).isLessThan(4 << 20);
    fake.set(FakeCuda.Setting.MEMORY, 4L << 30);
  }
}
