package dev.ladera.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class MainTest {
  private record Answer(int code, String out, String err) {}

  private static Answer run(String... arguments) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    CommandLine commandLine =
        Main.commandLine().setOut(new PrintWriter(out)).setErr(new PrintWriter(err));
    int code = commandLine.execute(arguments);
    return new Answer(code, out.toString(), err.toString());
  }

  @Test
  void aRunIsShownWrittenAndCompared(@TempDir Path folder) {
    Path json = folder.resolve("report.json");
    Path html = folder.resolve("report.html");
    Answer answer =
        run(
            "--quick",
            "--rounds",
            "1",
            "--threads",
            "1,2",
            "--only",
            "add/1$|matmul/16",
            "--peer",
            "pytorch",
            "--json",
            json.toString(),
            "--html",
            html.toString());
    assertThat(answer.code()).as(answer.err()).isZero();
    assertThat(answer.out())
        .containsPattern("matmul/16 +1 ")
        .containsPattern("matmul/16 +2 ")
        .containsPattern("add/1 +2 ")
        .contains("pytorch skipped: needs --python");
    assertThat(answer.out()).contains("Ladera 0.");
    assertThat(ReportFile.read(json).rows()).hasSize(4);
    assertThat(html).content().contains("<td>matmul/16</td>");
    Answer compared = run("--compare", json.toString(), json.toString());
    assertThat(compared.code()).isZero();
    assertThat(compared.out()).containsPattern("add/1 +1 .* 1.00 +~");
  }

  @Test
  void targetsThatCannotBeMeasuredAreNotHeld() {
    Answer answer = run("--targets", "--quick", "--rounds", "1", "--only", "add/1$");
    assertThat(answer.code()).isEqualTo(1);
    assertThat(answer.out()).contains("pytorch skipped", "0 of 0 held");
  }

  @Test
  void aProfileSharesTheTimeAmongKernels() {
    Answer answer = run("--profile", "--quick", "--only", "^matmul/16$");
    assertThat(answer.code()).as(answer.err()).isZero();
    assertThat(answer.out())
        .containsPattern("matmul \\(16, 16\\) \\(16, 16\\) +1.00 +[0-9.]+ [nu]s +[0-9.]+ %")
        .containsPattern("new tensors +1.00 ")
        .containsPattern("tensors given back +1.00 ")
        .containsPattern("all +[0-9.]+ [nu]s +100.0 %");
  }

  @Test
  void theListNamesBenchmarksWithTheirSizes() {
    Answer answer = run("--list", "--only", "mlp-");
    assertThat(answer.code()).isZero();
    assertThat(answer.out()).contains("[64, 784, 128]").hasLineCount(4);
  }

  @Test
  void wrongUseIsExplained() {
    assertThat(run("--only", "no such").err()).contains("--only matches no benchmark");
    assertThat(run("--threads", "0").err()).contains("--threads");
    assertThat(run("--peer", "abacus").err()).contains("knows [pytorch, nd4j, djl, bytedeco]");
    assertThat(run("--rounds", "0").code()).isEqualTo(1);
    assertThat(run("--fast").code()).isEqualTo(2);
    assertThat(run("--compare", "no-a.json", "no-b.json").err()).contains("no-a.json");
  }
}
