package dev.ladera.testkit.conformance;

import dev.ladera.DType;

/**
 * How far a floating value may be from the reference's, which was computed in float64: so many
 * units in the last place of the element type. Integers and bool must be equal.
 *
 * @param units how many
 * @param ofLargest whether units of the tensor's largest element are meant, as for sums whose terms
 *     cancel, rather than of the value itself
 */
public record Tolerance(double units, boolean ofLargest) {
  /** The same bits, but that any NaN is as good as another. */
  public static final Tolerance EXACT = new Tolerance(0, false);

  /** So many units in the last place of the value. */
  public static Tolerance units(double units) {
    return new Tolerance(units, false);
  }

  /** So many units in the last place of the tensor's largest element, and at least of 1. */
  public static Tolerance unitsOfLargest(double units) {
    return new Tolerance(units, true);
  }

  boolean isExact() {
    return units == 0;
  }

  /** Whether a value will do. */
  boolean accepts(double actual, double expected, double largest, DType dtype) {
    if (Double.isNaN(expected)) {
      return Double.isNaN(actual);
    }
    if (isExact()) {
      return Double.doubleToRawLongBits(actual) == Double.doubleToRawLongBits(expected);
    }
    if (actual == expected) {
      return true;
    }
    double scale = ofLargest ? Math.max(1, Math.max(largest, Math.abs(expected))) : expected;
    double unit = dtype == DType.FLOAT32 ? Math.ulp((float) scale) : Math.ulp(scale);
    // Negated, so that NaN is refused; infinities are only equal to themselves.
    return !Double.isInfinite(actual)
        && !Double.isInfinite(expected)
        && Math.abs(actual - expected) <= units * unit;
  }
}
