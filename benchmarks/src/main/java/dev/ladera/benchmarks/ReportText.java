package dev.ladera.benchmarks;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** A report as a terminal shows it. */
final class ReportText {
  /** Above this, quartiles that far from the median, a figure is marked. */
  private static final double NOISY = 0.1;

  private ReportText() {}

  static String of(Report report) {
    StringBuilder text = new StringBuilder(head(report));
    List<String> columns = new ArrayList<>(List.of("benchmark", "threads", report.device()));
    for (String peer : report.peers().keySet()) {
      columns.add(peer);
      columns.add("ratio");
    }
    columns.addAll(List.of("speed", "of ceiling", "bytes/call"));
    TextTable table = new TextTable(columns);
    Map<String, List<String>> skipped = new TreeMap<>();
    for (Report.Row row : report.rows()) {
      table.row(cells(report, row));
      row.skipped()
          .forEach((peer, reason) ->
              skipped
                  .computeIfAbsent(peer + ": " + reason, _ -> new ArrayList<>())
                  .add(row.name()));
    }
    text.append(table);
    text.append(
        "ratio: the peer's time by Ladera's, in the same rounds; above 1 Ladera is faster."
            + " ~ marks quartiles more than 10 % from the median.\n");
    skipped.forEach(
        (reason, names) -> text.append(reason + " (" + String.join(", ", names) + ")\n"));
    return text.toString();
  }

  /** Machine and contestants. */
  static String head(Report report) {
    StringBuilder text = new StringBuilder(report.machine().text());
    text.append(report.pace()).append(" run\n");
    report.peers().forEach((name, version) -> text.append(name + " " + version + "\n"));
    report.absent().forEach((name, reason) -> text.append(name + " skipped: " + reason + "\n"));
    return text.toString();
  }

  private static List<String> cells(Report report, Report.Row row) {
    List<String> cells =
        new ArrayList<>(
            List.of(
                row.name(),
                Integer.toString(row.threads()),
                Units.nanos(row.ours().median()) + mark(row.ours().noise())));
    for (String peer : report.peers().keySet()) {
      Report.Versus versus = row.peers().get(peer);
      cells.add(versus == null ? "-" : Units.nanos(versus.timing().median()));
      cells.add(versus == null ? "-" : Units.digits(versus.ratio()) + mark(versus.noise()));
    }
    Report.Rate rate = row.rate();
    cells.add(rate == null ? "-" : Units.digits(rate.value()) + " " + rate.unit());
    cells.add(rate == null ? "-" : Units.percent(rate.share()));
    cells.add(Units.bytes(row.bytesPerCall()));
    return cells;
  }

  /** One character, so that columns stay straight. */
  private static String mark(double noise) {
    return noise > NOISY ? "~" : " ";
  }
}
