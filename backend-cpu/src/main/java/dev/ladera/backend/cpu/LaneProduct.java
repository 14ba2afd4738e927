package dev.ladera.backend.cpu;

/**
 * The innermost loop of {@link LaneWeightGradient}: for some rows of the output's gradient and some
 * taps, each lane's sum of their products over positions.
 *
 * @param <A> {@code float[]} or {@code double[]}
 */
interface LaneProduct<A> {
  /** The rows it takes at once. */
  int rows();

  /** The taps it takes at once. */
  int taps();

  /** The lanes that it does. */
  int lanes();

  /**
   * Adds, for position {@code p < count}, row {@code i} and tap {@code t}, {@code g[gAt + i *
   * gStride + p * IMAGES] * x[xAt + places[p] + tapPlaces[firstTap + t]]} to {@code sums[sumsAt + i
   * * sumsStride + t * IMAGES]}, lane by lane, by fused multiply-adds in the order of p.
   */
  void run(
      int count,
      A g,
      int gAt,
      int gStride,
      A x,
      int xAt,
      int[] places,
      int[] tapPlaces,
      int firstTap,
      A sums,
      int sumsAt,
      int sumsStride);
}
