package dev.ladera.benchmarks;

import java.util.List;

/**
 * Times of a call, in nanoseconds.
 *
 * @param noise half the distance of the quartiles, as a share of the median
 * @param samples how many batches it is made of
 */
record Timing(double median, double min, double p90, double noise, int samples) {
  static Timing of(List<Double> nanos) {
    List<Double> sorted = nanos.stream().sorted().toList();
    double median = quantile(sorted, 0.5);
    return new Timing(
        median,
        sorted.getFirst(),
        quantile(sorted, 0.9),
        (quantile(sorted, 0.75) - quantile(sorted, 0.25)) / 2 / median,
        sorted.size());
  }

  static double median(List<Double> values) {
    return quantile(values.stream().sorted().toList(), 0.5);
  }

  /** Between the two neighbours of the place, by distance. */
  private static double quantile(List<Double> sorted, double share) {
    double place = share * (sorted.size() - 1);
    int below = (int) place;
    int above = Math.min(below + 1, sorted.size() - 1);
    return sorted.get(below) + (place - below) * (sorted.get(above) - sorted.get(below));
  }
}
