package dev.ladera.backend.nd4j;

import dev.ladera.Shape;

/**
 * The elements of a dense tensor as lines along one axis.
 *
 * @param outer how many elements the axes before have
 * @param size how many elements a line has
 * @param inner how many elements the axes after have
 */
record Lines(long outer, long size, long inner) {

  static Lines of(Shape shape, int axis) {
    return new Lines(
        shape.slice(0, axis).elements(),
        shape.size(axis),
        shape.slice(axis + 1, shape.rank()).elements());
  }

  /** How many lines there are. */
  long count() {
    return outer * inner;
  }

  /** The row-major place of an element of a line. */
  long place(long line, long at) {
    return (line / inner * size + at) * inner + line % inner;
  }

  /** The same lines with another number of elements each. */
  Lines with(long other) {
    return new Lines(outer, other, inner);
  }
}
