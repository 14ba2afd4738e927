package dev.ladera.testkit.conformance;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.function.Executable;
import org.opentest4j.TestAbortedException;

/**
 * What a backend is known to fail, from a text resource: a line {@code id: reason} each, and lines
 * that begin with {@code #}.
 */
final class ExpectedFailures {
  private final Map<String, String> reasons = new LinkedHashMap<>();

  private ExpectedFailures() {}

  /** Reads the resource that stands next to a class; nothing is expected where there is none. */
  static ExpectedFailures nextTo(Class<?> test, String resource) {
    try (InputStream in = test.getResourceAsStream(resource)) {
      return parse(in == null ? "" : new String(in.readAllBytes(), StandardCharsets.UTF_8));
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  static ExpectedFailures parse(String text) {
    ExpectedFailures failures = new ExpectedFailures();
    for (String line : text.lines().map(String::strip).toList()) {
      if (line.isEmpty() || line.startsWith("#")) {
        continue;
      }
      int colon = line.indexOf(": ");
      if (colon < 0) {
        throw new IllegalArgumentException("an expected failure needs 'id: reason', not: " + line);
      }
      String id = line.substring(0, colon);
      if (failures.reasons.put(id, line.substring(colon + 2)) != null) {
        throw new IllegalArgumentException("an expected failure stands twice: " + id);
      }
    }
    return failures;
  }

  /**
   * The check's body, its failures naming it; for a listed check, one that is aborted if the body
   * fails and fails if not.
   */
  Executable guard(Check check) {
    String reason = reasons.get(check.id());
    if (reason == null) {
      return () -> {
        try {
          check.body().execute();
        } catch (TestAbortedException skipped) {
          throw skipped;
        } catch (AssertionError | RuntimeException failure) {
          throw new AssertionError(check.id() + ": " + failure.getMessage(), failure);
        }
      };
    }
    return () -> {
      try {
        check.body().execute();
      } catch (Throwable failure) {
        throw new TestAbortedException("expected to fail: " + reason, failure);
      }
      throw new AssertionError(
          "expected to fail, but passes; take its line out of the expected failures: "
              + check.id());
    };
  }

  /** Fails if a line names no check. */
  void areAllAmong(Stream<String> ids) {
    TreeSet<String> unknown = new TreeSet<>(reasons.keySet());
    unknown.removeAll(ids.collect(Collectors.toSet()));
    if (!unknown.isEmpty()) {
      throw new AssertionError("expected failures that name no check: " + unknown);
    }
  }
}
