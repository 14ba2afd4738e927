package dev.ladera.backend.cpu;

/** A generated loop that joins elements at even distances to one. */
interface ReduceLoop {
  /** How many chains a loop keeps; the same on every machine, since it decides the bits of sums. */
  int CHAINS = 32;

  /**
   * Joins elements: element i belongs to chain {@code i mod CHAINS} as long as all chains have one;
   * chains are then joined in halves, and the left-over elements at last.
   *
   * @param in the array of elements
   * @param at the first one
   * @param stride their distance
   * @param count how many, at least 1
   * @param out the array to write to
   * @param outAt where to
   */
  void run(Object in, int at, int stride, int count, Object out, int outAt);
}
