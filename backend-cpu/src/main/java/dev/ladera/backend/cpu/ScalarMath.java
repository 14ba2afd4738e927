package dev.ladera.backend.cpu;

/**
 * The functions that generated scalar loops call, one for each type that has them. The float32 ones
 * compute in float64 and round, so they are right to the last bit but for ties.
 *
 * <p>{@link Math} may use instructions of the machine, but the same ones in the interpreter and in
 * compiled code, so the bits do not change while a program warms up.
 */
final class ScalarMath {

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
