package dev.ladera.benchmarks;

import dev.ladera.io.Chart;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.ToDoubleFunction;

/**
 * A report as one page that needs nothing else: bars, curves and the figures. It is XML as well.
 */
final class ReportHtml {
  /** A curve needs so many sizes. */
  private static final int LEAST_POINTS = 3;

  private static final String STYLE =
      """
      body { font-family: sans-serif; max-width: 70em; margin: 2em auto; padding: 0 1em; }
      table { border-collapse: collapse; font-size: 0.85em; }
      th, td { padding: 0.2em 0.7em; text-align: right; border-bottom: 1px solid #ddd; }
      th:first-child, td:first-child { text-align: left; }
      .slower { color: #d55e00; }
      .noisy { color: #888; }
      pre { white-space: pre-wrap; }
      """;

  private ReportHtml() {}

  static String of(Report report) {
    StringBuilder page = new StringBuilder();
    page.append(
        "<!DOCTYPE html>\n<html xmlns=\"http://www.w3.org/1999/xhtml\" lang=\"en\">\n<head>");
    page.append("<meta charset=\"utf-8\"/><title>Ladera: benchmarks</title>\n<style>");
    page.append(STYLE).append("</style></head>\n<body>\n<h1>Ladera: benchmarks</h1>\n<pre>");
    page.append(escape(ReportText.head(report))).append("</pre>\n");
    page.append(
        "<p>Ratios are a peer's time by Ladera's in the same rounds: above 1, Ladera is"
            + " faster.</p>\n");
    for (Map.Entry<String, List<Report.Row>> group : groups(report).entrySet()) {
      page.append("<h2>").append(escape(group.getKey())).append("</h2>\n");
      for (String peer : report.peers().keySet()) {
        bars(page, peer, group.getValue());
      }
      curves(page, report, group.getValue());
      figures(page, report, group.getValue());
    }
    return page.append("</body>\n</html>\n").toString();
  }

  /** Rows by group and number of threads. */
  private static Map<String, List<Report.Row>> groups(Report report) {
    Map<String, List<Report.Row>> groups = new LinkedHashMap<>();
    for (Report.Row row : report.rows()) {
      String threads = row.threads() == 1 ? "1 thread" : row.threads() + " threads";
      groups.computeIfAbsent(row.group() + ", " + threads, _ -> new ArrayList<>()).add(row);
    }
    return groups;
  }

  private static void bars(StringBuilder page, String peer, List<Report.Row> rows) {
    List<RatioBars.Bar> bars = new ArrayList<>();
    for (Report.Row row : rows) {
      row.against(peer)
          .ifPresent(versus -> bars.add(new RatioBars.Bar(row.name(), versus.ratio())));
    }
    if (!bars.isEmpty()) {
      page.append("<h3>times faster than ").append(escape(peer)).append("</h3>\n");
      page.append(RatioBars.svg(bars));
    }
  }

  /** A chart for every operation that was run at several sizes of one number. */
  private static void curves(StringBuilder page, Report report, List<Report.Row> rows) {
    Map<String, List<Report.Row>> operations = new LinkedHashMap<>();
    for (Report.Row row : rows) {
      int slash = row.name().indexOf('/');
      if (row.name().substring(slash + 1).matches("\\d{1,9}")) {
        operations.computeIfAbsent(row.name().substring(0, slash), _ -> new ArrayList<>()).add(row);
      }
    }
    operations.forEach((name, of) -> {
      if (of.size() >= LEAST_POINTS) {
        page.append(curve(name, report, of));
      }
    });
  }

  private static String curve(String name, Report report, List<Report.Row> rows) {
    boolean rates = rows.stream().allMatch(row -> row.rate() != null);
    Report.Rate first = rows.getFirst().rate();
    double[] sizes = column(rows, row -> row.sizes().getFirst());
    Chart chart =
        new Chart(name)
            .logX()
            .axes("size", rates && first != null ? first.unit() : "microseconds a call");
    chart.path("ladera", sizes, column(rows, row -> height(row, row.ours().median(), rates)));
    for (String peer : report.peers().keySet()) {
      double[] heights =
          column(
              rows,
              row ->
                  row.against(peer)
                      .map(versus -> height(row, versus.timing().median(), rates))
                      .orElse(Double.NaN));
      chart.path(peer, sizes, heights);
    }
    if (rates) {
      chart.line(
          "ceiling", sizes, column(rows, row -> Objects.requireNonNull(row.rate()).ceiling()));
    } else {
      chart.logY();
    }
    return chart.toSvg();
  }

  private static double height(Report.Row row, double nanos, boolean rates) {
    Report.Rate rate = row.rate();
    return rates && rate != null ? rate.value() * row.ours().median() / nanos : nanos / 1e3;
  }

  private static double[] column(List<Report.Row> rows, ToDoubleFunction<Report.Row> value) {
    return rows.stream().mapToDouble(value).toArray();
  }

  private static void figures(StringBuilder page, Report report, List<Report.Row> rows) {
    page.append("<table><tr><th>benchmark</th><th>").append(escape(report.device()));
    page.append("</th><th>least</th><th>p90</th>");
    for (String peer : report.peers().keySet()) {
      page.append("<th>").append(escape(peer)).append("</th><th>ratio</th>");
    }
    page.append("<th>speed</th><th>of ceiling</th><th>bytes a call</th></tr>\n");
    for (Report.Row row : rows) {
      page.append("<tr>");
      cell(page, "", row.name());
      cell(page, "", Units.nanos(row.ours().median()));
      cell(page, "", Units.nanos(row.ours().min()));
      cell(page, "", Units.nanos(row.ours().p90()));
      for (String peer : report.peers().keySet()) {
        Report.Versus versus = row.peers().get(peer);
        if (versus == null) {
          cell(page, "noisy", row.skipped().getOrDefault(peer, "-"));
          cell(page, "noisy", "-");
        } else {
          cell(page, "", Units.nanos(versus.timing().median()));
          cell(page, versus.ratio() < 1 ? "slower" : "", Units.digits(versus.ratio()));
        }
      }
      Report.Rate rate = row.rate();
      cell(page, "", rate == null ? "-" : Units.digits(rate.value()) + " " + rate.unit());
      cell(page, "", rate == null ? "-" : Units.percent(rate.share()));
      cell(page, "", Units.bytes(row.bytesPerCall()));
      page.append("</tr>\n");
    }
    page.append("</table>\n");
  }

  private static void cell(StringBuilder page, String look, String words) {
    page.append(look.isEmpty() ? "<td>" : "<td class=\"" + look + "\">");
    page.append(escape(words)).append("</td>");
  }

  static String escape(String words) {
    return words
        .replace("&", "&amp;")
        .replace("<", "&lt;")
        .replace(">", "&gt;")
        .replace("\"", "&quot;");
  }
}
