package dev.ladera.op;

/** The scalar functions of two arguments that expressions are made of. */
public enum BinaryOp {
  /** a + b; integers wrap around. */
  ADD(Kind.NUMERIC),
  /** a − b. */
  SUB(Kind.NUMERIC),
  /** a · b. */
  MUL(Kind.NUMERIC),
  /** The true quotient, a floating number also for integers. */
  DIV(Kind.FLOATING),
  /** ⌊a / b⌋; an integer divided by zero gives 0, as in NumPy. */
  FLOOR_DIV(Kind.NUMERIC),
  /** a − b⌊a / b⌋: the sign is b's, as in Python; an integer modulo zero gives 0. */
  REMAINDER(Kind.NUMERIC),
  /** a − b·trunc(a / b): the sign is a's, as in C; an integer modulo zero gives 0. */
  FMOD(Kind.NUMERIC),
  /** aᵇ; for integers a negative exponent gives 0, or ±1 for bases of ±1. */
  POW(Kind.NUMERIC),
  /** The larger; NaN if one is NaN. */
  MAX(Kind.NUMERIC),
  /** The smaller; NaN if one is NaN. */
  MIN(Kind.NUMERIC),
  /** The angle of the point (b, a), in radians from −π to π. */
  ATAN2(Kind.FLOATING),
  /** a = b. */
  EQ(Kind.COMPARISON),
  /** a ≠ b. */
  NE(Kind.COMPARISON),
  /** a &lt; b. */
  LT(Kind.COMPARISON),
  /** a ≤ b. */
  LE(Kind.COMPARISON),
  /** a &gt; b. */
  GT(Kind.COMPARISON),
  /** a ≥ b. */
  GE(Kind.COMPARISON),
  /** Logical and for bool, bitwise for integers. */
  AND(Kind.BITS),
  /** Logical or for bool, bitwise for integers. */
  OR(Kind.BITS),
  /** Logical exclusive or for bool, bitwise for integers. */
  XOR(Kind.BITS),
  /** a · 2ᵇ of integers; the distance is taken modulo the width in bits. */
  SHIFT_LEFT(Kind.BITS),
  /** a shifted right with zeros coming in. */
  SHIFT_RIGHT_UNSIGNED(Kind.BITS),
  /** a shifted right with its sign coming in. */
  SHIFT_RIGHT(Kind.BITS);

  /** What a function takes and answers; both arguments are promoted to one type first. */
  public enum Kind {
    /** Any number, answered in the promoted type. */
    NUMERIC,
    /** Floating types; integers and bool are taken as float32. */
    FLOATING,
    /** Anything, answered as bool. */
    COMPARISON,
    /** Integers and bool, answered in the promoted type. */
    BITS
  }

  private final Kind kind;

  BinaryOp(Kind kind) {
    this.kind = kind;
  }

  /** What this function takes and answers. */
  public Kind kind() {
    return kind;
  }
}
