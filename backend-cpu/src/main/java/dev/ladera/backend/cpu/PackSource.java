package dev.ladera.backend.cpu;

/**
 * An operand of a matrix product, which need not lie in memory as a matrix: it is only ever read by
 * copying blocks of it into packed panels.
 *
 * <p>A lane is a row of the left operand or a column of the right one; depth is the inner index.
 *
 * @param <A> {@code float[]} or {@code double[]}
 */
interface PackSource<A> {

  /**
   * Writes {@code panel[offset + p * width + i] = element(firstLane + i, firstDepth + p)} for
   * {@code i < lanes}, {@code p < depth}. What lies between {@code lanes} and {@code width} is left
   * alone.
   */
  void pack(int firstLane, int lanes, int firstDepth, int depth, int width, A panel, int offset);
}
