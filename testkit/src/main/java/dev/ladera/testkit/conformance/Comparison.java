package dev.ladera.testkit.conformance;

import dev.ladera.DType;
import java.util.List;
import java.util.function.IntFunction;

/** Compares what devices answered. */
final class Comparison {
  private static final int SHOWN = 5;

  private Comparison() {}

  /** Fails with what differs and where, if an output is further away than the tolerance. */
  static void close(
      String what, List<HostValue> actual, List<HostValue> expected, Tolerance tolerance) {
    close(what, actual, expected, tolerance, i -> "[" + i + "]");
  }

  /**
   * Fails with what differs and where.
   *
   * @param place what to say of a place
   */
  static void close(
      String what,
      List<HostValue> actual,
      List<HostValue> expected,
      Tolerance tolerance,
      IntFunction<Object> place) {
    if (actual.size() != expected.size()) {
      throw new AssertionError(
          what + ": " + actual.size() + " outputs; expected " + expected.size());
    }
    for (int i = 0; i < actual.size(); i++) {
      String output = actual.size() == 1 ? what : what + ", output " + i;
      close(output, actual.get(i), expected.get(i), tolerance, place);
    }
  }

  private static void close(
      String what,
      HostValue actual,
      HostValue expected,
      Tolerance tolerance,
      IntFunction<Object> place) {
    if (actual.dtype() != expected.dtype() || !actual.shape().equals(expected.shape())) {
      throw new AssertionError(what + ": " + type(actual) + "; expected " + type(expected));
    }
    int count = (int) expected.shape().elements();
    double largest = tolerance.ofLargest() ? largest(expected, count) : 0;
    StringBuilder differences = new StringBuilder();
    int different = 0;
    for (int i = 0; i < count; i++) {
      if (!accepts(actual, expected, i, tolerance, largest) && different++ < SHOWN) {
        differences
            .append("\n  ")
            .append(place.apply(i))
            .append(": ")
            .append(actual.text(i))
            .append("; expected ")
            .append(expected.text(i));
      }
    }
    if (different > 0) {
      throw new AssertionError(
          what
              + ": "
              + different
              + " of "
              + count
              + " elements of "
              + type(expected)
              + " differ"
              + (tolerance.isExact() ? "" : " by more than " + tolerance)
              + differences);
    }
  }

  private static String type(HostValue value) {
    return value.dtype() + " " + value.shape();
  }

  private static boolean accepts(
      HostValue actual, HostValue expected, int at, Tolerance tolerance, double largest) {
    DType dtype = expected.dtype();
    return dtype.isFloating()
        ? tolerance.accepts(actual.getDouble(at), expected.getDouble(at), largest, dtype)
        : actual.getLong(at) == expected.getLong(at);
  }

  private static double largest(HostValue value, int count) {
    double largest = 0;
    for (int i = 0; i < count; i++) {
      double size = Math.abs(value.getDouble(i));
      if (size > largest && size < Double.POSITIVE_INFINITY) {
        largest = size;
      }
    }
    return largest;
  }
}
