package dev.ladera.backend.cpu;

/**
 * Copies lanes that are neighbours into several panels.
 *
 * @param <A> {@code float[]} or {@code double[]}
 */
@FunctionalInterface
interface RunCopy<A> {
  /**
   * Writes {@code packed[to + (q * depth + p) * width + i] = source[from + p * depthStride + q *
   * width + i]} for {@code q < panels}, {@code p < depth} and {@code i < width}, the width being
   * what it was made for.
   */
  void run(A source, int from, int depthStride, int panels, int depth, A packed, int to);
}
