package dev.ladera.backend.nd4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.offset;

import dev.ladera.BackendException;
import dev.ladera.DType;
import dev.ladera.Device;
import dev.ladera.DeviceException;
import dev.ladera.MemoryUse;
import dev.ladera.Shape;
import dev.ladera.Tensor;
import dev.ladera.spi.Probe;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.memory.MemoryWorkspace;
import org.nd4j.linalg.api.memory.conf.WorkspaceConfiguration;
import org.nd4j.linalg.factory.Nd4j;

/** What is said of the device, and how it holds memory and threads. */
class Nd4jProviderTest {
  @Test
  void theProbeNamesVersionBlasLibraryAndThreads() {
    Probe probe = Device.probes().get("nd4j");
    assertThat(probe).isNotNull();
    assertThat(probe.available()).isTrue();
    assertThat(probe.reason())
        .matches(
            "ND4J 1\\.0\\.0-M2\\.1, \\w+, native library \\w+ for [\\w-]+, [\\w-]+ build.*, \\d+ threads");
    assertThat(Device.of("nd4j").backend().description()).isEqualTo(probe.reason());
  }

  @Test
  void thereIsOneDevice() {
    assertThatThrownBy(() -> Device.of("nd4j:1")).isInstanceOf(DeviceException.class);
    assertThatThrownBy(() -> new Nd4jProvider().open(1))
        .isInstanceOf(DeviceException.class)
        .hasMessage("device: there is only one nd4j device, nd4j:0, and no nd4j:1");
  }

  @Test
  void tooMuchMemoryIsRefusedWithTheAmount() {
    assertThatThrownBy(() -> new Nd4jBackend().allocate(DType.FLOAT64, 1L << 50))
        .isInstanceOf(BackendException.class)
        .hasMessageContaining("1125899906842624 elements of float64")
        .hasMessageContaining("keep fewer tensors");
  }

  @Test
  void memoryThatNobodyReachesComesBackOnItsOwn() {
    Device device = Device.of("nd4j", new Nd4jBackend());
    int elements = 1 << 20;
    long bytes = 4L * elements;
    Tensor sum = Tensor.zeros(Shape.of(elements), DType.FLOAT32, device);
    Tensor one = Tensor.ones(Shape.of(elements), DType.FLOAT32, device);
    int rounds = 500;
    for (int i = 0; i < rounds; i++) {
      sum = sum.add(one);
    }
    MemoryUse use = device.memory();
    assertThat(use.allocated()).isGreaterThan(rounds * bytes);
    assertThat(use.peak()).isLessThan(rounds * bytes / 2);
    assertThat(sum.slice(0, 0, 1).item()).isEqualTo(rounds);
  }

  @Test
  void tensorsMadeInsideAWorkspaceOutliveIt() {
    Device device = Twin.ND4J;
    Tensor made;
    try (MemoryWorkspace workspace =
        Nd4j.getWorkspaceManager()
            .getAndActivateWorkspace(
                WorkspaceConfiguration.builder().initialSize(1 << 20).build(), "outer")) {
      made = Tensor.ones(Shape.of(100, 3), DType.FLOAT32, device).add(1).sum(1);
      assertThat(workspace.getCurrentOffset()).isZero();
    }
    assertThat((float[]) made.toArray()).containsOnly(6);
  }

  @Test
  void severalThreadsComputeTheSame() throws Exception {
    Tensor x = Twin.data(Twin.ND4J, DType.FLOAT32, 64, 48);
    Callable<float[]> work =
        () -> {
          Tensor y = x;
          for (int i = 0; i < 50; i++) {
            y = x.matmul(x.t()).softmax(1).matmul(x).add(x.mul(0.5)).relu();
          }
          return (float[]) y.toArray();
        };
    float[] expected = work.call();
    try (var pool = Executors.newFixedThreadPool(4)) {
      List<Future<float[]>> results = new ArrayList<>();
      for (int i = 0; i < 8; i++) {
        results.add(pool.submit(work));
      }
      for (Future<float[]> result : results) {
        assertThat(result.get()).containsExactly(expected, offset(1e-5f));
      }
    }
  }
}
