package dev.ladera.backend.cpu;

/**
 * Packs lanes that are contiguous in depth, a block of as many steps of depth at a time as a vector
 * has lanes.
 *
 * @param <A> {@code float[]} or {@code double[]}
 */
@FunctionalInterface
interface Transpose<A> {
  /**
   * Writes {@code panel[to + p * width + i] = source[from + i * laneStride + p]} for {@code p <
   * depth} and all lanes {@code i} that it was made for.
   *
   * @param depth a multiple of the lanes of a vector
   */
  void run(A source, int from, int laneStride, int depth, A panel, int to, int width);
}
