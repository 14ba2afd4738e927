package dev.ladera.backend.cpu;

import dev.ladera.DType;

/**
 * A value in {@link LaneCode} that is being written, with its operations as methods, so that a
 * function reads like arithmetic. Numbers next to it are of its type.
 */
final class Lane {
  private final LaneCode.Builder code;
  private final int place;

  Lane(LaneCode.Builder code, int place) {
    this.code = code;
    this.place = place;
  }

  int place() {
    return place;
  }

  DType type() {
    return code.type(place);
  }

  /** Whether the numbers are float32 rather than float64, or integers as wide. */
  boolean isSingle() {
    return type().bytes() == Float.BYTES;
  }

  Precision precision() {
    return isSingle() ? Precision.SINGLE : Precision.DOUBLE;
  }

  /** A constant of this type. */
  Lane number(double value) {
    return new Lane(code, code.constant(value, type()));
  }

  private Lane apply(LaneOp op) {
    return new Lane(code, code.apply(op, place));
  }

  private Lane apply(LaneOp op, Lane other) {
    return new Lane(code, code.apply(op, place, other.place));
  }

  Lane add(Lane other) {
    return apply(LaneOp.ADD, other);
  }

  Lane add(double other) {
    return add(number(other));
  }

  Lane sub(Lane other) {
    return apply(LaneOp.SUB, other);
  }

  Lane sub(double other) {
    return sub(number(other));
  }

  Lane mul(Lane other) {
    return apply(LaneOp.MUL, other);
  }

  Lane mul(double other) {
    return mul(number(other));
  }

  Lane div(Lane other) {
    return apply(LaneOp.DIV, other);
  }

  Lane abs() {
    return apply(LaneOp.ABS);
  }

  Lane neg() {
    return apply(LaneOp.NEG);
  }

  /** this · factor + addend, rounded once. */
  Lane fma(Lane factor, Lane addend) {
    return new Lane(code, code.apply(LaneOp.FMA, place, factor.place, addend.place));
  }

  Lane fma(double factor, Lane addend) {
    return fma(number(factor), addend);
  }

  Lane fma(Lane factor, double addend) {
    return fma(factor, number(addend));
  }

  Lane fma(double factor, double addend) {
    return fma(number(factor), number(addend));
  }

  /** c₀ + c₁·this + c₂·this² + …, by Horner's rule. */
  Lane polynomial(double... coefficients) {
    Lane sum = number(coefficients[coefficients.length - 1]);
    for (int i = coefficients.length - 2; i >= 0; i--) {
      sum = sum.fma(this, coefficients[i]);
    }
    return sum;
  }

  /** Whether this is less than a number; false for NaN. */
  Lane lt(double other) {
    return apply(LaneOp.LT, number(other));
  }

  /** Whether this is greater than a number; false for NaN. */
  Lane gt(double other) {
    return apply(LaneOp.GT, number(other));
  }

  Lane eq(double other) {
    return apply(LaneOp.EQ, number(other));
  }

  /** {@code yes} where this condition holds, {@code no} elsewhere. */
  Lane choose(Lane yes, Lane no) {
    return new Lane(code, code.apply(LaneOp.SELECT, place, yes.place, no.place));
  }

  /** {@code yes} where this condition holds, {@code no} elsewhere. */
  Lane choose(double yes, Lane no) {
    return choose(no.number(yes), no);
  }

  /** The bits of this floating number, as an integer. */
  Lane bits() {
    return new Lane(code, code.reinterpret(place, isSingle() ? DType.INT32 : DType.INT64));
  }

  /** The floating number that has these bits. */
  Lane asNumber() {
    return new Lane(code, code.reinterpret(place, isSingle() ? DType.FLOAT32 : DType.FLOAT64));
  }

  Lane shiftLeft(int distance) {
    return apply(LaneOp.SHIFT_LEFT, number(distance));
  }

  /** Zeros come in. */
  Lane shiftRight(int distance) {
    return apply(LaneOp.SHIFT_RIGHT_UNSIGNED, number(distance));
  }

  Lane and(Lane other) {
    return apply(LaneOp.AND, other);
  }

  Lane or(Lane other) {
    return apply(LaneOp.OR, other);
  }

  /** This number, whose sign bit is 0, with the sign of another. */
  Lane withSignOf(Lane other) {
    Lane sign = other.bits().and(other.number(-0.0).bits());
    return bits().or(sign).asNumber();
  }
}
