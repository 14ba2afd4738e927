package dev.ladera.examples;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;

/** Where the data and traces lie that are not part of the project. */
final class Shared {
  private Shared() {}

  /** The folder; the test is skipped where it is not there. */
  static Path folder() {
    Path folder = Path.of(System.getProperty("ladera.shared", "../../shared"));
    assumeTrue(Files.isDirectory(folder), "no folder " + folder + " with data and golden traces");
    return folder;
  }
}
