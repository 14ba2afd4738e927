package dev.ladera.nn;

/** Orthonormal vectors on the host, for {@link Init#orthogonal}. */
final class Orthogonal {
  private Orthogonal() {}

  /**
   * Makes the rows of a matrix orthonormal by Gram and Schmidt's process, done twice: once more
   * takes off what rounding left (Giraud, Langou and Rozložník, 2005). Of normally distributed rows
   * it makes bases that are all as likely.
   */
  static void normalize(double[] rows, int count, int length) {
    for (int i = 0; i < count; i++) {
      for (int pass = 0; pass < 2; pass++) {
        for (int j = 0; j < i; j++) {
          double along = dot(rows, i * length, j * length, length);
          for (int k = 0; k < length; k++) {
            rows[i * length + k] -= along * rows[j * length + k];
          }
        }
        double size = Math.sqrt(dot(rows, i * length, i * length, length));
        for (int k = 0; k < length; k++) {
          rows[i * length + k] /= size;
        }
      }
    }
  }

  private static double dot(double[] values, int a, int b, int length) {
    double sum = 0;
    for (int k = 0; k < length; k++) {
      sum += values[a + k] * values[b + k];
    }
    return sum;
  }
}
