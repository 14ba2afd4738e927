package dev.ladera.op;

import dev.ladera.DType;

/**
 * A scalar expression: what a {@link Pointwise} operator computes for every element. Built by
 * ordinary method calls, as in {@code x -> x.mul(x.softplus().tanh())}; immutable; its derivative
 * is known.
 *
 * <p>Types follow PyTorch's promotion; a plain number never widens its partner.
 */
public sealed interface Expr {

  /**
   * The value of an input tensor.
   *
   * @param index which input, from 0
   */
  record Input(int index) implements Expr {}

  /**
   * A number known when the expression is written.
   *
   * @param value its value; integers are exact up to 2⁵³
   * @param integer whether it is written as an integer, which decides how it promotes
   */
  record Constant(double value, boolean integer) implements Expr {}

  /**
   * A number that the operator brings along when it runs, so that one kernel serves all its values.
   *
   * @param index which of the operator's numbers
   * @param integer whether it is an integer
   */
  record Scalar(int index, boolean integer) implements Expr {}

  /**
   * A function of one argument.
   *
   * @param op the function
   * @param operand its argument
   */
  record Unary(UnaryOp op, Expr operand) implements Expr {}

  /**
   * A function of two arguments.
   *
   * @param op the function
   * @param left its first argument
   * @param right its second argument
   */
  record Binary(BinaryOp op, Expr left, Expr right) implements Expr {}

  /**
   * One of two values.
   *
   * @param condition a bool
   * @param yes the value where the condition holds
   * @param no the value elsewhere; the two are promoted to one type
   */
  record Select(Expr condition, Expr yes, Expr no) implements Expr {}

  /**
   * A conversion; floating to integer cuts the fraction off, anything to bool asks whether it is
   * not zero.
   *
   * @param operand the value
   * @param dtype the type to convert to
   */
  record Cast(Expr operand, DType dtype) implements Expr {}

  /** The value of the input with this index. */
  static Expr input(int index) {
    return new Input(index);
  }

  /** A plain number; {@code Integer}, {@code Long}, {@code Short} and {@code Byte} are integers. */
  static Expr of(Number value) {
    return new Constant(value.doubleValue(), isInteger(value));
  }

  /** Whether a number promotes as an integer. */
  static boolean isInteger(Number value) {
    return value instanceof Integer
        || value instanceof Long
        || value instanceof Short
        || value instanceof Byte;
  }

  /** {@code yes} where the condition holds, {@code no} elsewhere. */
  static Expr where(Expr condition, Expr yes, Expr no) {
    return new Select(condition, yes, no);
  }

  /** A function of this. */
  default Expr apply(UnaryOp op) {
    return new Unary(op, this);
  }

  /** A function of this and another. */
  default Expr apply(BinaryOp op, Expr other) {
    return new Binary(op, this, other);
  }

  /** this + other. */
  default Expr add(Expr other) {
    return apply(BinaryOp.ADD, other);
  }

  /** this + number. */
  default Expr add(Number other) {
    return add(of(other));
  }

  /** this − other. */
  default Expr sub(Expr other) {
    return apply(BinaryOp.SUB, other);
  }

  /** this − number. */
  default Expr sub(Number other) {
    return sub(of(other));
  }

  /** this · other. */
  default Expr mul(Expr other) {
    return apply(BinaryOp.MUL, other);
  }

  /** this · number. */
  default Expr mul(Number other) {
    return mul(of(other));
  }

  /** this / other, true division. */
  default Expr div(Expr other) {
    return apply(BinaryOp.DIV, other);
  }

  /** this / number. */
  default Expr div(Number other) {
    return div(of(other));
  }

  /** this to the power of other. */
  default Expr pow(Expr other) {
    return apply(BinaryOp.POW, other);
  }

  /** this to the power of a number. */
  default Expr pow(Number other) {
    return pow(of(other));
  }

  /** The larger of both. */
  default Expr max(Expr other) {
    return apply(BinaryOp.MAX, other);
  }

  /** The larger of both. */
  default Expr max(Number other) {
    return max(of(other));
  }

  /** The smaller of both. */
  default Expr min(Expr other) {
    return apply(BinaryOp.MIN, other);
  }

  /** The smaller of both. */
  default Expr min(Number other) {
    return min(of(other));
  }

  /** this = other. */
  default Expr eq(Expr other) {
    return apply(BinaryOp.EQ, other);
  }

  /** this ≠ other. */
  default Expr ne(Expr other) {
    return apply(BinaryOp.NE, other);
  }

  /** this &lt; other. */
  default Expr lt(Expr other) {
    return apply(BinaryOp.LT, other);
  }

  /** this &lt; number. */
  default Expr lt(Number other) {
    return lt(of(other));
  }

  /** this ≤ other. */
  default Expr le(Expr other) {
    return apply(BinaryOp.LE, other);
  }

  /** this ≤ number. */
  default Expr le(Number other) {
    return le(of(other));
  }

  /** this &gt; other. */
  default Expr gt(Expr other) {
    return apply(BinaryOp.GT, other);
  }

  /** this &gt; number. */
  default Expr gt(Number other) {
    return gt(of(other));
  }

  /** this ≥ other. */
  default Expr ge(Expr other) {
    return apply(BinaryOp.GE, other);
  }

  /** this ≥ number. */
  default Expr ge(Number other) {
    return ge(of(other));
  }

  /** −this. */
  default Expr neg() {
    return apply(UnaryOp.NEG);
  }

  /** |this|. */
  default Expr abs() {
    return apply(UnaryOp.ABS);
  }

  /** −1, 0 or 1. */
  default Expr sign() {
    return apply(UnaryOp.SIGN);
  }

  /** e to the power of this. */
  default Expr exp() {
    return apply(UnaryOp.EXP);
  }

  /** e to the power of this, less 1. */
  default Expr expm1() {
    return apply(UnaryOp.EXPM1);
  }

  /** The natural logarithm. */
  default Expr log() {
    return apply(UnaryOp.LOG);
  }

  /** The natural logarithm of 1 + this. */
  default Expr log1p() {
    return apply(UnaryOp.LOG1P);
  }

  /** The square root. */
  default Expr sqrt() {
    return apply(UnaryOp.SQRT);
  }

  /** 1 / √this. */
  default Expr rsqrt() {
    return apply(UnaryOp.RSQRT);
  }

  /** 1 / this. */
  default Expr reciprocal() {
    return apply(UnaryOp.RECIPROCAL);
  }

  /** this². */
  default Expr square() {
    return mul(this);
  }

  /** The sine. */
  default Expr sin() {
    return apply(UnaryOp.SIN);
  }

  /** The cosine. */
  default Expr cos() {
    return apply(UnaryOp.COS);
  }

  /** The hyperbolic tangent. */
  default Expr tanh() {
    return apply(UnaryOp.TANH);
  }

  /** 1 / (1 + e to the power of −this). */
  default Expr sigmoid() {
    return apply(UnaryOp.SIGMOID);
  }

  /** The error function. */
  default Expr erf() {
    return apply(UnaryOp.ERF);
  }

  /** max(this, 0), with derivative 0 at 0. */
  default Expr relu() {
    return where(le(0), of(0), this);
  }

  /** log(1 + e to the power of this), without overflow. */
  default Expr softplus() {
    // Not by max(this, 0) and |this|: their corners at 0 would make the second derivative wrong.
    Expr positive = gt(0);
    return where(positive, this, of(0)).add(where(positive, neg(), this).exp().log1p());
  }

  /** Logical or bitwise complement. */
  default Expr not() {
    return apply(UnaryOp.NOT);
  }

  /** Logical or bitwise and. */
  default Expr and(Expr other) {
    return apply(BinaryOp.AND, other);
  }

  /** Logical or bitwise or. */
  default Expr or(Expr other) {
    return apply(BinaryOp.OR, other);
  }

  /** This value as another type. */
  default Expr to(DType dtype) {
    return new Cast(this, dtype);
  }
}
