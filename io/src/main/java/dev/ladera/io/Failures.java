package dev.ladera.io;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/** Puts failures of the file system into words. */
final class Failures {
  private Failures() {}

  /** An unchecked exception that names the operation, the file, and the reason. */
  static UncheckedIOException io(String operation, Path path, IOException failure) {
    String reason =
        switch (failure) {
          case NoSuchFileException _ -> "there is no such file";
          case AccessDeniedException _ -> "access is denied";
          default -> failure.getMessage();
        };
    return new UncheckedIOException(operation + ": " + path + ": " + reason, failure);
  }
}
