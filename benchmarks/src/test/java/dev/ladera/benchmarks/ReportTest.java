package dev.ladera.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ladera.FileFormatException;
import java.io.IOException;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.w3c.dom.Document;
import org.xml.sax.InputSource;

class ReportTest {
  private static final Machine MACHINE =
      new Machine("1", "abc", "JVM <25>", "Linux", "a & b", 2, "2026-01-02T03:04:05Z", 0.1);

  private static Timing timing(double median, double noise) {
    return new Timing(median, median * 0.9, median * 1.2, noise, 15);
  }

  private static Report.Row row(String name, int size, double ours, double theirs, double share) {
    return new Report.Row(
        name,
        "products",
        List.of(size, size, size),
        1,
        timing(ours, 0.01),
        4096,
        new Report.Rate("GFLOP/s", 100, 100 / share, share),
        Map.of("pytorch", new Report.Versus(timing(theirs, 0.02), theirs / ours, 0.02)),
        Map.of("djl", "has no " + name));
  }

  private static Report report(double ours) {
    return new Report(
        MACHINE,
        "cpu",
        "quick",
        Map.of("pytorch", "2"),
        Map.of("nd4j", "is not on the class path"),
        List.of(
            row("matmul/256", 256, ours, 1000, 0.5),
            row("matmul/512", 512, ours, 2000, 0.9),
            row("matmul/1024", 1024, ours, 900, 0.8),
            new Report.Row(
                "sort/9", "indexing", List.of(9), 2, timing(5, 0.5), 0, null, Map.of(), Map.of())));
  }

  @Test
  void jsonKeepsAll(@TempDir Path folder) throws IOException {
    Path file = folder.resolve("report.json");
    ReportFile.write(report(500), file);
    assertThat(ReportFile.read(file)).isEqualTo(report(500));
    Files.writeString(file, "{\"rows\": []}");
    assertThatThrownBy(() -> ReportFile.read(file))
        .isInstanceOf(FileFormatException.class)
        .hasMessageContaining("report.json");
  }

  @Test
  void theTextShowsRatiosSharesAndReasons() {
    assertThat(ReportText.of(report(500)))
        .contains("commit abc", "pytorch 2", "nd4j skipped: is not on the class path")
        .containsPattern("matmul/256 +1 +500 ns +1.00 us +2.00 +100 GFLOP/s +50 % +4096 B")
        .containsPattern("sort/9 +2 +5.00 ns~ +- +- +- +- +0 B")
        .contains("djl: has no matmul/256 (matmul/256)");
  }

  @Test
  void thePageIsWellFormedAndNeedsNothingElse() throws Exception {
    String page = ReportHtml.of(report(500));
    Document document =
        DocumentBuilderFactory.newInstance()
            .newDocumentBuilder()
            .parse(new InputSource(new StringReader(page)));
    // Bars and a curve for the products; sort has one size and no peer.
    assertThat(document.getElementsByTagName("svg").getLength()).isEqualTo(2);
    assertThat(document.getElementsByTagName("h2").getLength()).isEqualTo(2);
    assertThat(document.getElementsByTagName("tr").getLength()).isEqualTo(2 + 4);
    assertThat(page)
        .contains("a &amp; b", "JVM &lt;25&gt;")
        .doesNotContain("src=", "href=", "url(");
  }

  @Test
  void aChangeIsMarkedUnlessItIsNoise() {
    assertThat(Comparison.of(report(500), report(400)))
        .hasSize(4)
        .first()
        .satisfies(change -> {
          assertThat(change.faster()).isEqualTo(1.25);
          assertThat(change.within()).isFalse();
        });
    assertThat(Comparison.of(report(500), report(495))).allMatch(Comparison.Change::within);
    assertThat(Comparison.text(report(500), report(1000)))
        .containsPattern("matmul/256 +1 +500 ns +1.00 us +2.00 > 1.00 pytorch +0.50 +-\n")
        .containsPattern("sort/9 +2 +5.00 ns +5.00 ns +- +1.00 +~\n");
  }

  @Test
  void targetsTellFloorReachedAndMissed() {
    List<Targets.Verdict> verdicts = Targets.verdicts(report(500));
    assertThat(verdicts).hasSize(5);
    assertThat(Targets.text(verdicts))
        .containsPattern("matmul/256 +1 +ratio +1.70 +2.00 +held")
        .containsPattern("matmul/512 +1 +ratio +1.80 +4.00 +held")
        .containsPattern("matmul/512 +1 +of ceiling +0.85 +0.90 +held")
        .containsPattern("matmul/1024 +1 +ratio +1.80 +1.80 +held *~")
        .containsPattern("matmul/1024 +1 +of ceiling +0.85 +0.80 +missed")
        .contains("4 of 5 held");
    List<Benchmark> measured =
        Benchmarks.all().stream()
            .filter(one -> List.of("matmul/256", "matmul/512").contains(one.name()))
            .toList();
    assertThat(Targets.held(verdicts.subList(0, 3), measured, 1)).isTrue();
    assertThat(Targets.held(verdicts.subList(0, 3), measured, 2)).isFalse();
    assertThat(Targets.held(verdicts, measured, 1)).isFalse();
  }

  @Test
  void timingsAreQuartilesOfWhatWasSeen() {
    Timing timing = Timing.of(List.of(4.0, 1.0, 3.0, 2.0, 5.0));
    assertThat(timing).isEqualTo(new Timing(3, 1, 4.6, 1 / 3.0, 5));
    assertThat(Timing.median(List.of(1.0, 2.0))).isEqualTo(1.5);
  }

  @Test
  void anotherComputationIsFoundOut() {
    List<Double> ours = List.of(0.5, 1.0, -3.0, 100.0);
    assertThat(Check.difference(ours, List.of(0.50005, 1.0, -3.0, 100.0), false)).isEmpty();
    assertThat(Check.difference(ours, List.of(0.505, 1.0, -3.0, 100.0), true)).isEmpty();
    assertThat(Check.difference(ours, List.of(0.505, 1.0, -3.0, 100.0), false))
        .isEqualTo("tensor 0: ours 0.5, theirs 0.505, of size 1.0");
    assertThat(Check.difference(ours, List.of(0.5, 1.0, -3.0, 99.98), false))
        .startsWith("tensor 1: ours 100.0");
    assertThat(Check.difference(ours, List.of(Double.NaN, 1.0, -3.0, 100.0), true)).isNotEmpty();
    assertThat(Check.difference(ours, List.of(0.5, 1.0), true))
        .isEqualTo("ours are 2 tensors, theirs 1");
  }
}
