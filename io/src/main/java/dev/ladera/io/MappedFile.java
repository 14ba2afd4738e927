package dev.ladera.io;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.function.Function;

/** Lends the bytes of a whole file, mapped to memory, and unmaps them afterwards. */
final class MappedFile {
  private MappedFile() {}

  /**
   * What a function makes of a file's bytes.
   *
   * @param operation named in the error
   * @param reader must not keep the segment
   * @throws java.io.UncheckedIOException if the file cannot be read; the message names it
   */
  static <T> T read(String operation, Path path, Function<MemorySegment, T> reader) {
    try (Arena arena = Arena.ofConfined();
        FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
      return reader.apply(channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size(), arena));
    } catch (IOException failure) {
      throw Failures.io(operation, path, failure);
    }
  }
}
