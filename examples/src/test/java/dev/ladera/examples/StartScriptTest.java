package dev.ladera.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What {@code ./ladera} builds and starts, with a build and a java that only tell their options.
 */
class StartScriptTest {
  @TempDir private Path folder;

  private Path root() {
    return folder.resolve("a root's folder");
  }

  @BeforeEach
  void copyTheScript() throws IOException {
    assumeTrue(Files.isExecutable(Path.of("/bin/sh")), "no /bin/sh here");
    Path project = Path.of("..");
    Files.createDirectories(root().resolve(".mvn"));
    Files.createDirectories(root().resolve("examples/target/lib"));
    Files.createDirectories(root().resolve("backend-nd4j/target/lib"));
    Files.copy(project.resolve("ladera"), root().resolve("ladera"));
    Files.copy(project.resolve(".mvn/find-jdk.sh"), root().resolve(".mvn/find-jdk.sh"));
    program("a root's folder/mvnw", "echo \"built $*\" >>\"$(dirname \"$0\")/build.log\"");
    program("jdk/bin/javac", "");
    program(
        "jdk/bin/java",
        "printf 'wait %s\\n' \"${OMP_WAIT_POLICY-}\"; for a; do printf '%s\\n' \"$a\"; done");
    Files.writeString(folder.resolve("jdk/release"), "JAVA_VERSION=\"25.0.1\"\n");
  }

  private void program(String name, String body) throws IOException {
    Path file = folder.resolve(name);
    Files.createDirectories(file.getParent());
    Files.writeString(file, "#!/bin/sh\n" + body + "\n");
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
  }

  /** The lines that java was started with: how threads wait, its options, its arguments. */
  private List<String> start(String... arguments) throws Exception {
    List<String> command = new ArrayList<>(List.of("/bin/sh", root().resolve("ladera").toString()));
    command.addAll(List.of(arguments));
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.environment().put("LADERA_JAVA_HOME", folder.resolve("jdk").toString());
    builder.environment().remove("LADERA_JAVA_OPTIONS");
    builder.environment().remove("OMP_WAIT_POLICY");
    builder.redirectError(ProcessBuilder.Redirect.DISCARD);
    Process process = builder.start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(output).isZero();
    return output.lines().toList();
  }

  private static String classPath(List<String> started) {
    return started.get(started.indexOf("-cp") + 1);
  }

  private List<String> builds() throws IOException {
    Path log = root().resolve("build.log");
    return Files.exists(log) ? Files.readAllLines(log) : List.of();
  }

  @Test
  void whoDoesNotNameNd4jNeitherBuildsNorLoadsIt() throws Exception {
    for (String[] arguments :
        new String[][] {
          {},
          {"train"},
          {"train", "--device", "cpu", "nd4j"},
          {"train", "--out", "nd4j"},
          {"doctor", "--device"}
        }) {
      List<String> started = start(arguments);
      assertThat(started).startsWith("wait ").endsWith(arguments);
      assertThat(classPath(started)).isEqualTo(root() + "/examples/target/lib/*");
    }
    assertThat(builds()).hasSize(1).first().asString().startsWith("built -q -pl examples -am ");
  }

  @Test
  void whoNamesNd4jHasItOnTheClassPath() throws Exception {
    for (String[] arguments :
        new String[][] {
          {"train", "--device", "nd4j"},
          {"train", "mnist", "--device=nd4j:0", "--epochs", "1"},
          {"--stacktrace", "doctor", "--device", "nd4j:0"}
        }) {
      List<String> started = start(arguments);
      assertThat(started).startsWith("wait passive").endsWith(arguments);
      assertThat(classPath(started))
          .isEqualTo(
              root()
                  + "/examples/target/lib/*:"
                  + root()
                  + "/backend-nd4j/target/classes:"
                  + root()
                  + "/backend-nd4j/target/lib/*");
    }
    assertThat(builds()).hasSize(2);
    assertThat(builds().get(0)).startsWith("built -q -pl examples -am ");
    assertThat(builds().get(1)).startsWith("built -q -pl backend-nd4j -am ");
    start("train");
    assertThat(builds()).as("nothing is built twice").hasSize(2);
  }

  @Test
  void argumentsArriveAsTheyWere() throws Exception {
    String[] arguments = {"train", "--out", "a b/*", "$HOME", "\"quoted\"", "", "--device", "nd4j"};
    assertThat(start(arguments)).endsWith(arguments);
  }
}
