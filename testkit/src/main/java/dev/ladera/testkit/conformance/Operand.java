package dev.ladera.testkit.conformance;

import dev.ladera.DType;
import dev.ladera.Shape;
import org.jspecify.annotations.Nullable;

/**
 * What an input of a sample looks like: values are drawn evenly from a domain, the same each time.
 * Where gradients are checked, no value of the domain may be within a thousandth of a kink.
 *
 * @param shape its shape
 * @param dtype its type where it has one of its own, such as indices; null where the check chooses
 * @param low the least value
 * @param high the largest value, inclusive for integers
 */
public record Operand(Shape shape, @Nullable DType dtype, double low, double high) {
  /** Values from −2 to 2. */
  public static Operand of(int... sizes) {
    return new Operand(Shape.of(sizes), null, -2, 2);
  }

  /** Values of a domain. */
  public static Operand within(double low, double high, int... sizes) {
    return new Operand(Shape.of(sizes), null, low, high);
  }

  /** Indices from 0 to bound − 1. */
  public static Operand index(int bound, int... sizes) {
    return new Operand(Shape.of(sizes), DType.INT64, 0, bound - 1);
  }

  /** Truth values. */
  public static Operand mask(int... sizes) {
    return new Operand(Shape.of(sizes), DType.BOOL, 0, 1);
  }

  /** The same values as a fixed type. */
  public Operand as(DType fixed) {
    return new Operand(shape, fixed, low, high);
  }

  /** The same values in another shape. */
  Operand shaped(Shape other) {
    return new Operand(other, dtype, low, high);
  }

  /** The type it has when another is asked for. */
  DType dtypeWhen(DType asked) {
    return dtype == null ? asked : dtype;
  }
}
