package dev.ladera.benchmarks;

import dev.ladera.BackendException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * One training program, watched from its start to its end.
 *
 * @param firstBatch seconds from the start of the process to the end of the first batch
 * @param steadyAfter seconds from the start until batches are within a tenth of their final time
 * @param steadyBatch seconds of a batch, at last
 * @param total seconds from start to end of the process
 * @param peakBytes the most memory that it held; 0 where the system does not tell
 */
record Start(
    double firstBatch, double steadyAfter, double steadyBatch, double total, long peakBytes) {
  private static final int WINDOW = 20;
  private static final double STEADY = 1.1;
  private static final long LOOK_MILLIS = 20;

  /**
   * Runs a program that writes the time at which each batch was done to a file: microseconds since
   * 1970, a line each.
   */
  static Start watch(ProcessBuilder command, Path times) {
    try {
      Files.deleteIfExists(times);
      command.redirectOutput(ProcessBuilder.Redirect.DISCARD);
      command.redirectError(ProcessBuilder.Redirect.INHERIT);
      Instant begin = Instant.now();
      Process process = command.start();
      Path status = Path.of("/proc", Long.toString(process.pid()), "status");
      long peak = 0;
      while (!process.waitFor(LOOK_MILLIS, TimeUnit.MILLISECONDS)) {
        peak = Math.max(peak, peak(status));
      }
      double total = seconds(begin, Instant.now());
      if (process.exitValue() != 0) {
        throw new BackendException(
            "bench",
            "the training program ended with code "
                + process.exitValue()
                + ": "
                + command.command());
      }
      List<Double> ends = new ArrayList<>();
      for (String line : Files.readAllLines(times)) {
        long micros = Long.parseLong(line.strip());
        ends.add(seconds(begin, Instant.EPOCH.plus(Duration.of(micros, ChronoUnit.MICROS))));
      }
      return of(ends, total, peak);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot watch " + command.command(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while a program was watched", e);
    }
  }

  private static double seconds(Instant from, Instant to) {
    return Duration.between(from, to).toNanos() * 1e-9;
  }

  /**
   * What the batches' ends tell.
   *
   * @param ends seconds since the start of the process, one a batch
   */
  static Start of(List<Double> ends, double total, long peakBytes) {
    if (ends.size() <= WINDOW) {
      throw new IllegalArgumentException(
          ends.size() + " batches are too few to tell a steady speed");
    }
    List<Double> batches = new ArrayList<>();
    for (int i = 1; i < ends.size(); i++) {
      batches.add(ends.get(i) - ends.get(i - 1));
    }
    double steady = Timing.median(batches.subList(batches.size() / 2, batches.size()));
    int first = 0;
    while (first + WINDOW < batches.size()
        && Timing.median(batches.subList(first, first + WINDOW)) > STEADY * steady) {
      first++;
    }
    // Batch i of the list ends where batch i + 1 of the program does.
    return new Start(ends.getFirst(), ends.get(first), steady, total, peakBytes);
  }

  /** Linux's high-water mark of the resident set, in bytes; 0 where there is none, or no more. */
  static long peak(Path status) {
    try (Stream<String> lines = Files.lines(status)) {
      return lines
          .filter(line -> line.startsWith("VmHWM:"))
          .mapToLong(line -> 1024 * Long.parseLong(line.replaceAll("\\D", "")))
          .findFirst()
          .orElse(0);
    } catch (IOException | UncheckedIOException gone) {
      // The process has ended, or this is no Linux.
      return 0;
    }
  }
}
