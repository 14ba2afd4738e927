package dev.ladera.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StartTest {
  @Test
  void steadyIsWhenBatchesAreAsFastAsAtTheEnd() {
    List<Double> ends = new ArrayList<>();
    double now = 2;
    for (int i = 0; i < 200; i++) {
      ends.add(now);
      now += i < 50 ? 0.1 : 0.01;
    }
    Start start = Start.of(ends, 9, 1 << 20);
    assertThat(start.firstBatch()).isEqualTo(2);
    assertThat(start.steadyBatch()).isBetween(0.0099, 0.0101);
    // The first window of which half are fast begins ten batches before the change.
    assertThat(start.steadyAfter()).isBetween(5.9, 7.1);
    assertThatThrownBy(() -> Start.of(ends.subList(0, 5), 9, 0)).hasMessageContaining("too few");
  }

  @Test
  void aTrainingProgramIsWatched(@TempDir Path folder) {
    Path times = folder.resolve("times");
    ProcessBuilder command =
        Peers.java(
            "dev.ladera.examples.Main",
            List.of(
                "train",
                "--epochs",
                "2",
                "--threads",
                "1",
                "--out",
                folder.resolve("run").toString(),
                "--batch-times",
                times.toString()));
    Start start = Start.watch(command, times);
    assertThat(start.firstBatch()).isBetween(0.05, start.steadyAfter());
    assertThat(start.steadyAfter()).isLessThan(start.total());
    assertThat(start.steadyBatch()).isPositive();
    assertThat(start.peakBytes()).isGreaterThan(10 << 20);
  }
}
