package dev.ladera.backend.cpu;

/**
 * The functions that generated scalar loops call, one for each type that has them. The float32 ones
 * compute in float64 and round, so they are right to the last bit but for ties.
 *
 * <p>{@link Math} may use instructions of the machine, but the same ones in the interpreter and in
 * compiled code, so the bits do not change while a program warms up.
 */
final class ScalarMath {

  /** erf(x) / x as a polynomial of x² up to 1: Chebyshev interpolation, relative error 2e-19. */
  private static final double[] ERF_NEAR = {
    1.1283791670955125738, -0.37612638903183748056, 0.11283791670954878666,
    -0.026866170645076793248, 0.0052239776248180144673, -0.00085483269808337899052,
    0.00012055331111642710923, -0.000014925595266831181565, 1.6461000484121368033e-6,
    -1.6350312701054695011e-7, 1.4659775274047435814e-8, -1.137284885679167367e-9,
    5.9571761477489114044e-11
  };

  /** (1 − erf(x)) · exp(x²) as a polynomial of (x − 2) / (x + 2) for x from 1 to 6. */
  private static final double[] ERF_FAR = {
    0.25539567631050574389, -0.42718584741395839526, 0.2416581942424663291,
    -0.0789785810157325263, 0.0037328924043494834936, 0.0069974617392284760557,
    -0.00084714325227522531679, -0.00098197702691626470458, 0.000043555644272098928705,
    0.00017436114311543650247, 0.000027524767363165049701, -0.000027579013119021908574,
    -0.000013961490067423969642, 1.3805842477253988023e-6, 3.7601677167193132465e-6,
    1.2559897861345693262e-6, -5.0609154386930482202e-7, -6.144477167995065622e-7,
    1.3408848717362391034e-7
  };

  /** Beyond, 1 − erf(x) is below half a last place of 1. */
  private static final double ERF_ONE = 6;

  private ScalarMath() {}

  static double sin(double x) {
    return Math.sin(x);
  }

  static double cos(double x) {
    return Math.cos(x);
  }

  static double tan(double x) {
    return Math.tan(x);
  }

  static double asin(double x) {
    return Math.asin(x);
  }

  static double acos(double x) {
    return Math.acos(x);
  }

  static double atan(double x) {
    return Math.atan(x);
  }

  static double erf(double x) {
    double size = Math.abs(x);
    if (size < 1) {
      return x * polynomial(ERF_NEAR, x * x);
    }
    if (size < ERF_ONE) {
      double tail = polynomial(ERF_FAR, (size - 2) / (size + 2)) * Math.exp(-x * x);
      return Math.copySign(1 - tail, x);
    }
    return Double.isNaN(x) ? x : Math.copySign(1, x);
  }

  private static double polynomial(double[] coefficients, double x) {
    double sum = 0;
    for (int i = coefficients.length - 1; i >= 0; i--) {
      sum = Math.fma(sum, x, coefficients[i]);
    }
    return sum;
  }

  static float sin(float x) {
    return (float) Math.sin(x);
  }

  static float cos(float x) {
    return (float) Math.cos(x);
  }

  static float tan(float x) {
    return (float) Math.tan(x);
  }

  static float asin(float x) {
    return (float) Math.asin(x);
  }

  static float acos(float x) {
    return (float) Math.acos(x);
  }

  static float atan(float x) {
    return (float) Math.atan(x);
  }

  static float erf(float x) {
    return (float) erf((double) x);
  }

  static double atan2(double y, double x) {
    return Math.atan2(y, x);
  }

  static float atan2(float y, float x) {
    return (float) Math.atan2(y, x);
  }

  /** As in C, where 1 to any power is 1, even NaN, and so is −1 to an infinite one. */
  static double pow(double base, double exponent) {
    return base == 1 || (base == -1 && Double.isInfinite(exponent)) ? 1 : Math.pow(base, exponent);
  }

  static float pow(float base, float exponent) {
    return (float) pow((double) base, (double) exponent);
  }

  static int pow(int base, int exponent) {
    return (int) pow((long) base, (long) exponent);
  }

  /** Wraps around; a negative exponent gives 0, or ±1 for bases of ±1. */
  static long pow(long base, long exponent) {
    if (exponent < 0) {
      return base == 1 ? 1 : base == -1 ? 1 - 2 * (exponent & 1) : 0;
    }
    long result = 1;
    long power = base;
    for (long left = exponent; left > 0; left >>= 1) {
      if ((left & 1) != 0) {
        result *= power;
      }
      power *= power;
    }
    return result;
  }

  /**
   * By way of the exact remainder, so that a quotient just below an integer is not rounded up; then
   * infinities answer what they do in Python.
   */
  static double floorDiv(double a, double b) {
    if (b == 0) {
      return a / b;
    }
    double remainder = a % b;
    double quotient = (a - remainder) / b;
    if (remainder != 0 && (remainder < 0) != (b < 0)) {
      quotient -= 1;
    }
    return quotient == 0 ? Math.copySign(0, a / b) : Math.rint(quotient);
  }

  static float floorDiv(float a, float b) {
    return (float) floorDiv((double) a, (double) b);
  }

  static int floorDiv(int a, int b) {
    return b == 0 ? 0 : Math.floorDiv(a, b);
  }

  static long floorDiv(long a, long b) {
    return b == 0 ? 0 : Math.floorDiv(a, b);
  }

  static double remainder(double a, double b) {
    double remainder = a % b;
    return remainder != 0 && (remainder < 0) != (b < 0) ? remainder + b : remainder;
  }

  static float remainder(float a, float b) {
    return (float) remainder((double) a, (double) b);
  }

  static int remainder(int a, int b) {
    return b == 0 ? 0 : Math.floorMod(a, b);
  }

  static long remainder(long a, long b) {
    return b == 0 ? 0 : Math.floorMod(a, b);
  }

  static double fmod(double a, double b) {
    return a % b;
  }

  static float fmod(float a, float b) {
    return a % b;
  }

  static int fmod(int a, int b) {
    return b == 0 ? 0 : a % b;
  }

  static long fmod(long a, long b) {
    return b == 0 ? 0 : a % b;
  }
}
