package dev.ladera.benchmarks;

import dev.ladera.Device;
import dev.ladera.benchmarks.TimedBackend.Tally;
import java.util.Comparator;
import java.util.List;
import java.util.Map;

/** Where the time of a benchmark goes: its kernels, and what is not in kernels. */
final class Profile {
  private static final int MOST_ROWS = 24;
  private static final long LEAST_NANOS = 2_000_000_000L;

  private Profile() {}

  /** Runs a benchmark on a device of its own over that of the session, and tells a table. */
  static String of(Benchmark benchmark, Device device, Pace pace) {
    TimedBackend timed = new TimedBackend(device.backend());
    Prepared prepared = benchmark.prepare(new Inputs(Device.of("profile", timed)));
    Loop loop = new Loop(prepared.body());
    return prepared.scope(() -> {
      loop.warmUp(pace);
      timed.clear();
      long begin = System.nanoTime();
      long calls = 0;
      long nanos;
      do {
        loop.call();
        calls++;
        nanos = System.nanoTime() - begin;
      } while (nanos < LEAST_NANOS);
      return table(benchmark.name(), timed.tallies(), calls, nanos);
    });
  }

  private static String table(String name, Map<String, Tally> tallies, long calls, long nanos) {
    TextTable table = new TextTable(name, "calls", "time", "share");
    long inKernels = tallies.values().stream().mapToLong(Tally::nanos).sum();
    List<Map.Entry<String, Tally>> rows =
        tallies.entrySet().stream()
            .sorted(Comparator.comparingLong(entry -> -entry.getValue().nanos()))
            .toList();
    long shown = 0;
    for (Map.Entry<String, Tally> entry : rows.subList(0, Math.min(MOST_ROWS, rows.size()))) {
      Tally tally = entry.getValue();
      shown += tally.nanos();
      String each = Units.format("%.3g", (double) tally.calls() / calls);
      table.row(row(entry.getKey(), each, tally.nanos(), calls, nanos));
    }
    table.row(row("smaller ones", "", inKernels - shown, calls, nanos));
    table.row(row("dispatch, gradients' graph, clocks", "", nanos - inKernels, calls, nanos));
    table.row(row("all", "", nanos, calls, nanos));
    return table.toString();
  }

  private static List<String> row(String name, String each, long part, long calls, long nanos) {
    return List.of(
        name,
        each,
        Units.nanos((double) part / calls),
        Units.format("%.1f %%", 100.0 * part / nanos));
  }
}
