package dev.ladera.io;

import dev.ladera.FileFormatException;
import java.nio.file.Path;

/**
 * Where the bytes of an npy array come from, for errors.
 *
 * @param operation {@code npy} or {@code npz}
 * @param path the file
 * @param entry what precedes the detail: nothing for an npy file, the entry's name for an archive
 */
record NpySource(String operation, Path path, String entry) {

  static NpySource file(Path path) {
    return new NpySource("npy", path, "");
  }

  static NpySource entry(Path archive, String name) {
    return new NpySource("npz", archive, "entry '" + name + "': ");
  }

  /** An error at a place in the file or, in an archive, in the entry. */
  FileFormatException error(long offset, String detail) {
    return new FileFormatException(operation, path, offset, entry + detail);
  }
}
