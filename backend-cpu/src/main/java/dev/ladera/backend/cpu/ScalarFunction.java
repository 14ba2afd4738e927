package dev.ladera.backend.cpu;

/**
 * A function of Java's own numbers that has been generated. It has the one method of these that
 * fits its operands.
 */
interface ScalarFunction {
  /** The value in float32. */
  default float of(float x) {
    throw new UnsupportedOperationException("not a function of a float");
  }

  /** The value in float64. */
  default double of(double x) {
    throw new UnsupportedOperationException("not a function of a double");
  }
}
