package dev.ladera;

import java.nio.file.Path;

/** A file whose bytes are not what its format says. */
public final class FileFormatException extends LaderaException {
  private static final long serialVersionUID = 1L;

  private final transient Path path;
  private final long offset;

  /**
   * Makes an exception.
   *
   * @param operation what was being read, such as {@code safetensors}
   * @param path the file
   * @param offset the place in the file, in bytes from its beginning, or in lines for text
   * @param detail what was expected and what was found
   */
  public FileFormatException(String operation, Path path, long offset, String detail) {
    super(operation, path + " at " + offset + ": " + detail);
    this.path = path;
    this.offset = offset;
  }

  /** The file. */
  public Path path() {
    return path;
  }

  /** The place in the file. */
  public long offset() {
    return offset;
  }
}
