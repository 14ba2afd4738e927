package dev.ladera.benchmarks;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Properties;
import java.util.stream.Stream;

/**
 * Where and when a run was made, and with what.
 *
 * @param commit of the sources, as the starting script tells it by {@code -Dladera.commit}
 * @param cpu the processor's model
 * @param load how many programs wanted to run just before, on average; negative if not known
 */
record Machine(
    String version,
    String commit,
    String java,
    String system,
    String cpu,
    int processors,
    String date,
    double load) {
  private static final String UNKNOWN = "unknown";
  private static final double BUSY = 0.5;

  static Machine here() {
    return new Machine(
        ladera(),
        System.getProperty("ladera.commit", UNKNOWN),
        System.getProperty("java.vendor") + " " + Runtime.version(),
        Stream.of("os.name", "os.version", "os.arch")
            .map(System::getProperty)
            .reduce((left, right) -> left + " " + right)
            .orElse(UNKNOWN),
        processor(Path.of("/proc/cpuinfo")),
        Runtime.getRuntime().availableProcessors(),
        Instant.now().truncatedTo(ChronoUnit.SECONDS).toString(),
        ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage());
  }

  /** All of it, for the head of a report. */
  String text() {
    return Units.format("Ladera %s, commit %s, %s%n", version, commit, date)
        + Units.format("%s; %d processors: %s; %s%n", java, processors, cpu, system)
        + (busy()
            ? Units.format(
                "the machine was busy before the run, with a load of %.1f: trust no figure%n", load)
            : "");
  }

  /** Whether others had enough of the machine to spoil the figures. */
  boolean busy() {
    return load > BUSY * processors;
  }

  private static String ladera() {
    Properties build = new Properties();
    try (InputStream in = Machine.class.getResourceAsStream("build.properties")) {
      if (in != null) {
        build.load(in);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read build.properties", e);
    }
    return build.getProperty("version", UNKNOWN);
  }

  /** The processor's name by Linux; elsewhere the system has no file that tells it. */
  static String processor(Path info) {
    if (!Files.isReadable(info)) {
      return UNKNOWN;
    }
    try (Stream<String> lines = Files.lines(info)) {
      return lines
          .filter(line -> line.startsWith("model name"))
          .map(line -> line.substring(line.indexOf(':') + 1).strip())
          .findFirst()
          .orElse(UNKNOWN);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read " + info, e);
    }
  }
}
