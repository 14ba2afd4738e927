package dev.ladera.backend.cpu;

/**
 * What one instruction of {@link LaneCode} does. Every one is exact or correctly rounded, and the
 * same bits whether plain Java or a vector instruction does it: that is what makes generated scalar
 * and vector loops interchangeable.
 */
enum LaneOp {
  ADD(2),
  SUB(2),
  MUL(2),
  /** Of floating types. */
  DIV(2),
  NEG(1),
  ABS(1),
  /** Of floating types. */
  SQRT(1),
  /** NaN if one is NaN; −0 is less than 0. */
  MIN(2),
  /** NaN if one is NaN; −0 is less than 0. */
  MAX(2),
  /** a · b + c, rounded once. */
  FMA(3),
  /** Of integers and bool. */
  AND(2),
  /** Of integers and bool. */
  OR(2),
  /** Of integers and bool. */
  XOR(2),
  /** Of integers and bool. */
  NOT(1),
  SHIFT_LEFT(2),
  SHIFT_RIGHT(2),
  SHIFT_RIGHT_UNSIGNED(2),
  EQ(2),
  NE(2),
  LT(2),
  LE(2),
  GT(2),
  GE(2),
  /** b where a holds, c elsewhere. */
  SELECT(3),
  /** The bits of a floating value as the integer of the same width, or the reverse. */
  REINTERPRET(1),
  /** Java's conversion to the instruction's type; from bool, 0 or 1. Never to bool. */
  CONVERT(1);

  private final int operands;

  LaneOp(int operands) {
    this.operands = operands;
  }

  /** How many operands it has. */
  int operands() {
    return operands;
  }

  /** Whether the result is bool and the operands are numbers. */
  boolean isComparison() {
    return ordinal() >= EQ.ordinal() && ordinal() <= GE.ordinal();
  }
}
