package dev.ladera.benchmarks;

import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Another framework, in a process of its own. A request is a line of JSON on its input, the answer
 * a line on its output:
 *
 * <pre>{@code
 * {"do": "hello"}                                    {"name": ..., "version": ..., "threads": ...}
 * {"do": "prepare", "operation": ..., "sizes": [...]}  {"check": [...]} or {"missing": reason}
 * {"do": "warmUp", "least": ..., "most": ...}          {}
 * {"do": "turn"}                                       {"nanos": [...]}
 * }</pre>
 *
 * <p>{@code {"error": ...}} answers what failed. The end of its input ends it.
 */
final class Peer implements AutoCloseable {
  private static final JsonMapper JSON = JsonMapper.shared();

  private final String name;
  private final Process process;
  private final BufferedWriter requests;
  private final BufferedReader answers;
  private final ExecutorService reader = Executors.newVirtualThreadPerTaskExecutor();
  private final Duration patience;
  private String version = "";

  /**
   * Starts a process and hears who it is.
   *
   * @param patience how long an answer may take
   * @throws PeerException if it does not start, or is not what it should be
   */
  Peer(String name, ProcessBuilder command, int threads, Duration patience) {
    this.name = name;
    this.patience = patience;
    try {
      this.process = command.redirectError(ProcessBuilder.Redirect.INHERIT).start();
    } catch (IOException e) {
      throw new PeerException("does not start: " + e.getMessage(), e);
    }
    this.requests = process.outputWriter();
    this.answers = process.inputReader();
    try {
      JsonNode hello = ask(Map.of("do", "hello"));
      this.version = hello.path("version").asString("");
      int its = hello.path("threads").asInt(0);
      if (its != threads) {
        throw new PeerException("runs " + its + " threads, and not " + threads);
      }
    } catch (PeerException e) {
      close();
      throw e;
    }
  }

  String name() {
    return name;
  }

  String version() {
    return version;
  }

  /**
   * Makes inputs, runs the body and answers its {@link Check}.
   *
   * @throws PeerException if it has no such operation, or the operation failed
   */
  List<Double> prepare(Benchmark benchmark) {
    return numbers(
        ask(
            Map.of(
                "do",
                "prepare",
                "operation",
                benchmark.operation().name(),
                "sizes",
                benchmark.sizes())),
        "check");
  }

  void warmUp(Pace pace) {
    ask(Map.of("do", "warmUp", "least", pace.leastWarmUp(), "most", pace.mostWarmUp()));
  }

  /** Nanoseconds a call, of some batches. */
  List<Double> turn() {
    return numbers(ask(Map.of("do", "turn")), "nanos");
  }

  private List<Double> numbers(JsonNode answer, String field) {
    List<Double> numbers = new ArrayList<>();
    for (JsonNode number : answer.path(field)) {
      // Python writes NaN, which stands as it is for a result that is none.
      numbers.add(number.isNumber() ? number.asDouble() : Double.NaN);
    }
    if (numbers.isEmpty()) {
      throw new PeerException("answered without " + field + ": " + answer);
    }
    return numbers;
  }

  private JsonNode ask(Map<String, ?> request) {
    if (!process.isAlive()) {
      throw new PeerException("has ended");
    }
    JsonNode answer;
    try {
      requests.write(JSON.writeValueAsString(request));
      requests.newLine();
      requests.flush();
      String line = read();
      if (line == null) {
        throw new PeerException(
            "ended with code " + process.waitFor() + "; its own words are above");
      }
      answer = JSON.readTree(line);
    } catch (IOException | JacksonException e) {
      throw new PeerException("answered nothing of use: " + e.getMessage(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new PeerException("interrupted", e);
    }
    for (String refusal : List.of("missing", "error")) {
      if (answer.has(refusal)) {
        throw new PeerException(answer.path(refusal).asString());
      }
    }
    return answer;
  }

  private @Nullable String read() throws InterruptedException {
    try {
      return reader.submit(answers::readLine).get(patience.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      process.destroyForcibly();
      throw new PeerException("gave no answer in " + patience.toSeconds() + " s", e);
    } catch (ExecutionException e) {
      throw new PeerException("cannot be read: " + e.getCause(), e);
    }
  }

  @Override
  public void close() {
    process.destroy();
    reader.shutdownNow();
  }
}
