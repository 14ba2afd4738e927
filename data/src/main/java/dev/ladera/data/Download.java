package dev.ladera.data;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Fetches files of known contents into a folder. What stands under a file's own name is always
 * whole: a file arrives under another name, is checked, and is then moved in one step.
 *
 * @param operation named in errors
 * @param mirrors addresses of folders, ending in a slash, in the order of trying
 * @param checksums SHA-256 in hexadecimal, by file name
 * @param advice what a user can do when no mirror answers
 * @param patience how long a mirror may take for a file
 */
record Download(
    String operation,
    List<URI> mirrors,
    Map<String, String> checksums,
    String advice,
    Duration patience) {
  private static final int OK = 200;
  private static final Duration CONNECTING = Duration.ofSeconds(30);

  /**
   * Fetches what is missing from a folder, or differs.
   *
   * @throws DownloadException if no mirror has a file
   * @throws UncheckedIOException if the folder cannot be written
   */
  void into(Path folder) {
    try (HttpClient client =
        HttpClient.newBuilder()
            .followRedirects(HttpClient.Redirect.NORMAL)
            .connectTimeout(CONNECTING)
            .build()) {
      Files.createDirectories(folder);
      for (Map.Entry<String, String> entry : checksums.entrySet()) {
        Path file = folder.resolve(entry.getKey());
        if (!Files.exists(file) || !checksum(file).equals(entry.getValue())) {
          fetch(client, file, entry.getValue());
        }
      }
    } catch (IOException failed) {
      throw new UncheckedIOException(operation + ": " + folder + " cannot be written", failed);
    }
  }

  private void fetch(HttpClient client, Path file, String expected) throws IOException {
    String name = file.getFileName().toString();
    // Of this thread alone: others may be fetching into the same folder.
    Path part =
        file.resolveSibling(
            "%s.%d-%d.part"
                .formatted(name, ProcessHandle.current().pid(), Thread.currentThread().threadId()));
    List<String> reasons = new ArrayList<>();
    try {
      for (URI mirror : mirrors) {
        URI address = mirror.resolve(name);
        String reason = receive(client, address, part, expected);
        if (reason.isEmpty()) {
          Files.move(
              part, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
          return;
        }
        reasons.add(address + ": " + reason);
      }
    } finally {
      Files.deleteIfExists(part);
    }
    throw new DownloadException(operation, name, reasons, advice);
  }

  /** Why the file could not be had from an address; empty if it is there and right. */
  private String receive(HttpClient client, URI address, Path part, String expected)
      throws IOException {
    CompletableFuture<HttpResponse<Path>> answer =
        client.sendAsync(
            HttpRequest.newBuilder(address).build(),
            head ->
                head.statusCode() == OK
                    ? HttpResponse.BodySubscribers.ofFile(
                        part,
                        StandardOpenOption.CREATE,
                        StandardOpenOption.TRUNCATE_EXISTING,
                        StandardOpenOption.WRITE)
                    : HttpResponse.BodySubscribers.replacing(part));
    try {
      HttpResponse<Path> response = answer.get(patience.toMillis(), TimeUnit.MILLISECONDS);
      if (response.statusCode() != OK) {
        return "the server answers with status " + response.statusCode();
      }
      String found = checksum(part);
      return found.equals(expected)
          ? ""
          : "the file is another one: its SHA-256 is " + found + ", not " + expected;
    } catch (ExecutionException failed) {
      return String.valueOf(failed.getCause());
    } catch (TimeoutException late) {
      return "the file was not whole after " + patience.toSeconds() + " seconds";
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      InterruptedIOException stopped =
          new InterruptedIOException("the thread was interrupted while it fetched " + address);
      stopped.initCause(interrupted);
      throw stopped;
    } finally {
      answer.cancel(true);
    }
  }

  private static String checksum(Path file) throws IOException {
    MessageDigest digest = sha256();
    try (OutputStream out = new DigestOutputStream(OutputStream.nullOutputStream(), digest)) {
      Files.copy(file, out);
    }
    return HexFormat.of().formatHex(digest.digest());
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException impossible) {
      throw new AssertionError("every Java platform has SHA-256", impossible);
    }
  }
}
