package dev.ladera.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ladera.Device;
import dev.ladera.Tensor;
import dev.ladera.backend.cpu.CpuBackend;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

class LoopTest {
  private static final Pace SHORT = new Pace(0.05, 0.2, 2, 2, 1);

  @Test
  void whatACallTakesFromTheHeapIsCounted() {
    double few = bytesPerCall(() -> new byte[1]);
    double many = bytesPerCall(() -> new byte[100_001]);
    assertThat(few).isPositive();
    assertThat(many - few).isBetween(90_000.0, 110_000.0);
  }

  @Test
  void memoryOfATensorIsUsedAgain() {
    Tensor input = Tensor.ones(100_000).to(Device.of("cpu", new CpuBackend(1)));
    assertThat(bytesPerCall(() -> input.add(input))).isPositive().isLessThan(100_000);
  }

  private static double bytesPerCall(Supplier<Object> body) {
    Loop loop = new Loop(body);
    loop.warmUp(SHORT);
    return loop.bytesPerCall();
  }
}
