package dev.ladera.backend.cpu;

/**
 * The error function.
 *
 * <p>Up to 1, erf x = x + x p(x²), where p is a polynomial. From there to where erf is 1 but for
 * less than half a unit, erf x = 1 − e^g(x − 1), where g is a polynomial for the logarithm of 1 −
 * erf: a smooth function, for which few terms do, and which need not be exact where 1 − erf is
 * small. Both are by the Remez exchange, their coefficients rounded to the type one after the other
 * and the later ones fitted anew; the greatest errors are 2^−29.3 and 2^−26.9 in float32 (degrees 6
 * and 6), 2^−56 and 2^−56.9 in float64 (degrees 11 and 17).
 *
 * <p>Largest errors in units in the last place, of all float32 numbers, and of 10⁸ float64 ones: 1,
 * 1.01.
 */
final class ErrorFunction {
  private static final double[] NEAR_SINGLE = {
    0.128379166,
    -0.37612626,
    0.112835832,
    -0.0268536918,
    0.00518807443,
    -0.000800788926,
    7.84617296e-5
  };
  private static final double[] NEAR_DOUBLE = {
    0.12837916709551256,
    -0.3761263890318346,
    0.11283791670942668,
    -0.026866170642933233,
    0.005223977604950287,
    -0.0008548325882412903,
    0.00012055292365198985,
    -1.4924691750578217e-5,
    1.6446904026844638e-6,
    -1.6204730221784322e-7,
    1.3704693350700071e-8,
    -7.768607728735329e-10
  };
  private static final double[] FAR_SINGLE = {
    -1.84960556,
    -2.63896537,
    -0.84313041,
    -0.0414612219,
    0.00983268861,
    -0.00178756972,
    0.000176291374
  };
  private static final double[] FAR_DOUBLE = {
    -1.8496055099332482,
    -2.638967514234782,
    -0.8431072563592075,
    -0.04156109802819945,
    0.010033825205501397,
    -0.0019779013542567917,
    0.0002373169173267447,
    2.6295159595272854e-5,
    -2.7196954323822757e-5,
    9.668835123797767e-6,
    -2.129583681126715e-6,
    2.0319987641595723e-7,
    5.88214132397961e-8,
    -3.368541643126377e-8,
    8.593758512542862e-9,
    -1.331798572943929e-9,
    1.2060526477621255e-10,
    -4.922989803338364e-12
  };

  private ErrorFunction() {}

  static Lane erf(Lane x) {
    boolean single = x.isSingle();
    double last = single ? 3.95 : 5.95;
    Lane size = x.abs();
    Lane near = size.fma(size.mul(size).polynomial(single ? NEAR_SINGLE : NEAR_DOUBLE), size);
    Lane bounded = size.gt(last).choose(last, size);
    Lane exponent = bounded.sub(1).polynomial(single ? FAR_SINGLE : FAR_DOUBLE);
    Lane far = x.number(1).sub(Exponentials.scaled(exponent, 0));
    return size.lt(1).choose(near, far).withSignOf(x);
  }
}
