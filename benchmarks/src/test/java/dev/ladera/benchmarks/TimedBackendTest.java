package dev.ladera.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ladera.Device;
import dev.ladera.Shape;
import dev.ladera.Tensor;
import dev.ladera.backend.cpu.CpuBackend;
import dev.ladera.benchmarks.TimedBackend.Tally;
import org.junit.jupiter.api.Test;

class TimedBackendTest {
  private final TimedBackend timed = new TimedBackend(new CpuBackend(1));
  private final Tensor x =
      Tensor.ofArray(new float[3000 * 8], Shape.of(3000, 8), Device.of("timed", timed));

  @Test
  void callsAreCountedByOperatorAndShapes() {
    Tensor _ = x.matmul(x.t());
    Tensor _ = x.matmul(x.t());
    assertThat(timed.tallies().get("matmul (3000, 8) (8, 3000)"))
        .satisfies(tally -> assertThat(tally.calls()).isEqualTo(2));
    timed.clear();
    assertThat(timed.tallies()).isEmpty();
  }

  /** Softmax along the first axis is a kernel that calls others; their time is theirs alone. */
  @Test
  void theTimeOfCallsWithinCallsIsCountedOnce() {
    timed.clear();
    long begin = System.nanoTime();
    for (int i = 0; i < 50; i++) {
      Tensor _ = x.softmax(0);
    }
    long all = System.nanoTime() - begin;
    assertThat(timed.tallies()).containsKeys("softmax (3000, 8)", "exp (3000, 8)");
    assertThat(timed.tallies().values().stream().mapToLong(Tally::nanos).sum())
        .isBetween(all / 2, all);
  }
}
