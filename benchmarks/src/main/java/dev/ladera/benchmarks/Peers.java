package dev.ladera.benchmarks;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Starts the frameworks that Ladera is compared with. */
final class Peers {
  /** Long enough for the slowest warm-up, short enough to notice that nothing moves. */
  private static final Duration PATIENCE = Duration.ofMinutes(5);

  /** The system property with the folder of the frameworks' own builds; the script sets it. */
  private static final String BUILDS = "ladera.peers";

  private Peers() {}

  /** The names that {@link #start} takes. */
  static List<String> names() {
    return List.of("pytorch", "nd4j", "djl", "bytedeco");
  }

  /**
   * Starts one.
   *
   * @param python the Python that has PyTorch; asked for by {@code pytorch} alone
   * @param device Ladera's device; on a GPU, PyTorch computes on the same one
   * @throws PeerException if it is not there, with what to do
   */
  static Peer start(String name, @Nullable Path python, int threads, String device) {
    ProcessBuilder command =
        switch (name) {
          case "pytorch" ->
              python(
                  script("peer_pytorch.py"),
                  python,
                  threads,
                  device.startsWith("cuda") ? device : "cpu");
          case "nd4j" -> java(name, "DevicePeer", name, Integer.toString(threads));
          case "djl" -> java(name, "DjlPeer", Integer.toString(threads));
          case "bytedeco" -> java(name, "BytedecoPeer", Integer.toString(threads));
          default -> throw new PeerException("is no peer; there are " + names());
        };
    // Each library reads its number of threads from here, those that have a call for it as well.
    command.environment().put("OMP_NUM_THREADS", Integer.toString(threads));
    command.environment().put("MKL_NUM_THREADS", Integer.toString(threads));
    return new Peer(name, command, threads, PATIENCE);
  }

  private static ProcessBuilder python(
      Path script, @Nullable Path python, int threads, String device) {
    if (python == null) {
      throw new PeerException("needs --python: the path of a Python that has torch");
    }
    return new ProcessBuilder(
        python.toString(), script.toString(), Integer.toString(threads), device);
  }

  /**
   * On a class path of its own: these libraries bring native code that does not bear the others'.
   */
  private static ProcessBuilder java(String name, String main, String... arguments) {
    Path target = Path.of(System.getProperty(BUILDS, "benchmarks/peers"), name, "target");
    if (!Files.isDirectory(target.resolve("lib"))) {
      throw new PeerException("is not built: ./ladera bench does it where it is a --peer");
    }
    String classPath = target.resolve("classes") + File.pathSeparator + target.resolve("lib/*");
    return java(classPath, Peers.class.getPackageName() + "." + main, List.of(arguments));
  }

  /** A fresh JVM with this one's options and class path. */
  static ProcessBuilder java(String main, List<String> arguments) {
    return java(System.getProperty("java.class.path", ""), main, arguments);
  }

  private static ProcessBuilder java(String classPath, String main, List<String> arguments) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
        .filter(option -> !option.startsWith("-javaagent") && !option.startsWith("-agentlib"))
        .forEach(command::add);
    command.addAll(List.of("-cp", classPath, main));
    command.addAll(arguments);
    return new ProcessBuilder(command);
  }

  /** A Python script of ours, in a file that goes with this JVM. */
  static Path script(String name) {
    try (InputStream resource = Peers.class.getResourceAsStream(name)) {
      if (resource == null) {
        throw new IllegalStateException(name + " is missing beside " + Peers.class.getName());
      }
      Path file = Files.createTempFile("ladera-", "-" + name);
      file.toFile().deleteOnExit();
      Files.copy(resource, file, StandardCopyOption.REPLACE_EXISTING);
      return file;
    } catch (IOException e) {
      throw new UncheckedIOException("cannot write " + name + " to a temporary file", e);
    }
  }
}
