package dev.ladera.backend.cpu;

/**
 * The natural logarithm, of x and of 1 + x.
 *
 * <p>The argument is 2ᵏ (1 + f) with 1 + f between √½ and √2, so its logarithm is k ln 2 + log(1 +
 * f). k and f are found in the bits: √½ is taken off before the exponent is cut, and put back
 * after. log(1 + f) is f + f² p(f), where p is a polynomial by the Remez exchange, its coefficients
 * rounded to the type one after the other and the later ones fitted anew; the greatest error
 * relative to log(1 + f) is 2^−27.8 in float32 (degree 8) and 2^−56.7 in float64 (degree 19). A
 * polynomial of f / (2 + f) would need a third of the terms, but a division, which takes longer
 * than they do. ln 2 is taken in two parts; what is small is added first.
 *
 * <p>Largest errors in units in the last place, of all float32 numbers, and of 10⁸ float64 ones:
 * log 0.88, 0.88; log1p 1.46, 1.41.
 *
 * <p>Reference: J.-M. Muller, Elementary Functions: Algorithms and Implementation, 3rd edition,
 * 2016.
 */
final class Logarithms {
  private static final double[] P_SINGLE = {
    -0.499999881,
    0.333333254,
    -0.250016004,
    0.20002003,
    -0.166087657,
    0.141811341,
    -0.132445619,
    0.12909089,
    -0.0762397423
  };
  private static final double[] P_DOUBLE = {
    -0.5000000000000003,
    0.33333333333333015,
    -0.24999999999976485,
    0.20000000000089835,
    -0.16666666671177222,
    0.14285714279013514,
    -0.12499999614168768,
    0.11111111137292178,
    -0.10000017661187681,
    0.09090926118417045,
    -0.08332868236059257,
    0.0769145950443742,
    -0.07149914097032212,
    0.06685637234569695,
    -0.06194218017820346,
    0.05660675933149109,
    -0.056807206738736814,
    0.06526447440953242,
    -0.05996338524566355,
    0.02611218150161612
  };

  private final Precision precision;

  /** The argument's bits, moved so that exponents begin at √½ times a power of 2. */
  private final Lane moved;

  /** k + bias, in the low bits. */
  private final Lane exponent;

  /** k. */
  private final Lane k;

  private Logarithms(Lane argument) {
    this.precision = argument.precision();
    this.moved = argument.bits().add(argument.number(1).bits().sub(root(argument)));
    this.exponent = moved.shiftRight(precision.mantissa);
    double integers = precision.integers();
    Lane sum = exponent.add(argument.number(integers).bits()).asNumber();
    this.k = sum.sub(integers + precision.bias);
  }

  /** The bits of √½. */
  private static Lane root(Lane type) {
    return type.number(Math.sqrt(0.5)).bits();
  }

  /** k ln 2 + log(1 + f). */
  private static Lane sum(Lane k, Lane f) {
    Precision precision = f.precision();
    Lane p = f.polynomial(f.isSingle() ? P_SINGLE : P_DOUBLE);
    Lane rest = f.mul(f).fma(p, k.mul(precision.ln2Rest));
    return k.fma(precision.ln2, f.add(rest));
  }

  /** log x; subnormal numbers are made normal before. */
  static Lane log(Lane x) {
    Precision precision = x.precision();
    Lane subnormal = x.lt(precision.leastNormal());
    Logarithms log = new Logarithms(subnormal.choose(x.mul(precision.integers()), x));
    Lane k = log.k.sub(subnormal.choose(precision.mantissa, x.number(0)));
    Lane fraction = log.moved.and(log.moved.number((1L << precision.mantissa) - 1));
    Lane f = fraction.add(root(x)).asNumber().sub(1);
    Lane value = x.lt(Double.POSITIVE_INFINITY).choose(sum(k, f), x);
    return atEdge(x, 0, value);
  }

  /**
   * log(1 + x). k is that of the rounded sum, but f = 2⁻ᵏ x + 2⁻ᵏ − 1 is not: x comes in whole.
   * Four times 2⁻ᵏ is taken, since 2⁻ᵏ may be subnormal.
   */
  static Lane log1p(Lane x) {
    Precision precision = x.precision();
    Logarithms log = new Logarithms(x.add(1));
    Lane biased = log.exponent.number(2 * precision.bias + 2).sub(log.exponent);
    Lane scale = biased.shiftLeft(precision.mantissa).asNumber();
    Lane f = x.mul(0.25).fma(scale, scale.fma(0.25, -1));
    Lane finite = x.lt(Double.POSITIVE_INFINITY).choose(sum(log.k, f), x);
    Lane value = x.abs().lt(precision.halfUnit()).choose(x, finite);
    return atEdge(x, -1, value);
  }

  /** −∞ at the least argument, NaN below. */
  private static Lane atEdge(Lane x, double least, Lane value) {
    Lane bounded = x.eq(least).choose(Double.NEGATIVE_INFINITY, value);
    return x.lt(least).choose(Double.NaN, bounded);
  }
}
