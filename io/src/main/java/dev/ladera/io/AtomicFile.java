package dev.ladera.io;

import dev.ladera.ArgumentException;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.UUID;

/**
 * Replaces a file as a whole: readers find the old contents or the new, never a part, even if the
 * process is killed while it writes.
 *
 * <p>The bytes go to a temporary file in the same folder, are forced to the disk, and take the
 * target's name in one step (where the file system has no atomic move, by a plain replacing move).
 * If anything fails, the temporary file is deleted and the target is as it was. A process that is
 * killed leaves its temporary file, named {@code TARGET.….tmp}, behind. A target that is a symbolic
 * link stays one: the file that it leads to is replaced.
 */
public final class AtomicFile {
  private static final String OPERATION = "write";

  /** What writes the contents. */
  @FunctionalInterface
  public interface Body {
    /**
     * Writes the whole contents.
     *
     * @param out buffered; may be closed or left open
     * @throws IOException if that fails
     */
    void write(OutputStream out) throws IOException;
  }

  private AtomicFile() {}

  /**
   * Writes a file, in place of one of that name if there is one.
   *
   * @param target the file; its folder must exist, and is not made
   * @param body writes the contents; what it throws is thrown on, and the target stays as it was
   * @throws ArgumentException if the folder does not exist, or the target is something other than a
   *     plain file
   * @throws UncheckedIOException if writing fails; the message names the target
   */
  public static void write(Path target, Body body) {
    try {
      replace(destination(target), body);
    } catch (IOException failure) {
      throw Failures.io(OPERATION, target, failure);
    }
  }

  /** The absolute path behind symbolic links. */
  private static Path destination(Path target) throws IOException {
    Path absolute = target.toAbsolutePath();
    Path folder = absolute.getParent();
    if (folder == null || Files.isDirectory(absolute)) {
      throw new ArgumentException(OPERATION, "target", absolute + " is a folder; name a file");
    }
    if (!Files.isDirectory(folder)) {
      throw new ArgumentException(
          OPERATION,
          "target",
          absolute + " is in a folder that does not exist; make " + folder + " first");
    }
    if (!Files.exists(absolute)) {
      return absolute;
    }
    if (!Files.isRegularFile(absolute)) {
      throw new ArgumentException(
          OPERATION, "target", absolute + " is no plain file and cannot be replaced");
    }
    return absolute.toRealPath();
  }

  private static void replace(Path destination, Body body) throws IOException {
    Path temporary =
        destination.resolveSibling(destination.getFileName() + "." + UUID.randomUUID() + ".tmp");
    try {
      fill(temporary, body);
      move(temporary, destination);
    } catch (Throwable failure) {
      try {
        Files.deleteIfExists(temporary);
      } catch (IOException left) {
        failure.addSuppressed(left);
      }
      throw failure;
    }
  }

  private static void fill(Path temporary, Body body) throws IOException {
    try (FileChannel channel =
        FileChannel.open(temporary, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
      OutputStream out = new KeptOpen(Channels.newOutputStream(channel));
      body.write(out);
      out.flush();
      channel.force(true);
    }
  }

  private static void move(Path temporary, Path destination) throws IOException {
    try {
      Files.move(
          temporary,
          destination,
          StandardCopyOption.ATOMIC_MOVE,
          StandardCopyOption.REPLACE_EXISTING);
    } catch (AtomicMoveNotSupportedException notHere) {
      Files.move(temporary, destination, StandardCopyOption.REPLACE_EXISTING);
    }
  }

  /** A body may close its stream, but the channel must be forced before it is closed. */
  private static final class KeptOpen extends BufferedOutputStream {
    KeptOpen(OutputStream out) {
      super(out, 1 << 16);
    }

    @Override
    public void close() throws IOException {
      flush();
    }
  }
}
