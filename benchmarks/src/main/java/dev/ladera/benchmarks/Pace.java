package dev.ladera.benchmarks;

/**
 * How long things are looked at.
 *
 * @param leastWarmUp seconds of calls before anything counts
 * @param mostWarmUp seconds after which calls count, though they may still become faster
 * @param rounds turns of each contestant
 * @param leastRounds turns that also slow benchmarks have
 * @param most seconds of rounds, after which a benchmark ends with fewer of them
 */
record Pace(double leastWarmUp, double mostWarmUp, int rounds, int leastRounds, double most) {
  static final Pace FULL = new Pace(2, 12, 15, 5, 20);
  static final Pace QUICK = new Pace(0.2, 1.5, 5, 3, 4);

  Pace withRounds(int count) {
    return new Pace(leastWarmUp, mostWarmUp, count, Math.min(leastRounds, count), most);
  }
}
