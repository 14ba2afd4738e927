package dev.ladera.benchmarks;

import java.util.List;
import java.util.Optional;

/**
 * What a change did: two reports, side by side. Where both have a peer in common, the change is
 * that of the ratio, which a faster or busier machine does not move.
 */
final class Comparison {
  /**
   * One benchmark.
   *
   * @param faster how many times faster it became
   * @param within whether that lies within the noise of the two runs
   */
  record Change(Report.Row before, Report.Row after, double faster, boolean within) {}

  private Comparison() {}

  static List<Change> of(Report before, Report after) {
    return after.rows().stream()
        .flatMap(row -> before.row(row.name(), row.threads()).map(old -> change(old, row)).stream())
        .toList();
  }

  private static Change change(Report.Row before, Report.Row after) {
    double faster = before.ours().median() / after.ours().median();
    double noise = before.ours().noise() + after.ours().noise();
    Optional<String> peer = common(before, after);
    if (peer.isPresent()) {
      Report.Versus old = before.against(peer.get()).orElseThrow();
      Report.Versus now = after.against(peer.get()).orElseThrow();
      faster = now.ratio() / old.ratio();
      noise = old.noise() + now.noise();
    }
    return new Change(before, after, faster, Math.abs(Math.log(faster)) <= noise);
  }

  /** A peer that both rows have figures of. */
  private static Optional<String> common(Report.Row before, Report.Row after) {
    return before.peers().keySet().stream().filter(after.peers()::containsKey).findFirst();
  }

  static String text(Report before, Report after) {
    StringBuilder text = new StringBuilder();
    text.append("before: ").append(ReportText.head(before));
    text.append("after:  ").append(ReportText.head(after));
    if (!before.machine().cpu().equals(after.machine().cpu())) {
      text.append("the two runs were made on different processors\n");
    }
    TextTable table =
        new TextTable("benchmark", "threads", "before", "after", "ratios", "faster", "");
    for (Change change : of(before, after)) {
      table.row(
          change.after().name(),
          Integer.toString(change.after().threads()),
          Units.nanos(change.before().ours().median()),
          Units.nanos(change.after().ours().median()),
          ratios(change),
          Units.digits(change.faster()),
          change.within() ? "~" : change.faster() > 1 ? "+" : "-");
    }
    if (table.isEmpty()) {
      return text.append("no benchmark is in both reports\n").toString();
    }
    return text.append(table)
        .append(
            "+ faster, - slower, ~ within the noise; by the ratio to a peer where both have it\n")
        .toString();
  }

  private static String ratios(Change change) {
    return common(change.before(), change.after())
        .map(
            peer -> ratio(change.before(), peer) + " > " + ratio(change.after(), peer) + " " + peer)
        .orElse("-");
  }

  private static String ratio(Report.Row row, String peer) {
    return row.against(peer).map(versus -> Units.digits(versus.ratio())).orElseThrow();
  }
}
