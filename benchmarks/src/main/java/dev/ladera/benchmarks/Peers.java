package dev.ladera.benchmarks;

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
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Starts the frameworks that Ladera is compared with. */
final class Peers {
  /** Long enough for the slowest warm-up, short enough to notice that nothing moves. */
  private static final Duration PATIENCE = Duration.ofMinutes(5);

  /** Frameworks on the JVM: a main class, and one of the library's that must be there. */
  private static final Map<String, String> LIBRARIES =
      Map.of(
          "nd4j", "dev.ladera.backend.nd4j.Nd4jProvider",
          "djl", "ai.djl.pytorch.engine.PtEngine",
          "bytedeco", "org.bytedeco.pytorch.global.torch");

  private Peers() {}

  /** The names that {@link #start} takes. */
  static List<String> names() {
    return List.of("pytorch", "nd4j", "djl", "bytedeco");
  }

  /**
   * Starts one.
   *
   * @param python the Python that has PyTorch; asked for by {@code pytorch} alone
   * @throws PeerException if it is not there, with what to do
   */
  static Peer start(String name, @Nullable Path python, int threads) {
    ProcessBuilder command =
        switch (name) {
          case "pytorch" -> python(script("peer_pytorch.py"), python, threads);
          case "nd4j" -> java(name, DevicePeer.class.getName(), name, Integer.toString(threads));
          case "djl" -> java(name, "dev.ladera.benchmarks.DjlPeer", Integer.toString(threads));
          case "bytedeco" ->
              java(name, "dev.ladera.benchmarks.BytedecoPeer", Integer.toString(threads));
          default -> throw new PeerException("is no peer; there are " + names());
        };
    // Each library reads its number of threads from here, those that have a call for it as well.
    command.environment().put("OMP_NUM_THREADS", Integer.toString(threads));
    command.environment().put("MKL_NUM_THREADS", Integer.toString(threads));
    return new Peer(name, command, threads, PATIENCE);
  }

  private static ProcessBuilder python(Path script, @Nullable Path python, int threads) {
    if (python == null) {
      throw new PeerException("needs --python: the path of a Python that has torch");
    }
    return new ProcessBuilder(python.toString(), script.toString(), Integer.toString(threads));
  }

  private static ProcessBuilder java(String name, String main, String... arguments) {
    try {
      Class.forName(LIBRARIES.get(name), false, Peers.class.getClassLoader());
    } catch (ClassNotFoundException e) {
      throw new PeerException("is not on the class path; build with the Maven profile 'peers'", e);
    }
    return java(main, List.of(arguments));
  }

  /** A fresh JVM with this one's options and class path. */
  static ProcessBuilder java(String main, List<String> arguments) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
        .filter(option -> !option.startsWith("-javaagent") && !option.startsWith("-agentlib"))
        .forEach(command::add);
    command.add("-cp");
    command.add(System.getProperty("java.class.path"));
    command.add(main);
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
