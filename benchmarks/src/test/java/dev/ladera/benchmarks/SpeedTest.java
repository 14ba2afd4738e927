package dev.ladera.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ladera.Device;
import dev.ladera.backend.cpu.CpuBackend;
import java.util.List;
import java.util.stream.DoubleStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a kernel may cost, on the machine that runs the tests. */
class SpeedTest {
  private static final Pace SHORT = new Pace(0.1, 0.6, 3, 3, 2);

  /** A loose floor: the tests run on machines that do other things as well. */
  private static final double LEAST_SHARE = 0.25;

  private static final int TRIES = 5;

  /** Tensors, layouts and dispatch; whatever grows with the sizes is far above it. */
  private static final double MOST_OVERHEAD = 4096;

  private final Device device = Device.of("cpu", new CpuBackend(1));

  private static Benchmark benchmark(String name) {
    return Benchmarks.all().stream()
        .filter(one -> one.name().equals(name))
        .findFirst()
        .orElseThrow();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "add/1000000",
        "exp/1000000",
        "gelu/1000000",
        "tanhChain/1000000",
        "addRow/1000x1000",
        "sum/1000x1000",
        "maxRows/1000x1000",
        "softmax/1024x1024",
        "logSoftmax/1024x1024",
        "matmul/256",
        "matmulRightT/mlp-forward",
        "conv/lenet-1"
      })
  void aKernelAllocatesLittleWhereItsResultHasUsedMemory(String name) {
    Prepared prepared = benchmark(name).prepare(new Inputs(device));
    Loop loop = new Loop(prepared.body());
    // Until the compiler is done, vectors are objects; on a busy machine that takes its time.
    double bytes =
        DoubleStream.generate(() ->
                prepared.scope(() -> {
                  loop.warmUp(SHORT);
                  return loop.bytesPerCall();
                }))
            .limit(TRIES)
            .filter(taken -> taken <= MOST_OVERHEAD)
            .findFirst()
            .orElse(Double.POSITIVE_INFINITY);
    assertThat(bytes).isFinite();
  }

  @Test
  void aProductReachesItsShareOfTheMachine() {
    try (Ceilings ceilings = new Ceilings(1)) {
      Race race = new Race(device, 1, List.of(), ceilings, SHORT);
      double best =
          DoubleStream.generate(() -> share(race.run(benchmark("matmul/512"))))
              .limit(TRIES)
              .filter(share -> share > LEAST_SHARE)
              .findFirst()
              .orElse(0);
      assertThat(best).as("share of the ceiling").isBetween(LEAST_SHARE, 1.1);
    }
  }

  private static double share(Report.Row row) {
    Report.Rate rate = row.rate();
    assertThat(rate).as("the tests' JVM has vectors").isNotNull();
    return rate.share();
  }

  @Test
  void ceilingsGrowWithThreadsAndAreNotZero() {
    for (int threads : new int[] {1, 2}) {
      try (Ceilings ceilings = new Ceilings(threads)) {
        for (Work work : List.of(Work.flops(1), Work.bytes(1 << 16), Work.bytes(1 << 26))) {
          Ceilings.Ceiling ceiling = ceilings.of(work, SHORT);
          assertThat(ceiling).isNotNull();
          double rate = ceiling.amount() / Timing.of(ceiling.loop().turn()).min();
          assertThat(rate).as("%s on %s", work, threads).isBetween(0.5, 5000.0);
        }
        assertThat(ceilings.of(Work.none(), SHORT)).isNull();
      }
    }
  }
}
