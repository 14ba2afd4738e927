package dev.ladera.backend.cpu;

/** Single elements of {@code float[]} and {@code double[]}. */
final class Reals {
  private Reals() {}

  static double get(Object array, int i) {
    return array instanceof float[] floats ? floats[i] : ((double[]) array)[i];
  }

  /** Sets an element, rounded to the array's type. */
  static void set(Object array, int i, double value) {
    if (array instanceof float[] floats) {
      floats[i] = (float) value;
    } else {
      ((double[]) array)[i] = value;
    }
  }
}
