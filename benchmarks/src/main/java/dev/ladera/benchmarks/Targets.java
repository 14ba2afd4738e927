package dev.ladera.benchmarks;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The speeds that Ladera means to keep against PyTorch on the processor. */
final class Targets {
  static final String PEER = "pytorch";

  private static final String RATIO = "ratio";

  /**
   * One floor.
   *
   * @param ratio PyTorch's time by Ladera's must not be below it
   * @param share nor, on one thread, the share of the machine's arithmetic; 0 asks for none
   */
  record Target(String benchmark, double ratio, double share) {}

  /**
   * How a target was met.
   *
   * @param what the ratio or the share
   * @param sure whether the noise could not have changed the answer
   */
  record Verdict(
      String benchmark,
      int threads,
      String what,
      double floor,
      double reached,
      boolean held,
      boolean sure) {}

  private Targets() {}

  static List<Target> all() {
    return List.of(
        ratio("matmul/64", 1.5),
        ratio("matmul/128", 1.5),
        ratio("matmul/256", 1.7),
        new Target("matmul/512", 1.8, 0.85),
        new Target("matmul/1024", 1.8, 0.85),
        new Target("matmul/2048", 1.8, 0.85),
        new Target("matmulRightT/512", 1.8, 0.85),
        new Target("matmulRightT/1024", 1.8, 0.85),
        new Target("matmulRightT/2048", 1.8, 0.85),
        new Target("matmulLeftT/512", 1.8, 0.85),
        new Target("matmulLeftT/1024", 1.8, 0.85),
        new Target("matmulLeftT/2048", 1.8, 0.85),
        ratio("matmulRightT/mlp-forward", 1.5),
        ratio("matmul/mlp-input-gradient", 1.5),
        ratio("matmulLeftT/mlp-weight-gradient", 1.5),
        ratio("conv/3x3-64", 0.95),
        ratio("conv/3x3-128", 0.95),
        ratio("conv/3x3-256", 0.95),
        ratio("convGradient/3x3-64", 1.0),
        ratio("convGradient/3x3-128", 1.0),
        ratio("convGradient/3x3-256", 1.0),
        ratio("convGradient/lenet-1", 2.5),
        ratio("convGradient/lenet-2", 2.5),
        ratio("add/1", 2.5),
        ratio("add/1000000", 1.0),
        ratio("add/10000000", 2.5),
        ratio("exp/1000000", 4),
        ratio("tanh/1000000", 4),
        ratio("gelu/1000000", 4),
        ratio("sum/1000x1000", 1.0),
        ratio("softmax/1024x1024", 2),
        ratio("layerNorm/1024x1024", 1.5),
        ratio("adam/10000000", 1.5),
        ratio("mlpSgd/64", 2),
        ratio("mlpAdam/64", 2),
        ratio("lenetSgd/64", 2.5),
        ratio("encoderSgd/16x128x256", 1.5));
  }

  private static Target ratio(String benchmark, double floor) {
    return new Target(benchmark, floor, 0);
  }

  static Set<String> benchmarks() {
    return all().stream().map(Target::benchmark).collect(Collectors.toSet());
  }

  /** What a report says of the targets that it measured. */
  static List<Verdict> verdicts(Report report) {
    return all().stream()
        .flatMap(target ->
            report.rows().stream()
                .filter(row -> row.name().equals(target.benchmark()))
                .flatMap(row -> {
                  Optional<Verdict> ratio =
                      row.against(PEER)
                          .map(versus ->
                              verdict(row, RATIO, target.ratio(), versus.ratio(), versus.noise()));
                  Optional<Verdict> share =
                      Optional.ofNullable(row.rate())
                          .filter(_ -> target.share() > 0 && row.threads() == 1)
                          .map(rate ->
                              verdict(
                                  row,
                                  "of ceiling",
                                  target.share(),
                                  rate.share(),
                                  row.ours().noise()));
                  return Stream.concat(ratio.stream(), share.stream());
                }))
        .toList();
  }

  private static Verdict verdict(
      Report.Row row, String what, double floor, double reached, double noise) {
    return new Verdict(
        row.name(),
        row.threads(),
        what,
        floor,
        reached,
        reached >= floor,
        Math.abs(reached / floor - 1) > noise);
  }

  /** Whether every target was measured on each number of threads, and holds. */
  static boolean held(List<Verdict> verdicts, List<Benchmark> measured, int threadCounts) {
    long ratios = verdicts.stream().filter(verdict -> verdict.what().equals(RATIO)).count();
    return ratios == (long) measured.size() * threadCounts
        && verdicts.stream().allMatch(Verdict::held);
  }

  static String text(List<Verdict> verdicts) {
    TextTable table = new TextTable("target", "threads", "what", "floor", "reached", "");
    for (Verdict verdict : verdicts) {
      table.row(
          verdict.benchmark(),
          Integer.toString(verdict.threads()),
          verdict.what(),
          Units.digits(verdict.floor()),
          Units.digits(verdict.reached()),
          (verdict.held() ? "held  " : "missed") + (verdict.sure() ? " " : "~"));
    }
    long held = verdicts.stream().filter(Verdict::held).count();
    return table
        + Units.format(
            "%d of %d held; ~ marks what lies within the noise%n", held, verdicts.size());
  }
}
