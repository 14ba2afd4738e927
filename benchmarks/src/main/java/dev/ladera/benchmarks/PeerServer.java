package dev.ladera.benchmarks;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The other end of {@link Peer}, for frameworks that run on the JVM. */
final class PeerServer {
  private static final JsonMapper JSON = JsonMapper.shared();

  /** What a framework must be able to do. */
  interface Framework {
    String version();

    /** How many threads it computes with. */
    int threads();

    /** Makes inputs and body; null if it has no such operation. */
    @Nullable Body prepare(String operation, int... sizes);
  }

  /**
   * A computation.
   *
   * @param run what is timed; the last result stays until the next one
   * @param check what {@link Check} says of its results
   * @param synchronize waits for what was started
   */
  record Body(Supplier<? extends Object> run, List<Double> check, Runnable synchronize) {}

  private final Framework framework;
  private @Nullable Loop loop;

  private PeerServer(Framework framework) {
    this.framework = framework;
  }

  /** Answers requests until there are no more. */
  static void serve(Supplier<Framework> start) throws IOException {
    PrintStream answers = System.out;
    // What libraries print would stand between the answers.
    System.setOut(System.err);
    PeerServer server = new PeerServer(start.get());
    BufferedReader requests =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    for (String line = requests.readLine(); line != null; line = requests.readLine()) {
      answers.println(JSON.writeValueAsString(server.answer(JSON.readTree(line))));
      answers.flush();
    }
  }

  private Map<String, ?> answer(JsonNode request) {
    try {
      return switch (request.path("do").asString("")) {
        case "hello" -> Map.of("version", framework.version(), "threads", framework.threads());
        case "prepare" -> prepare(request);
        case "warmUp" -> {
          double least = request.path("least").asDouble();
          prepared().warmUp(new Pace(least, request.path("most").asDouble(), 0, 0, 0));
          yield Map.of();
        }
        case "turn" -> Map.of("nanos", prepared().turn());
        default -> Map.of("error", "unknown request " + request);
      };
    } catch (RuntimeException | LinkageError e) {
      return Map.of("error", e.toString());
    }
  }

  private Map<String, ?> prepare(JsonNode request) {
    List<Integer> sizes = new ArrayList<>();
    request.path("sizes").forEach(size -> sizes.add(size.asInt()));
    String operation = request.path("operation").asString("");
    Body body = framework.prepare(operation, sizes.stream().mapToInt(Integer::intValue).toArray());
    if (body == null) {
      return Map.of("missing", "has no such operation");
    }
    loop = new Loop(body.run(), body.synchronize());
    return Map.of("check", body.check());
  }

  private Loop prepared() {
    if (loop == null) {
      throw new IllegalStateException("nothing is prepared");
    }
    return loop;
  }
}
