package dev.ladera.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class DownloadTest {
  private static final byte[] CONTENTS = "what was asked for".getBytes(StandardCharsets.UTF_8);

  @TempDir Path folder;
  private final Queue<String> asked = new ConcurrentLinkedQueue<>();
  private final CountDownLatch end = new CountDownLatch(1);
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private HttpServer server;

  DownloadTest() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
  }

  @BeforeEach
  void start() {
    serve("/good/", exchange -> answer(exchange, 200, CONTENTS));
    serve("/other/", exchange -> answer(exchange, 200, new byte[100]));
    serve("/missing/", exchange -> answer(exchange, 404, "none".getBytes(StandardCharsets.UTF_8)));
    serve(
        "/cut/",
        exchange -> {
          exchange.sendResponseHeaders(200, 1000);
          exchange.getResponseBody().write(CONTENTS);
          exchange.getResponseBody().flush();
          throw new IOException("gone");
        });
    serve(
        "/slow/",
        exchange -> {
          exchange.sendResponseHeaders(200, 1000);
          exchange.getResponseBody().write(CONTENTS);
          exchange.getResponseBody().flush();
          try {
            end.await();
          } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
          }
        });
    server.setExecutor(threads);
    server.start();
  }

  private interface Answer {
    void to(HttpExchange exchange) throws IOException;
  }

  private void serve(String path, Answer answer) {
    server.createContext(
        path,
        exchange -> {
          asked.add(exchange.getRequestURI().getPath());
          try (exchange) {
            answer.to(exchange);
          }
        });
  }

  private static void answer(HttpExchange exchange, int status, byte[] body) throws IOException {
    exchange.sendResponseHeaders(status, body.length);
    exchange.getResponseBody().write(body);
  }

  @AfterEach
  void stop() {
    end.countDown();
    server.stop(0);
    threads.shutdownNow();
  }

  private static String sha256(byte[] contents) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(contents));
    } catch (java.security.NoSuchAlgorithmException impossible) {
      throw new AssertionError(impossible);
    }
  }

  private URI mirror(String path) {
    String host = server.getAddress().getAddress().getHostAddress();
    return URI.create("http://" + host + ":" + server.getAddress().getPort() + path);
  }

  private Download from(String... mirrors) {
    List<URI> addresses = java.util.Arrays.stream(mirrors).map(this::mirror).toList();
    return new Download(
        "fetch",
        addresses,
        Map.of("file", sha256(CONTENTS)),
        "look elsewhere:",
        Duration.ofSeconds(3));
  }

  private void onlyTheFileIsThere() throws IOException {
    try (var files = Files.list(folder)) {
      assertThat(files).containsExactly(folder.resolve("file"));
    }
    assertThat(folder.resolve("file")).hasBinaryContent(CONTENTS);
  }

  @Test
  void aFileIsFetchedOnce() throws IOException {
    from("/good/").into(folder);
    onlyTheFileIsThere();
    from("/good/").into(folder);
    assertThat(asked).containsExactly("/good/file");
  }

  @Test
  void aFolderIsMadeIfNeedBe() {
    from("/good/").into(folder.resolve("a").resolve("b"));
    assertThat(folder.resolve("a/b/file")).hasBinaryContent(CONTENTS);
  }

  @Test
  void aFileThatDiffersIsReplaced() throws IOException {
    Files.write(folder.resolve("file"), new byte[] {1});
    from("/good/").into(folder);
    onlyTheFileIsThere();
  }

  @Test
  void theNextMirrorIsAskedWhereOneFails() throws IOException {
    from("/missing/", "/other/", "/cut/", "/good/").into(folder);
    assertThat(asked).containsExactly("/missing/file", "/other/file", "/cut/file", "/good/file");
    onlyTheFileIsThere();
  }

  @Test
  void everyMirrorsReasonIsToldAndNothingIsLeftBehind() {
    Download download = from("/missing/", "/other/", "/cut/", "/slow/");
    DownloadException found =
        catchThrowableOfType(DownloadException.class, () -> download.into(folder));
    assertThat(found.file()).isEqualTo("file");
    assertThat(found.reasons()).hasSize(4);
    assertThat(found.reasons().get(0)).contains("/missing/file: ", "status 404");
    assertThat(found.reasons().get(1)).contains("/other/file: ", "SHA-256", sha256(CONTENTS));
    assertThat(found.reasons().get(2)).contains("/cut/file: ", "IOException");
    assertThat(found.reasons().get(3)).contains("not whole after 3 seconds");
    assertThat(found)
        .hasMessageStartingWith("fetch: file could not be fetched; look elsewhere:\n  http://")
        .hasMessageContaining("status 404");
    assertThat(folder).isEmptyDirectory();
  }

  @Test
  void aServerThatIsNotThereIsAReason() {
    server.stop(0);
    DownloadException found =
        catchThrowableOfType(DownloadException.class, () -> from("/good/").into(folder));
    assertThat(found.reasons()).singleElement().asString().contains("ConnectException");
    assertThat(folder).isEmptyDirectory();
  }

  @Test
  void aFailureLeavesTheFileThatWasThere() throws IOException {
    Files.write(folder.resolve("file"), new byte[] {1});
    assertThatThrownBy(() -> from("/cut/").into(folder)).isInstanceOf(DownloadException.class);
    assertThat(folder.resolve("file")).hasBinaryContent(new byte[] {1});
  }

  @Test
  void anInterruptedThreadStopsAndStaysInterrupted() {
    Thread.currentThread().interrupt();
    assertThatThrownBy(() -> from("/slow/", "/good/").into(folder))
        .isInstanceOf(UncheckedIOException.class)
        .hasRootCauseInstanceOf(InterruptedException.class);
    assertThat(Thread.interrupted()).isTrue();
    assertThat(folder).isEmptyDirectory();
  }
}
