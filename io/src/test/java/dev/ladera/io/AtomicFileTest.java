package dev.ladera.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.ladera.ArgumentException;
import java.io.IOException;
import java.io.OutputStreamWriter;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AtomicFileTest {
  @TempDir private Path folder = Path.of("");

  private static void write(Path target, String text) {
    AtomicFile.write(target, out -> out.write(text.getBytes(StandardCharsets.UTF_8)));
  }

  private void assertOnly(String... names) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      assertThat(files.map(file -> file.getFileName().toString())).containsExactlyInAnyOrder(names);
    }
  }

  @Test
  void aFileIsMadeAndReplaced() throws IOException {
    Path target = folder.resolve("a.txt");
    write(target, "old and long");
    assertThat(target).hasContent("old and long");
    write(target, "new");
    assertThat(target).hasContent("new");
    assertOnly("a.txt");
  }

  @Test
  void aNameWithoutAFolderIsInTheWorkingFolder() throws IOException {
    Path target = Path.of("atomic-file-test.txt");
    try {
      write(target, "here");
      assertThat(target).hasContent("here");
    } finally {
      Files.deleteIfExists(target);
    }
  }

  @Test
  void theBodyMayCloseItsStream() {
    Path target = folder.resolve("a.txt");
    AtomicFile.write(
        target,
        out -> {
          try (Writer writer = new OutputStreamWriter(out, StandardCharsets.UTF_8)) {
            writer.write("closed");
          }
        });
    assertThat(target).hasContent("closed");
  }

  @Test
  void aFailureLeavesTheOldFileAndNothingElse() throws IOException {
    Path target = folder.resolve("a.txt");
    write(target, "old");
    assertThatExceptionOfType(UncheckedIOException.class)
        .isThrownBy(() ->
            AtomicFile.write(
                target,
                out -> {
                  out.write(new byte[100_000]);
                  throw new IOException("the disk is full");
                }))
        .withMessage("write: " + target + ": the disk is full");
    assertThatExceptionOfType(ArithmeticException.class)
        .isThrownBy(() ->
            AtomicFile.write(
                target,
                _ -> {
                  throw new ArithmeticException("of the body");
                }))
        .withMessage("of the body");
    assertThat(target).hasContent("old");
    assertOnly("a.txt");
  }

  @Test
  void aFolderThatIsMissingIsNamedAndNotMade() {
    Path target = folder.resolve("missing").resolve("a.txt");
    assertThatExceptionOfType(ArgumentException.class)
        .isThrownBy(() -> write(target, "x"))
        .withMessageContaining("make " + target.getParent() + " first");
    assertThat(target.getParent()).doesNotExist();
  }

  @Test
  void aFolderIsNoTarget() {
    assertThatExceptionOfType(ArgumentException.class)
        .isThrownBy(() -> write(folder, "x"))
        .withMessageContaining("is a folder");
    assertThatExceptionOfType(ArgumentException.class)
        .isThrownBy(() -> write(Path.of("/"), "x"))
        .withMessageContaining("is a folder");
  }

  @Test
  void whatIsNoPlainFileIsNoTarget() throws IOException {
    Path socket = folder.resolve("socket");
    try (ServerSocketChannel channel = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
      channel.bind(UnixDomainSocketAddress.of(socket));
      assertThatExceptionOfType(ArgumentException.class)
          .isThrownBy(() -> write(socket, "x"))
          .withMessageContaining("is no plain file");
    }
    assertOnly("socket");
  }

  @Test
  void aLinkStaysALink() throws IOException {
    Path real = folder.resolve("real.txt");
    write(real, "old");
    Path link = Files.createSymbolicLink(folder.resolve("link.txt"), real);
    write(link, "new");
    assertThat(Files.isSymbolicLink(link)).isTrue();
    assertThat(real).hasContent("new");
  }

  @Test
  void otherFileSystemsThanTheDefaultAreWritten() throws IOException {
    Path archive = folder.resolve("a.zip");
    try (FileSystem zip = FileSystems.newFileSystem(archive, Map.of("create", "true"))) {
      write(zip.getPath("/a.txt"), "old");
      write(zip.getPath("/a.txt"), "new");
      assertThat(Files.readString(zip.getPath("/a.txt"))).isEqualTo("new");
    }
  }
}
