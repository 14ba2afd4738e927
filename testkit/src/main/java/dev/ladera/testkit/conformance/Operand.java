package dev.ladera.testkit.conformance;

import dev.ladera.DType;
import dev.ladera.Shape;
import org.jspecify.annotations.Nullable;

/**
 * What an input of a sample looks like.
 *
 * @param shape its shape
 * @param dtype its type where it has one of its own, such as indices; null where the check chooses
 * @param low the least value
 * @param high the largest value, inclusive for integers
 */
record Operand(Shape shape, @Nullable DType dtype, double low, double high) {
  /** Values from −2 to 2. */
  static Operand of(int... sizes) {
    return new Operand(Shape.of(sizes), null, -2, 2);
  }

  /** Values of a domain. */
  static Operand within(double low, double high, int... sizes) {
    return new Operand(Shape.of(sizes), null, low, high);
  }

  /** Indices from 0 to bound − 1. */
  static Operand index(int bound, int... sizes) {
    return new Operand(Shape.of(sizes), DType.INT64, 0, bound - 1);
  }

  /** Truth values. */
  static Operand mask(int... sizes) {
    return new Operand(Shape.of(sizes), DType.BOOL, 0, 1);
  }

  /** The same values as a fixed type. */
  Operand as(DType fixed) {
    return new Operand(shape, fixed, low, high);
  }

  /** The type it has when another is asked for. */
  DType dtypeWhen(DType asked) {
    return dtype == null ? asked : dtype;
  }
}
