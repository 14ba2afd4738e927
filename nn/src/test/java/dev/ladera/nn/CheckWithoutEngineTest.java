package dev.ladera.nn;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ladera.Device;
import dev.ladera.Gradients;
import java.io.File;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** A check where no differentiation engine is on the class path: in a JVM of its own. */
final class CheckWithoutEngineTest {
  /** Prints whether there is an engine, and the head of a report. */
  static final class Report {
    private Report() {}

    /** Run by the test. */
    public static void main(String[] arguments) {
      System.out.println(Gradients.areAvailable());
      Sequential net = new Sequential(new Linear(3, 2), new Linear(2, 1));
      System.out.println(net.check(Device.standard(), 4, 3).toString().lines().toList().getFirst());
    }
  }

  private static List<String> output(String classPath) throws Exception {
    Path java = Path.of(System.getProperty("java.home"), "bin", "java");
    Process process =
        new ProcessBuilder(java.toString(), "-cp", classPath, Report.class.getName())
            .redirectErrorStream(true)
            .start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(output).isZero();
    return output.lines().toList();
  }

  @Test
  void onlyTheForwardComputationIsLookedAt() throws Exception {
    String all = System.getProperty("java.class.path");
    String without =
        Arrays.stream(all.split(File.pathSeparator))
            .filter(entry -> !entry.contains("autograd"))
            .collect(Collectors.joining(File.pathSeparator));
    assertThat(output(all)).containsExactly("true", "reference:0: runs; gradients too");
    assertThat(output(without))
        .containsExactly("false", "reference:0: runs; gradients were not looked at");
  }
}
