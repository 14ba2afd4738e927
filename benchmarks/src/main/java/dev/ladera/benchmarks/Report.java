package dev.ladera.benchmarks;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a run found; kept as JSON.
 *
 * @param device where Ladera's bodies ran
 * @param pace {@code full} or {@code quick}
 * @param peers version by name of those that were there
 * @param absent reason by name of those that were not
 */
record Report(
    Machine machine,
    String device,
    String pace,
    Map<String, String> peers,
    Map<String, String> absent,
    List<Row> rows) {
  /**
   * One benchmark on so many threads.
   *
   * @param bytesPerCall what a call takes from the heap
   * @param rate speed beside the machine's; null where a benchmark has none
   * @param peers by name
   * @param skipped why a peer has no figures, by name
   */
  record Row(
      String name,
      String group,
      List<Integer> sizes,
      int threads,
      Timing ours,
      double bytesPerCall,
      @Nullable Rate rate,
      Map<String, Versus> peers,
      Map<String, String> skipped) {
    Optional<Versus> against(String peer) {
      return Optional.ofNullable(peers.get(peer));
    }
  }

  /**
   * Work a second.
   *
   * @param unit GFLOP/s or GB/s
   * @param value of ours, at the median
   * @param ceiling what the machine did in the same rounds
   * @param share the median of the rounds' shares of it
   */
  record Rate(String unit, double value, double ceiling, double share) {}

  /**
   * A peer's times.
   *
   * @param ratio the median over rounds of its time by ours: above 1, Ladera is faster
   * @param noise half the distance of the rounds' quartiles, as a share of the ratio
   */
  record Versus(Timing timing, double ratio, double noise) {}

  /** The row of a benchmark on so many threads. */
  Optional<Row> row(String name, int threads) {
    return rows.stream()
        .filter(row -> row.threads() == threads && Objects.equals(row.name(), name))
        .findFirst();
  }

  /** Whether a peer computed something else than Ladera. */
  boolean differs() {
    return rows.stream()
        .flatMap(row -> row.skipped().values().stream())
        .anyMatch(reason -> reason.startsWith(Race.OTHER));
  }
}
