package dev.ladera.backend.cpu;

/** The maxima of a row of windows of two by two elements, a vector of them at a time. */
interface PairMaximum {
  /** The outputs in a vector. */
  int lanes();

  /** How many outputs are written where so many are asked for: whole vectors. */
  default int reach(int count) {
    return (count + lanes() - 1) / lanes() * lanes();
  }

  /**
   * Writes {@link #reach} maxima and their places, those beyond {@code count} being of no use.
   *
   * @param from the first element of the upper row
   * @param columns the distance of the lower row
   * @param firstPlace the place of the first element in its plane
   */
  void run(
      float[] input,
      int from,
      int columns,
      int count,
      float[] output,
      int to,
      long[] places,
      int placesTo,
      int firstPlace);
}
