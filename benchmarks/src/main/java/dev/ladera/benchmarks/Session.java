package dev.ladera.benchmarks;

import dev.ladera.ArgumentException;
import dev.ladera.Device;
import dev.ladera.backend.cpu.CpuBackend;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A run: benchmarks, in order, on each number of threads.
 *
 * @param device Ladera's device
 * @param peers names of those to compare with
 * @param python the Python with PyTorch, where that is among them
 * @param progress hears of each benchmark when it is done
 */
record Session(
    String device,
    List<Integer> threads,
    List<String> peers,
    @Nullable Path python,
    Pace pace,
    String paceName,
    PrintWriter progress) {
  /**
   * Runs benchmarks.
   *
   * @param each is shown the report after each of them, in case the next one is the last
   */
  Report run(List<Benchmark> benchmarks, Consumer<Report> each) {
    Machine machine = Machine.here();
    Map<String, String> versions = new TreeMap<>();
    Map<String, String> absent = new TreeMap<>();
    List<Report.Row> rows = new ArrayList<>();
    for (int count : threads) {
      Device where = device(count);
      List<Peer> started = new ArrayList<>();
      try (Ceilings ceilings = new Ceilings(count, device.startsWith("cuda") ? where : null)) {
        for (String name : peers) {
          try {
            Peer peer = Peers.start(name, python, count, device);
            started.add(peer);
            versions.put(name, peer.version());
          } catch (PeerException e) {
            absent.put(name, String.valueOf(e.getMessage()));
          }
        }
        Race race = new Race(where, count, started, ceilings, pace);
        for (Benchmark benchmark : benchmarks) {
          Report.Row row = race.run(benchmark);
          rows.add(row);
          tell(row);
          each.accept(new Report(machine, device, paceName, versions, absent, rows));
        }
      } finally {
        started.forEach(Peer::close);
      }
    }
    return new Report(machine, device, paceName, versions, absent, rows);
  }

  /** Where the time of benchmarks goes, a table each. */
  String profile(List<Benchmark> benchmarks) {
    StringBuilder tables = new StringBuilder();
    for (int count : threads) {
      Device where = device(count);
      for (Benchmark benchmark : benchmarks) {
        tables.append(Profile.of(benchmark, where, pace)).append('\n');
      }
    }
    return tables.toString();
  }

  /**
   * A cpu of its own for each number of threads; other devices have what they were started with,
   * and on GPUs they count for nothing.
   */
  private Device device(int count) {
    if (device.equals("cpu")) {
      return Device.of("cpu", new CpuBackend(count));
    }
    if (device.startsWith("cuda")) {
      return Device.of(device);
    }
    if (!Integer.toString(count).equals(System.getenv("OMP_NUM_THREADS"))) {
      throw new ArgumentException(
          "bench",
          "--threads",
          "cannot set the threads of "
              + device
              + "; start with OMP_NUM_THREADS="
              + count
              + " in the environment");
    }
    return Device.of(device);
  }

  private void tell(Report.Row row) {
    StringBuilder line =
        new StringBuilder(Units.format("%-34s %10s", row.name(), Units.nanos(row.ours().median())));
    row.peers()
        .forEach((name, versus) ->
            line.append(Units.format("  %s %s", Units.digits(versus.ratio()), name)));
    row.skipped().forEach((name, reason) -> line.append("  " + name + ": " + reason));
    progress.println(line);
    progress.flush();
  }
}
