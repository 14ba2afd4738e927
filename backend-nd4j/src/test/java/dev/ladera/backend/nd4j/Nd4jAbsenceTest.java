package dev.ladera.backend.nd4j;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ladera.Device;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** What is said where ND4J, or its native part, is missing: in JVMs of their own. */
class Nd4jAbsenceTest {
  /** Prints what the device library says before and after it looks for ND4J. */
  static final class Report {
    private Report() {}

    /** Run by the tests. */
    public static void main(String[] arguments) {
      System.out.println(Device.types());
      System.out.println(Device.probes().get("nd4j"));
    }
  }

  private static List<String> reportWithout(Predicate<String> jar, String... options)
      throws IOException, InterruptedException {
    String classPath =
        Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
            .filter(entry -> !jar.test(Path.of(entry).getFileName().toString()))
            .collect(Collectors.joining(File.pathSeparator));
    Path java = Path.of(System.getProperty("java.home"), "bin", "java");
    ProcessBuilder builder = new ProcessBuilder(java.toString());
    builder.command().addAll(List.of(options));
    builder.command().addAll(List.of("-cp", classPath, Report.class.getName()));
    Process process = builder.redirectErrorStream(true).start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(output).isZero();
    return output.lines().toList();
  }

  private static final String NATIVE = "--enable-native-access=ALL-UNNAMED";
  private static final String UNSAFE = "--sun-misc-unsafe-memory-access=allow";

  @Test
  void nothingIsPrintedByND4JOrItsLogging() throws Exception {
    List<String> lines = reportWithout(jar -> false, NATIVE, UNSAFE);
    assertThat(lines).hasSize(2);
    assertThat(lines.get(1)).startsWith("Probe[available=true, devices=1, reason=ND4J 1.0.0-M2.1");
  }

  @Test
  void aMissingNativeLibraryIsNamedWithTheClassifierToAdd() throws Exception {
    List<String> lines =
        reportWithout(
            jar -> jar.startsWith("nd4j-native-1") && jar.matches(".*-\\w+-\\w+\\.jar"),
            NATIVE,
            UNSAFE);
    assertThat(lines.getLast())
        .startsWith("Probe[available=false, devices=0, reason=ND4J did not start on ")
        .contains("classifier");
  }

  @Test
  void theProviderIsLoadedWithoutAnythingOfND4J() throws Exception {
    List<String> lines =
        reportWithout(
            jar ->
                jar.startsWith("nd4j") || jar.startsWith("javacpp") || jar.startsWith("openblas"),
            NATIVE,
            UNSAFE);
    assertThat(lines.getFirst()).isEqualTo("[nd4j, reference]");
    assertThat(lines.getLast()).startsWith("Probe[available=false").contains("nd4j-native");
  }

  @Test
  void refusedNativeAccessIsNamedWithTheOption() throws Exception {
    List<String> lines = reportWithout(jar -> false, "--illegal-native-access=deny", UNSAFE);
    assertThat(lines.getLast())
        .startsWith("Probe[available=false")
        .contains("--enable-native-access");
  }

  @Test
  void refusedAccessToMemoryIsNamedWithTheOption() throws Exception {
    List<String> lines =
        reportWithout(jar -> false, NATIVE, "--sun-misc-unsafe-memory-access=deny");
    assertThat(lines.getLast())
        .startsWith("Probe[available=false")
        .contains("--sun-misc-unsafe-memory-access=allow");
  }
}
