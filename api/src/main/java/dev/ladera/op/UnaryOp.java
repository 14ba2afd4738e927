package dev.ladera.op;

/**
 * The scalar functions of one argument that expressions are made of. NaN and infinities follow IEEE
 * 754 and the C library.
 */
public enum UnaryOp {
  /** −x. */
  NEG(Kind.NUMERIC),
  /** |x|. */
  ABS(Kind.NUMERIC),
  /** −1, 0 or 1; NaN stays NaN, as do signed zeros. */
  SIGN(Kind.NUMERIC),
  /** The largest integer not above x. */
  FLOOR(Kind.NUMERIC),
  /** The smallest integer not below x. */
  CEIL(Kind.NUMERIC),
  /** The nearest integer; halves go to the even one. */
  ROUND(Kind.NUMERIC),
  /** x without its fraction. */
  TRUNC(Kind.NUMERIC),
  /** eˣ. */
  EXP(Kind.FLOATING),
  /** eˣ − 1, exact near 0. */
  EXPM1(Kind.FLOATING),
  /** The natural logarithm. */
  LOG(Kind.FLOATING),
  /** log(1 + x), exact near 0. */
  LOG1P(Kind.FLOATING),
  /** The square root. */
  SQRT(Kind.FLOATING),
  /** 1 / √x. */
  RSQRT(Kind.FLOATING),
  /** 1 / x. */
  RECIPROCAL(Kind.FLOATING),
  /** The sine of radians. */
  SIN(Kind.FLOATING),
  /** The cosine of radians. */
  COS(Kind.FLOATING),
  /** The tangent of radians. */
  TAN(Kind.FLOATING),
  /** The inverse sine, in radians. */
  ASIN(Kind.FLOATING),
  /** The inverse cosine, in radians. */
  ACOS(Kind.FLOATING),
  /** The inverse tangent, in radians. */
  ATAN(Kind.FLOATING),
  /** The hyperbolic sine. */
  SINH(Kind.FLOATING),
  /** The hyperbolic cosine. */
  COSH(Kind.FLOATING),
  /** The hyperbolic tangent. */
  TANH(Kind.FLOATING),
  /** 1 / (1 + e⁻ˣ). */
  SIGMOID(Kind.FLOATING),
  /** The error function, 2/√π ∫₀ˣ e^(−t²) dt. */
  ERF(Kind.FLOATING),
  /** Whether x is NaN; bool. */
  IS_NAN(Kind.TEST),
  /** Logical not for bool, bitwise complement for integers. */
  NOT(Kind.BITS);

  /** What a function takes and answers. */
  public enum Kind {
    /** Any number, answered in the same type; integers stay integers. */
    NUMERIC,
    /** Floating types; integers and bool are taken as float32. */
    FLOATING,
    /** Floating types, answered as bool. */
    TEST,
    /** Integers and bool, answered in the same type. */
    BITS
  }

  private final Kind kind;

  UnaryOp(Kind kind) {
    this.kind = kind;
  }

  /** What this function takes and answers. */
  public Kind kind() {
    return kind;
  }
}
