package dev.ladera.io;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ladera.Tensor;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A process that is killed while it writes leaves the old file or the new, whole. */
class KilledWriterTest {
  private static final int KILLS = 3;
  private static final int ELEMENTS = 500_000;

  @TempDir private Path folder = Path.of("");

  /** Overwrites a checkpoint for ever. */
  static final class Writer {
    private Writer() {}

    public static void main(String[] arguments) {
      Path target = Path.of(arguments[0]);
      for (int round = 0; ; round++) {
        float[] values = new float[ELEMENTS];
        Arrays.fill(values, round);
        new Checkpoint()
            .put("model", Map.of("w", Tensor.of(values)))
            .note("round", Integer.toString(round))
            .write(target);
        System.out.println(round);
      }
    }
  }

  @Test
  void aKilledWriterLeavesAWholeFile() throws IOException, InterruptedException {
    Path target = folder.resolve("run.safetensors");
    for (int kill = 0; kill < KILLS; kill++) {
      int reported = writeAndKill(target, 7 * kill);
      Checkpoint left = Checkpoint.read(target);
      int round = Integer.parseInt(left.note("round"));
      assertThat(round).isGreaterThanOrEqualTo(reported);
      Tensor whole = Objects.requireNonNull(left.tensors("model").get("w"));
      assertThat(whole.toFloatArray()).hasSize(ELEMENTS).containsOnly(round);
    }
  }

  /** Kills a writer some time after its second file; answers the last round that it told of. */
  private static int writeAndKill(Path target, int milliseconds)
      throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx128m",
                "-cp",
                System.getProperty("java.class.path"),
                Writer.class.getName(),
                target.toString())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    try (BufferedReader lines = process.inputReader(StandardCharsets.UTF_8)) {
      String last = lines.readLine();
      assertThat(last).as("the writer's first line").isNotNull();
      last = lines.readLine();
      Thread.sleep(milliseconds);
      // Killed by its handle: the process itself would close the stream of lines still to be read.
      process.toHandle().destroyForcibly();
      for (String line = last; line != null; line = lines.readLine()) {
        last = line;
      }
      return Integer.parseInt(last);
    } finally {
      process.destroyForcibly();
      assertThat(process.waitFor(10, TimeUnit.SECONDS)).isTrue();
    }
  }
}
