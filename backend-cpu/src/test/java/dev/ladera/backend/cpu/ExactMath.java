package dev.ladera.backend.cpu;

import java.math.BigDecimal;
import java.math.MathContext;

/** Functions of decimal numbers to some fifty digits, slowly: what others are measured by. */
final class ExactMath {
  private static final MathContext DIGITS = new MathContext(70);
  private static final BigDecimal ENOUGH = new BigDecimal("1e-60");
  private static final int HALVINGS = 20;
  private static final BigDecimal PI =
      new BigDecimal(
          "3.14159265358979323846264338327950288419716939937510582097494459230781640629");

  private ExactMath() {}

  static BigDecimal exp(BigDecimal x) {
    BigDecimal small = x.divide(BigDecimal.valueOf(1L << HALVINGS), DIGITS);
    BigDecimal sum = BigDecimal.ONE;
    BigDecimal term = BigDecimal.ONE;
    for (int i = 1; term.abs().compareTo(ENOUGH) > 0; i++) {
      term = term.multiply(small).divide(BigDecimal.valueOf(i), DIGITS);
      sum = sum.add(term, DIGITS);
    }
    for (int i = 0; i < HALVINGS; i++) {
      sum = sum.multiply(sum, DIGITS);
    }
    return sum;
  }

  static BigDecimal expm1(BigDecimal x) {
    return exp(x).subtract(BigDecimal.ONE);
  }

  /** By Newton's iteration from what float64 has, which is right to 15 digits. */
  static BigDecimal log(BigDecimal x) {
    // Numbers near 1 and subnormal ones keep their digits in these two steps.
    BigDecimal y = new BigDecimal(Math.log(x.doubleValue()));
    for (int i = 0; i < 2; i++) {
      BigDecimal power = exp(y);
      BigDecimal error = x.subtract(power).divide(x.add(power), DIGITS);
      y = y.add(error.multiply(BigDecimal.TWO));
    }
    return y.round(DIGITS);
  }

  static BigDecimal log1p(BigDecimal x) {
    return log(x.add(BigDecimal.ONE));
  }

  static BigDecimal sinh(BigDecimal x) {
    return exp(x).subtract(exp(x.negate())).divide(BigDecimal.TWO, DIGITS);
  }

  static BigDecimal cosh(BigDecimal x) {
    return exp(x).add(exp(x.negate())).divide(BigDecimal.TWO, DIGITS);
  }

  static BigDecimal tanh(BigDecimal x) {
    BigDecimal power = expm1(x.multiply(BigDecimal.TWO));
    return power.divide(power.add(BigDecimal.TWO), DIGITS);
  }

  static BigDecimal sigmoid(BigDecimal x) {
    return BigDecimal.ONE.divide(exp(x.negate()).add(BigDecimal.ONE), DIGITS);
  }

  /** 2/√π e^(−x²) (x + 2/3 x³ + 4/15 x⁵ + …), whose terms do not cancel. */
  static BigDecimal erf(BigDecimal x) {
    BigDecimal square = x.multiply(x);
    BigDecimal sum = x;
    BigDecimal term = x;
    for (int i = 1; term.abs().compareTo(ENOUGH) > 0; i++) {
      term =
          term.multiply(square)
              .multiply(BigDecimal.TWO)
              .divide(BigDecimal.valueOf(2 * i + 1), DIGITS);
      sum = sum.add(term, DIGITS);
    }
    BigDecimal factor = BigDecimal.TWO.divide(PI.sqrt(DIGITS), DIGITS);
    return sum.multiply(factor).multiply(exp(square.negate()), DIGITS);
  }
}
