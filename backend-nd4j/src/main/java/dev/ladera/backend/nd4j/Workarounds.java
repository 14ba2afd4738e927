package dev.ladera.backend.nd4j;

import dev.ladera.DType;
import dev.ladera.op.BinaryOp;
import dev.ladera.op.UnaryOp;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * Elementwise functions that ND4J 1.0.0-M2.1 lacks or answers wrongly, as plain loops. What it
 * answers is said at each.
 */
final class Workarounds {
  /** Below this, two terms of a power series are exact to float32, and more. */
  private static final double TINY = 1e-5;

  private Workarounds() {}

  /**
   * A function of each element.
   *
   * <ul>
   *   <li>trunc: ND4J has none.
   *   <li>sign: ND4J answers 0 for NaN and for −0.
   *   <li>expm1, log1p, tanh: ND4J computes exp(x) − 1, log(1 + x) and a quotient of such, and so
   *       loses the small numbers: it answers 8.9e-8 for the tanh of 1e-7 and 0 for that of 1e-20.
   * </ul>
   *
   * @param x floating
   */
  static void unary(UnaryOp op, Block x, Block z) {
    boolean narrow = x.dtype == DType.FLOAT32;
    double[] values = new double[Bulk.RUN];
    for (long at = 0; at < z.count; at += Bulk.RUN) {
      int length = (int) Math.min(Bulk.RUN, z.count - at);
      Bulk.load(x, at, values, length);
      for (int i = 0; i < length; i++) {
        values[i] = unary(op, values[i], narrow);
      }
      Bulk.store(z, at, values, length);
    }
  }

  private static double unary(UnaryOp op, double x, boolean narrow) {
    return switch (op) {
      case TRUNC -> x < 0 ? Math.ceil(x) : Math.floor(x);
      case SIGN -> Math.signum(x);
      case EXPM1 -> narrow ? narrowExpm1(x) : Math.expm1(x);
      case LOG1P -> narrow ? narrowLog1p(x) : Math.log1p(x);
      case TANH -> narrow ? narrowTanh(x) : Math.tanh(x);
      default -> throw new IllegalStateException(op + " is ND4J's");
    };
  }

  // The three below are exact enough for float32, and several times faster than Math's.

  private static double narrowExpm1(double x) {
    return Math.abs(x) < TINY ? x * (1 + x / 2) : Math.exp(x) - 1;
  }

  private static double narrowLog1p(double x) {
    return Math.abs(x) < TINY ? x * (1 - x / 2) : Math.log(1 + x);
  }

  private static double narrowTanh(double x) {
    if (Math.abs(x) < TINY) {
      return x * (1 - x * x / 3);
    }
    double e = Math.exp(-2 * Math.abs(x));
    return Math.copySign((1 - e) / (1 + e), x);
  }

  /**
   * A function of pairs; each operand has one element or as many as the result.
   *
   * <ul>
   *   <li>max and min: ND4J answers the other operand where the first is NaN, and either zero of
   *       two (nd4j issue 1215).
   *   <li>floor division and remainder: ND4J truncates integers, and for floating numbers divides
   *       first and rounds then, so that 1 / 0.1 is 10 where 0.1 fits nine times.
   *   <li>integer modulo: ND4J kills the process by dividing by zero (deeplearning4j issue 8954),
   *       and answers zeros for int64 (deeplearning4j issue 10033).
   *   <li>integer powers: ND4J goes through floating numbers.
   *   <li>shifts: ND4J takes no distances of their own for each element.
   * </ul>
   */
  static void binary(BinaryOp op, Block x, Block y, Block z) {
    if (op == BinaryOp.MAX || op == BinaryOp.MIN) {
      extreme(op == BinaryOp.MAX, x, y, z);
    } else if (x.dtype.isFloating()) {
      floating(op, x, y, z);
    } else {
      whole(op, x, y, z);
    }
  }

  /** Index step of an operand: 0 for one that is a single number. */
  private static long step(Block operand, Block result) {
    return operand.count == result.count ? 1 : 0;
  }

  private static void extreme(boolean largest, Block x, Block y, Block z) {
    long stepX = step(x, z);
    long stepY = step(y, z);
    MemorySegment a = x.memory();
    MemorySegment b = y.memory();
    MemorySegment c = z.memory();
    if (z.dtype == DType.FLOAT32) {
      for (long at = 0; at < z.count; at++) {
        float left = a.getAtIndex(ValueLayout.JAVA_FLOAT, at * stepX);
        float right = b.getAtIndex(ValueLayout.JAVA_FLOAT, at * stepY);
        c.setAtIndex(
            ValueLayout.JAVA_FLOAT, at, largest ? Math.max(left, right) : Math.min(left, right));
      }
    } else {
      for (long at = 0; at < z.count; at++) {
        double left = a.getAtIndex(ValueLayout.JAVA_DOUBLE, at * stepX);
        double right = b.getAtIndex(ValueLayout.JAVA_DOUBLE, at * stepY);
        c.setAtIndex(
            ValueLayout.JAVA_DOUBLE, at, largest ? Math.max(left, right) : Math.min(left, right));
      }
    }
  }

  private static void floating(BinaryOp op, Block x, Block y, Block z) {
    long stepX = step(x, z);
    long stepY = step(y, z);
    for (long at = 0; at < z.count; at++) {
      double a = x.getDouble(at * stepX);
      double b = y.getDouble(at * stepY);
      z.set(
          at,
          switch (op) {
            case FLOOR_DIV -> floorDivide(a, b);
            case REMAINDER -> remainder(a, b);
            case FMOD -> a % b;
            default -> throw new IllegalStateException(op + " of floating numbers is ND4J's");
          });
    }
  }

  /** The quotient that fits the remainder, as Python has it. */
  private static double floorDivide(double a, double b) {
    if (b == 0) {
      return a / b;
    }
    double rest = a % b;
    double quotient = (a - rest) / b;
    if (rest != 0 && (b < 0) != (rest < 0)) {
      quotient -= 1;
    }
    if (quotient == 0) {
      return Math.copySign(0.0, a / b);
    }
    double floor = Math.floor(quotient);
    return quotient - floor > 0.5 ? floor + 1 : floor;
  }

  private static double remainder(double a, double b) {
    double rest = a % b;
    return rest != 0 && (b < 0) != (rest < 0) ? rest + b : rest;
  }

  private static void whole(BinaryOp op, Block x, Block y, Block z) {
    long stepX = step(x, z);
    long stepY = step(y, z);
    boolean narrow = z.dtype == DType.INT32;
    for (long at = 0; at < z.count; at++) {
      long a = x.getLong(at * stepX);
      long b = y.getLong(at * stepY);
      z.set(
          at,
          switch (op) {
            case FLOOR_DIV -> b == 0 ? 0 : Math.floorDiv(a, b);
            case REMAINDER -> b == 0 ? 0 : Math.floorMod(a, b);
            case FMOD -> b == 0 ? 0 : a % b;
            case POW -> power(a, b);
            case SHIFT_LEFT -> narrow ? (int) a << (int) b : a << b;
            case SHIFT_RIGHT -> narrow ? (int) a >> (int) b : a >> b;
            case SHIFT_RIGHT_UNSIGNED -> narrow ? (int) a >>> (int) b : a >>> b;
            default -> throw new IllegalStateException(op + " of integers is ND4J's");
          });
    }
  }

  private static long power(long base, long exponent) {
    if (exponent < 0) {
      return base == 1 ? 1 : base != -1 ? 0 : exponent % 2 == 0 ? 1 : -1;
    }
    long result = 1;
    long factor = base;
    for (long rest = exponent; rest > 0; rest >>= 1) {
      if ((rest & 1) == 1) {
        result *= factor;
      }
      factor *= factor;
    }
    return result;
  }

  /**
   * One of two values. ND4J's select does not broadcast, and takes a hundred milliseconds for a
   * million elements.
   */
  static void select(Block condition, Block yes, Block no, Block z) {
    boolean words = z.dtype.bytes() == Integer.BYTES && condition.count == z.count;
    if (words && yes.count == z.count && no.count == z.count) {
      selectWords(condition, yes, no, z);
    } else if (words && no.count == z.count) {
      selectWord(condition, yes, no, 0, z);
    } else if (words && yes.count == z.count) {
      selectWord(condition, no, yes, -1, z);
    } else {
      long stepCondition = step(condition, z);
      long stepYes = step(yes, z);
      long stepNo = step(no, z);
      for (long at = 0; at < z.count; at++) {
        boolean first = condition.getLong(at * stepCondition) != 0;
        z.copy(at, first ? yes : no, at * (first ? stepYes : stepNo));
      }
    }
  }

  // The two loops below have no branches and no steps, so that the JVM makes vector code of them.

  private static void selectWords(Block condition, Block yes, Block no, Block z) {
    MemorySegment choice = condition.memory();
    MemorySegment a = yes.memory();
    MemorySegment b = no.memory();
    MemorySegment c = z.memory();
    for (long at = 0; at < z.count; at++) {
      int mask = -choice.get(ValueLayout.JAVA_BYTE, at);
      int left = a.getAtIndex(ValueLayout.JAVA_INT, at) & mask;
      int right = b.getAtIndex(ValueLayout.JAVA_INT, at) & ~mask;
      c.setAtIndex(ValueLayout.JAVA_INT, at, left | right);
    }
  }

  /** Takes a single number where the condition, complemented by {@code flip}, holds. */
  private static void selectWord(Block condition, Block number, Block other, int flip, Block z) {
    MemorySegment choice = condition.memory();
    MemorySegment b = other.memory();
    MemorySegment c = z.memory();
    int single = number.memory().get(ValueLayout.JAVA_INT, 0);
    for (long at = 0; at < z.count; at++) {
      int mask = -choice.get(ValueLayout.JAVA_BYTE, at) ^ flip;
      int right = b.getAtIndex(ValueLayout.JAVA_INT, at) & ~mask;
      c.setAtIndex(ValueLayout.JAVA_INT, at, (single & mask) | right);
    }
  }

  /**
   * Conversion of type. ND4J answers the smallest integer for floating numbers out of range and for
   * NaN, where the largest, the smallest or 0 is asked for.
   */
  static void cast(Block x, Block z) {
    boolean floating = x.dtype.isFloating();
    double[] numbers = new double[floating ? Bulk.RUN : 0];
    long[] integers = new long[floating ? 0 : Bulk.RUN];
    for (long at = 0; at < z.count; at += Bulk.RUN) {
      int length = (int) Math.min(Bulk.RUN, z.count - at);
      if (floating) {
        Bulk.load(x, at, numbers, length);
        Bulk.store(z, at, numbers, length);
      } else {
        Bulk.load(x, at, integers, length);
        Bulk.store(z, at, integers, length);
      }
    }
  }
}
