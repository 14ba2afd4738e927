package dev.ladera.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ladera.Device;
import dev.ladera.backend.cpu.CpuBackend;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class PeerTest {
  private static final Pace SHORT = new Pace(0.05, 0.2, 2, 2, 1);

  private static Benchmark benchmark(String name) {
    return Benchmarks.all().stream()
        .filter(one -> one.name().equals(name))
        .findFirst()
        .orElseThrow();
  }

  private static Peer start(Duration patience, String answer) {
    return new Peer("fake", new ProcessBuilder("sh", "-c", answer), 1, patience);
  }

  @Test
  void aPeerHasARatioWhereItComputesTheSameAndAReasonWhereNot() {
    ProcessBuilder command = Peers.java(FakePeer.class.getName(), List.of());
    try (Peer peer = new Peer("fake", command, 1, Duration.ofMinutes(1));
        Ceilings ceilings = new Ceilings(1)) {
      assertThat(peer.version()).isEqualTo("fake 1");
      Device device = Device.of("cpu", new CpuBackend(1));
      Race race = new Race(device, 1, List.of(peer), ceilings, SHORT);
      same(race.run(benchmark("matmul/16")));
      skipped(race.run(benchmark("mul/1")), "other result: tensor 0: ours ");
      skipped(race.run(benchmark("exp/1")), "has no such operation");
      skipped(race.run(benchmark("tanh/1")), "not on a Monday");
      skipped(race.run(benchmark("gelu/1")), "ended with code 3");
      skipped(race.run(benchmark("add/1")), "has ended");
    }
  }

  private static void same(Report.Row row) {
    assertThat(row.skipped()).isEmpty();
    Report.Versus versus = row.against("fake").orElseThrow();
    assertThat(versus.timing().median()).isPositive();
    assertThat(versus.ratio()).isPositive();
    assertThat(row.ours().samples()).isGreaterThanOrEqualTo(2);
    Report.Rate rate = row.rate();
    assertThat(rate).isNotNull();
    assertThat(rate.unit()).isEqualTo("GFLOP/s");
    assertThat(rate.share()).isPositive();
    assertThat(row.bytesPerCall()).isPositive();
  }

  private static void skipped(Report.Row row, String reason) {
    assertThat(row.peers()).isEmpty();
    assertThat(row.skipped()).containsOnlyKeys("fake");
    assertThat(row.skipped().get("fake")).contains(reason);
    assertThat(row.ours().median()).isPositive();
  }

  @Test
  void aPeerThatSaysNothingIsEnded() {
    String greeting = "echo '{\"version\": \"1\", \"threads\": 1}'; sleep 60";
    try (Peer peer = start(Duration.ofSeconds(2), greeting)) {
      assertThatThrownBy(peer::turn).hasMessage("gave no answer in 2 s");
      assertThatThrownBy(peer::turn).isInstanceOf(PeerException.class);
    }
  }

  @Test
  void aPeerThatIsNotWhatItShouldBeIsRefused() {
    Duration patience = Duration.ofSeconds(30);
    assertThatThrownBy(
            () -> start(patience, "read -r hello; echo '{\"version\": \"1\", \"threads\": 7}'"))
        .isInstanceOf(PeerException.class)
        .hasMessage("runs 7 threads, and not 1");
    assertThatThrownBy(() -> start(patience, "read -r hello; echo hello"))
        .isInstanceOf(PeerException.class)
        .hasMessageContaining("answered nothing of use");
  }

  @Test
  void aPeerThatIsNotHereSaysWhatToDo() {
    assertThatThrownBy(() -> Peers.start("pytorch", null, 1, "cpu"))
        .hasMessageContaining("--python");
    assertThatThrownBy(() -> Peers.start("pytorch", Path.of("no-such-python"), 1, "cpu"))
        .hasMessageContaining("does not start");
    assertThatThrownBy(() -> Peers.start("djl", null, 1, "cpu"))
        .hasMessageContaining("is not built");
  }
}
