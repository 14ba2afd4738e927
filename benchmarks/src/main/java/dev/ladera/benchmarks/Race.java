package dev.ladera.benchmarks;

import dev.ladera.Device;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * One benchmark: Ladera, the peers and the machine's ceiling take turns, round after round, and are
 * compared within each round. So what disturbs the machine for a while disturbs all of them.
 */
final class Race {
  /** How the reason begins why a peer that computes something else has no figures. */
  static final String OTHER = "other result";

  private static final String OURS = "ladera";
  private static final String CEILING = "ceiling";

  private final Device device;
  private final int threads;
  private final List<Peer> peers;
  private final Ceilings ceilings;
  private final Pace pace;

  Race(Device device, int threads, List<Peer> peers, Ceilings ceilings, Pace pace) {
    this.device = device;
    this.threads = threads;
    this.peers = peers;
    this.ceilings = ceilings;
    this.pace = pace;
  }

  /** Runs a benchmark. */
  Report.Row run(Benchmark benchmark) {
    Prepared prepared = benchmark.prepare(new Inputs(device));
    List<Double> check = Check.of(prepared);
    Loop loop = new Loop(prepared.body(), device::synchronize);
    prepared.scope(() -> {
      loop.warmUp(pace);
      return loop;
    });
    Map<String, Supplier<List<Double>>> contestants = new LinkedHashMap<>();
    contestants.put(OURS, () -> prepared.scope(loop::turn));
    Map<String, String> skipped = new TreeMap<>();
    for (Peer peer : peers) {
      try {
        String other = Check.difference(check, peer.prepare(benchmark), prepared.recording());
        if (other.isEmpty()) {
          peer.warmUp(pace);
          contestants.put(peer.name(), peer::turn);
        } else {
          skipped.put(peer.name(), OTHER + ": " + other);
        }
      } catch (PeerException e) {
        skipped.put(peer.name(), String.valueOf(e.getMessage()));
      }
    }
    Ceilings.Ceiling ceiling = ceilings.of(benchmark.work(), pace);
    if (ceiling != null) {
      contestants.put(CEILING, ceiling.loop()::turn);
    }
    Map<String, List<List<Double>>> turns = rounds(contestants, skipped);
    double bytes = prepared.scope(loop::bytesPerCall);
    List<List<Double>> ours = Objects.requireNonNull(turns.remove(OURS));
    List<List<Double>> most = turns.remove(CEILING);
    Map<String, Report.Versus> versus = new TreeMap<>();
    turns.forEach((name, its) -> versus.put(name, versus(ours, its)));
    return new Report.Row(
        benchmark.name(),
        benchmark.group(),
        benchmark.sizes(),
        threads,
        timing(ours),
        bytes,
        rate(benchmark.work(), ours, ceiling, most),
        versus,
        skipped);
  }

  private Map<String, List<List<Double>>> rounds(
      Map<String, Supplier<List<Double>>> contestants, Map<String, String> skipped) {
    Map<String, List<List<Double>>> turns = new HashMap<>();
    long begin = System.nanoTime();
    for (int round = 0; round < pace.rounds(); round++) {
      if (round >= pace.leastRounds() && (System.nanoTime() - begin) * 1e-9 > pace.most()) {
        break;
      }
      Iterator<Map.Entry<String, Supplier<List<Double>>>> all = contestants.entrySet().iterator();
      while (all.hasNext()) {
        Map.Entry<String, Supplier<List<Double>>> one = all.next();
        try {
          turns.computeIfAbsent(one.getKey(), _ -> new ArrayList<>()).add(one.getValue().get());
        } catch (PeerException e) {
          skipped.put(one.getKey(), String.valueOf(e.getMessage()));
          turns.remove(one.getKey());
          all.remove();
        }
      }
    }
    return turns;
  }

  private static Timing timing(List<List<Double>> turns) {
    return Timing.of(turns.stream().flatMap(List::stream).toList());
  }

  /** Their time by ours, round by round. */
  private static Timing ratios(List<List<Double>> ours, List<List<Double>> theirs) {
    List<Double> ratios = new ArrayList<>();
    for (int round = 0; round < ours.size(); round++) {
      ratios.add(Timing.median(theirs.get(round)) / Timing.median(ours.get(round)));
    }
    return Timing.of(ratios);
  }

  private static Report.Versus versus(List<List<Double>> ours, List<List<Double>> theirs) {
    Timing ratios = ratios(ours, theirs);
    return new Report.Versus(timing(theirs), ratios.median(), ratios.noise());
  }

  private static Report.@Nullable Rate rate(
      Work work,
      List<List<Double>> ours,
      Ceilings.@Nullable Ceiling ceiling,
      @Nullable List<List<Double>> most) {
    if (ceiling == null || most == null) {
      return null;
    }
    // Amounts a nanosecond are billions a second.
    double share = ratios(ours, most).median() * work.amount() / ceiling.amount();
    return new Report.Rate(
        work.kind().unit(),
        work.amount() / timing(ours).median(),
        ceiling.amount() / timing(most).median(),
        share);
  }
}
