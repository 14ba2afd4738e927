package dev.ladera.backend.cpu;

/**
 * The exponential function and its relatives.
 *
 * <p>All begin alike. Let n be the integer nearest x / ln 2 and r = x − n ln 2, so that |r| is at
 * most ln 2 / 2 and eˣ = 2ⁿ eʳ. Adding 1.5·2²³ (1.5·2⁵² in float64) rounds to n and leaves n in the
 * low bits of the sum, from where it is shifted into the exponent of 2ⁿ: no conversion to integers,
 * which not all vectors have. ln 2 is taken in two parts, of which fused multiply-adds lose
 * nothing. eʳ − 1 is r + r² q(r), where q is a polynomial by the Remez exchange, its coefficients
 * rounded to the type one after the other and the later ones fitted anew; the greatest error
 * relative to eʳ − 1 is 2^−30.9 in float32 (degree 5) and 2^−61.5 in float64 (degree 10).
 *
 * <p>Largest errors in units in the last place, of all float32 numbers, and of 10⁸ float64 ones:
 * exp 0.87, 0.89; expm1 1.16, 1.24; tanh 1.66, 1.63; sigmoid 1.62, 1.66; sinh 1.64, 1.62; cosh
 * 1.45, 1.46.
 *
 * <p>References: W. J. Cody, W. Waite, Software Manual for the Elementary Functions, 1980; J.-M.
 * Muller, Elementary Functions: Algorithms and Implementation, 3rd edition, 2016.
 */
final class Exponentials {
  private static final double LOG2_E = 1.4426950408889634;

  private static final double[] Q_SINGLE = {
    0.5, 0.166666657, 0.0416664779, 0.0083335666, 0.00139336905, 0.000197433023
  };
  private static final double[] Q_DOUBLE = {
    0.5,
    0.16666666666666677,
    0.04166666666666661,
    0.008333333333321468,
    0.0013888888888923816,
    0.00019841269886462928,
    2.4801587237437668e-5,
    2.7557243922652523e-6,
    2.755735306569081e-7,
    2.5109123517945946e-8,
    2.0889410405330915e-9
  };

  private final Precision precision;
  private final Lane n;

  /** x less n times the first part of ln 2: r, but for its rounding. */
  private final Lane nearlyR;

  private final Lane r;
  private final Lane q;

  /** n + offset, in the low bits. */
  private final Lane kept;

  /**
   * @param offset added to n where it is kept: the bias of exponents makes a power of 2 of it
   */
  private Exponentials(Lane x, int offset) {
    this.precision = x.precision();
    double rounder = 1.5 * precision.integers() + offset;
    Lane sum = x.fma(LOG2_E, rounder);
    this.n = sum.sub(rounder);
    this.nearlyR = n.fma(-precision.ln2, x);
    this.r = n.fma(-precision.ln2Rest, nearlyR);
    this.q = r.polynomial(x.isSingle() ? Q_SINGLE : Q_DOUBLE);
    this.kept = sum.bits();
  }

  /** 2 to the power of an integer to which the bias has been added. */
  private Lane power(Lane biased) {
    return biased.shiftLeft(precision.mantissa).asNumber();
  }

  /**
   * eˣ where it is neither 0 nor infinite. 2ⁿ is multiplied in two halves, of which the first is
   * exact and the second may round to a subnormal number.
   */
  private static Lane finite(Lane x) {
    Exponentials e = new Exponentials(x, 2 * x.precision().bias);
    Lane half = e.kept.shiftRight(1);
    Lane other = e.kept.sub(half);
    return e.r.fma(e.r.fma(e.q, 1), 1).mul(e.power(half)).mul(e.power(other));
  }

  /**
   * 2ʲ (eˣ − 1) where 2ⁿ⁺ʲ is neither subnormal nor infinite. The large parts are added without the
   * rounding of r, the small ones last.
   */
  private static Lane lessOne(Lane x, int j) {
    Exponentials e = new Exponentials(x, x.precision().bias + j);
    Lane power = e.power(e.kept);
    Lane large = power.fma(e.nearlyR, power.sub(Math.scalb(1.0, j)));
    Lane small = e.r.mul(e.r).fma(e.q, e.n.mul(-e.precision.ln2Rest));
    return power.fma(small, large);
  }

  /** 2ʲ eˣ where 2ⁿ⁺ʲ is neither subnormal nor infinite. */
  static Lane scaled(Lane x, int j) {
    Exponentials e = new Exponentials(x, x.precision().bias + j);
    Lane power = e.power(e.kept);
    return power.fma(e.r.mul(e.r).fma(e.q, e.r), power);
  }

  /** eˣ. */
  static Lane exp(Lane x) {
    Lane bounded = vanishing(x).choose(0, finite(x));
    return x.gt(x.isSingle() ? 89 : 710).choose(Double.POSITIVE_INFINITY, bounded);
  }

  /** Whether eˣ is less than half the least number. */
  private static Lane vanishing(Lane x) {
    return x.lt(x.isSingle() ? -104 : -746);
  }

  /** eˣ − 1, by way of its half: 2ⁿ may be infinite where eˣ is not. */
  static Lane expm1(Lane x) {
    Lane half = lessOne(x, -1);
    Lane bounded = x.lt(x.isSingle() ? -20 : -40).choose(-1, half.add(half));
    Lane value = x.gt(x.isSingle() ? 89 : 710).choose(Double.POSITIVE_INFINITY, bounded);
    return x.abs().lt(x.precision().halfUnit()).choose(x, value);
  }

  /**
   * tanh x = a / (a + 2) with a = e^(2|x|) − 1. Where a is small, a/2 − a/2 · a / (a + 2) is less
   * sensitive to how the quotient is rounded. From 20 on, tanh x rounds to 1.
   */
  static Lane tanh(Lane x) {
    Lane twice = x.abs().mul(2);
    Lane a = lessOne(twice.gt(40).choose(40, twice), 0);
    Lane negative = a.div(x.number(-2).sub(a));
    Lane half = a.mul(0.5);
    return a.lt(1).choose(half.fma(negative, half), negative.neg()).withSignOf(x);
  }

  /**
   * 1 / (1 + e⁻ˣ) from a = e^−|x|, which is never infinite: a − a · a / (1 + a) where x is
   * negative, 1 − a / (1 + a) elsewhere.
   */
  static Lane sigmoid(Lane x) {
    Lane size = x.abs().neg();
    Lane a = vanishing(size).choose(0, finite(size));
    Lane negative = a.div(x.number(-1).sub(a));
    Lane base = x.lt(0).choose(a, x.number(1));
    return base.fma(negative, base);
  }

  /**
   * sinh x = 2 (a + ¼ a / (a + ¼)) with a = (e^|x| − 1) / 4; where a is small, 2 (2a − a · a / (a +
   * ¼)).
   */
  static Lane sinh(Lane x) {
    Lane a = lessOne(x.abs(), -2);
    Lane negative = a.div(x.number(-0.25).sub(a));
    Lane half = a.lt(0.25).choose(a.fma(negative, a.add(a)), negative.fma(-0.25, a));
    Lane value = doubled(half, x).withSignOf(x);
    return x.abs().lt(x.isSingle() ? 0x1p-12 : 0x1p-26).choose(x, value);
  }

  /** cosh x = 2 (a + 1 / 16a) with a = e^|x| / 4. */
  static Lane cosh(Lane x) {
    Lane a = scaled(x.abs(), -2);
    return doubled(a.add(x.number(0.0625).div(a)), x);
  }

  private static Lane doubled(Lane half, Lane x) {
    Lane tooLarge = x.abs().gt(x.isSingle() ? 89.5 : 710.6);
    return tooLarge.choose(Double.POSITIVE_INFINITY, half.add(half));
  }
}
