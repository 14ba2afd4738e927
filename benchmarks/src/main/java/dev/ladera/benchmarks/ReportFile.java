package dev.ladera.benchmarks;

import dev.ladera.FileFormatException;
import dev.ladera.io.AtomicFile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/** Reports as JSON. */
final class ReportFile {
  private static final JsonMapper JSON =
      JsonMapper.builder()
          .enable(SerializationFeature.INDENT_OUTPUT)
          .enable(DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES)
          .build();

  private ReportFile() {}

  static void write(Report report, Path file) {
    write(JSON.writeValueAsString(report), file);
  }

  static void write(String text, Path file) {
    AtomicFile.write(file, out -> out.write(text.getBytes(StandardCharsets.UTF_8)));
  }

  static Report read(Path file) {
    try {
      return JSON.readValue(Files.readString(file), Report.class);
    } catch (JacksonException e) {
      throw new FileFormatException(
          "bench", file, 0, "is no report of bench: " + e.getOriginalMessage());
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read the report " + file + ": " + e, e);
    }
  }
}
