package dev.ladera.nn;

import java.util.List;

/**
 * A number a spatial axis of an image, as a pooling window takes it.
 *
 * @param sizes vertical and horizontal
 * @param isSquare whether it was given as one number, and prints as one
 */
record Extent(List<Integer> sizes, boolean isSquare) {
  static Extent square(String operation, String argument, int size, int least) {
    return new Extent(pair(operation, argument, size, size, least), true);
  }

  static Extent of(String operation, String argument, int vertical, int horizontal, int least) {
    return new Extent(pair(operation, argument, vertical, horizontal, least), false);
  }

  private static List<Integer> pair(
      String operation, String argument, int vertical, int horizontal, int least) {
    return List.of(
        Arguments.atLeast(operation, argument, vertical, least),
        Arguments.atLeast(operation, argument, horizontal, least));
  }

  @Override
  public String toString() {
    return isSquare ? String.valueOf(sizes.getFirst()) : PythonText.tuple(sizes);
  }
}
