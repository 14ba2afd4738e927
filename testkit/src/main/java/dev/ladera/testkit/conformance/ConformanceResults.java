package dev.ladera.testkit.conformance;

import dev.ladera.Device;
import dev.ladera.testkit.conformance.Check.Subject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.function.Executable;
import org.opentest4j.TestAbortedException;

/**
 * What the suite found on one device, as a text file: a first line {@code suite}, the version of
 * the table of operations, and the kind of device; then a line for each operation, of family,
 * operation, way and {@code aspect=outcome}s, with tabs between.
 */
final class ConformanceResults {
  /** From the best to the worst. */
  enum Outcome {
    PASSED,
    EXPECTED,
    FAILED
  }

  private static final Path TARGET = Path.of("target");

  private final Map<Subject, Outcome> outcomes = new ConcurrentHashMap<>();
  private final Set<String> run = ConcurrentHashMap.newKeySet();

  /** The executable of a check, whose outcome is noted. */
  Executable noting(Check check, Executable guarded) {
    return () -> {
      Outcome outcome = Outcome.FAILED;
      try {
        guarded.execute();
        outcome = Outcome.PASSED;
      } catch (TestAbortedException failure) {
        outcome = Outcome.EXPECTED;
        throw failure;
      } finally {
        run.add(check.id());
        if (check.subject() != null) {
          outcomes.merge(check.subject(), outcome, (a, b) -> a.compareTo(b) > 0 ? a : b);
        }
      }
    };
  }

  /**
   * Which table of operations results are of: those of another one say nothing of this one.
   *
   * <p>Of the names of the checks that make it, so that it is the same in each build.
   */
  static String suite() {
    String all =
        CheckGroup.all(Runs.REFERENCE)
            .map(Check::id)
            .filter(id -> !id.startsWith("gradients/"))
            .sorted()
            .collect(Collectors.joining("\n"));
    return Integer.toHexString(all.hashCode());
  }

  /** Whether all checks that the table shows have run, not a selection. */
  private boolean areComplete(Device device) {
    Set<String> missing = new HashSet<>();
    CheckGroup.all(device)
        .filter(check -> check.subject() != null && !check.subject().aspect().equals(Check.OTHER))
        .forEach(check -> missing.add(check.id()));
    missing.removeAll(run);
    return missing.isEmpty();
  }

  /** Writes the file, if all has run and a build by Maven is going on. */
  void write(Device device) {
    if (!Files.isDirectory(TARGET) || !areComplete(device)) {
      return;
    }
    List<String> lines = new ArrayList<>();
    lines.add("suite\t" + suite() + "\t" + device.type());
    OperatorCases.families()
        .forEach((family, cases) -> {
          for (OperatorCase line : cases) {
            lines.add(
                family
                    + "\t"
                    + line.operation()
                    + "\t"
                    + KernelRecorder.way(line, device)
                    + "\t"
                    + outcomes(line.operation()));
          }
        });
    try {
      Path folder = Files.createDirectories(TARGET.resolve("conformance"));
      Files.write(folder.resolve(device.type() + ".txt"), lines);
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  /** The outcomes of an operation, as the file has them. */
  String outcomes(String operation) {
    Map<String, Outcome> aspects = new TreeMap<>();
    outcomes.forEach((subject, outcome) -> {
      if (subject.operation().equals(operation)) {
        aspects.put(subject.aspect(), outcome);
      }
    });
    return aspects.entrySet().stream()
        .map(aspect -> aspect.getKey() + "=" + aspect.getValue())
        .collect(Collectors.joining("\t"));
  }
}
