package dev.ladera.examples;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import dev.ladera.Device;
import dev.ladera.Generator;
import dev.ladera.MemoryScope;
import dev.ladera.Tensor;
import dev.ladera.backend.cpu.CpuBackend;
import dev.ladera.nn.BatchNorm1d;
import dev.ladera.nn.CrossEntropyLoss;
import dev.ladera.nn.Dropout;
import dev.ladera.nn.LayerNorm;
import dev.ladera.nn.Linear;
import dev.ladera.nn.ReLU;
import dev.ladera.nn.Sequential;
import dev.ladera.optim.Adam;
import dev.ladera.optim.Clip;
import java.lang.management.ManagementFactory;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** A scope around each step changes nothing but where memory comes from. */
class MemoryScopeTrainingTest {
  private static final int STEPS = 20;

  private final Device device = Device.of("cpu", new CpuBackend(2));

  private Map<String, Tensor> trained(boolean scoped) {
    Generator.manualSeed(11);
    Sequential net =
        new Sequential(
            new Linear(20, 300),
            new BatchNorm1d(300),
            new ReLU(),
            new Dropout(0.2),
            new LayerNorm(300),
            new Linear(300, 5));
    net.to(device);
    Adam optimizer = new Adam(net.parameters(), 0.01);
    CrossEntropyLoss lossFn = new CrossEntropyLoss();
    for (int step = 0; step < STEPS; step++) {
      Tensor inputs = Tensor.randn(40, 20).to(device);
      Tensor targets = Tensor.randint(0, 5, 40).to(device);
      if (scoped) {
        try (MemoryScope _ = MemoryScope.open()) {
          step(net, optimizer, lossFn, inputs, targets);
        }
      } else {
        step(net, optimizer, lossFn, inputs, targets);
      }
    }
    return net.stateDict();
  }

  private static void step(
      Sequential net, Adam optimizer, CrossEntropyLoss lossFn, Tensor inputs, Tensor targets) {
    optimizer.zeroGrad();
    lossFn.forward(net.forward(inputs), targets).backward();
    Clip.byNorm(net.parameters(), 1);
    optimizer.step();
  }

  @Test
  void aScopeAroundEachStepGivesTheSameParameters() {
    Map<String, Tensor> plain = trained(false);
    Map<String, Tensor> scoped = trained(true);
    assertThat(scoped.keySet()).isEqualTo(plain.keySet()).hasSizeGreaterThan(8);
    plain.forEach((name, tensor) ->
        assertThat(Objects.requireNonNull(scoped.get(name)).toDoubleArray())
            .as(name)
            .isEqualTo(tensor.toDoubleArray()));
  }

  @Test
  void aScopeTakesNoNewMemoryForItsTensors() {
    Tensor x = Tensor.randn(300, 300).to(device);
    var threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    long least = Long.MAX_VALUE;
    for (int round = 0; round < 20; round++) {
      long before = threads.getCurrentThreadAllocatedBytes();
      try (MemoryScope _ = MemoryScope.open()) {
        assertThat(x.add(x).softmax(1).isReleased()).isFalse();
      }
      least = Math.min(least, threads.getCurrentThreadAllocatedBytes() - before);
    }
    assertThat(least).isLessThan(300 * 300 * Float.BYTES / 4);
  }
}
