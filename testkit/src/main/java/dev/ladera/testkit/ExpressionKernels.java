package dev.ladera.testkit;

import dev.ladera.DType;
import dev.ladera.Shape;
import dev.ladera.Tensor;
import dev.ladera.op.BinaryOp;
import dev.ladera.op.Pointwise;
import dev.ladera.op.Primitive;
import dev.ladera.op.Program;
import dev.ladera.op.Program.Step;
import dev.ladera.op.UnaryOp;
import dev.ladera.spi.Kernel;
import java.util.List;
import org.apache.commons.math3.special.Erf;

/**
 * Expressions, step by step for each element. Floating values are doubles, rounded to float32 where
 * a step has that type; integers and bool are longs, wrapped where a step is int32.
 */
final class ExpressionKernels {
  private ExpressionKernels() {}

  static Kernel pointwise(Program program) {
    return (operator, inputs, outputs) -> {
      Elements out = new Elements(outputs[0]);
      run(program, (Pointwise) operator, inputs, out);
    };
  }

  static Kernel assign(Program program) {
    return (operator, inputs, _) -> {
      Elements target = new Elements(inputs[0]);
      run(program, ((Primitive.Assign) operator).body(), inputs, target);
    };
  }

  private static void run(Program program, Pointwise operator, Tensor[] inputs, Elements out) {
    Shape shape = out.shape();
    Elements[] in = new Elements[inputs.length];
    for (int i = 0; i < in.length; i++) {
      in[i] = Elements.broadcast(inputs[i], shape);
    }
    List<Step> steps = program.steps();
    double[] floating = new double[steps.size()];
    long[] whole = new long[steps.size()];
    int last = steps.size() - 1;
    for (int at = 0; at < out.count; at++) {
      for (int s = 0; s <= last; s++) {
        step(steps, s, operator, in, at, floating, whole);
      }
      if (program.dtype().isFloating()) {
        out.set(at, floating[last]);
      } else {
        out.set(at, whole[last]);
      }
    }
  }

  private static void step(
      List<Step> steps,
      int s,
      Pointwise operator,
      Elements[] in,
      int at,
      double[] floating,
      long[] whole) {
    Step step = steps.get(s);
    DType dtype = step.dtype();
    switch (step) {
      case Step.Load(int input, DType _) -> {
        if (dtype.isFloating()) {
          floating[s] = in[input].getDouble(at);
        } else {
          whole[s] = in[input].getLong(at);
        }
      }
      case Step.Parameter(int index, DType _) -> {
        floating[s] = operator.scalarAsDouble(index);
        whole[s] = dtype == DType.BOOL ? truth(floating[s] != 0) : operator.scalarAsLong(index);
      }
      case Step.Literal(double value, DType _) -> {
        floating[s] = value;
        whole[s] = dtype == DType.BOOL ? truth(value != 0) : (long) value;
      }
      case Step.Unary(UnaryOp op, int operand, DType _) -> {
        if (op == UnaryOp.IS_NAN) {
          whole[s] = truth(Double.isNaN(floating[operand]));
        } else if (dtype.isFloating()) {
          floating[s] = unary(op, floating[operand]);
        } else if (dtype == DType.BOOL) {
          whole[s] = 1 - whole[operand];
        } else {
          whole[s] = unary(op, whole[operand]);
        }
      }
      case Step.Binary(BinaryOp op, int left, int right, DType _) -> {
        DType operands = steps.get(left).dtype();
        if (op.kind() == BinaryOp.Kind.COMPARISON) {
          whole[s] =
              truth(
                  operands.isFloating()
                      ? compare(op, floating[left], floating[right])
                      : compare(op, whole[left], whole[right]));
        } else if (dtype.isFloating()) {
          floating[s] = binary(op, floating[left], floating[right]);
        } else {
          whole[s] = binary(op, whole[left], whole[right], dtype);
        }
      }
      case Step.Select(int condition, int yes, int no, DType _) -> {
        int taken = whole[condition] != 0 ? yes : no;
        floating[s] = floating[taken];
        whole[s] = whole[taken];
      }
      case Step.Cast(int operand, DType _) -> {
        boolean from = steps.get(operand).dtype().isFloating();
        floating[s] = from ? floating[operand] : whole[operand];
        whole[s] = cast(from, floating[operand], whole[operand], dtype);
      }
    }
    if (dtype == DType.FLOAT32) {
      floating[s] = (float) floating[s];
    } else if (dtype == DType.INT32) {
      whole[s] = (int) whole[s];
    }
  }

  private static long truth(boolean holds) {
    return holds ? 1 : 0;
  }

  private static long cast(boolean fromFloating, double value, long whole, DType dtype) {
    if (dtype == DType.BOOL) {
      return truth(fromFloating ? value != 0 : whole != 0);
    }
    if (!fromFloating) {
      return whole;
    }
    return dtype == DType.INT32 ? (int) value : (long) value;
  }

  private static double unary(UnaryOp op, double x) {
    return switch (op) {
      case NEG -> -x;
      case ABS -> Math.abs(x);
      case SIGN -> Math.signum(x);
      case FLOOR -> Math.floor(x);
      case CEIL -> Math.ceil(x);
      case ROUND -> Math.rint(x);
      case TRUNC -> x < 0 ? Math.ceil(x) : Math.floor(x);
      case EXP -> Math.exp(x);
      case EXPM1 -> Math.expm1(x);
      case LOG -> Math.log(x);
      case LOG1P -> Math.log1p(x);
      case SQRT -> Math.sqrt(x);
      case RSQRT -> 1 / Math.sqrt(x);
      case RECIPROCAL -> 1 / x;
      case SIN -> Math.sin(x);
      case COS -> Math.cos(x);
      case TAN -> Math.tan(x);
      case ASIN -> Math.asin(x);
      case ACOS -> Math.acos(x);
      case ATAN -> Math.atan(x);
      case SINH -> Math.sinh(x);
      case COSH -> Math.cosh(x);
      case TANH -> Math.tanh(x);
      case SIGMOID -> x >= 0 ? 1 / (1 + Math.exp(-x)) : Math.exp(x) / (1 + Math.exp(x));
      case ERF -> erf(x);
      case IS_NAN, NOT -> throw new IllegalStateException(op + " answers no number");
    };
  }

  /** Near 0 by its Taylor series, where the library's answer is off by many units. */
  private static double erf(double x) {
    if (Double.isNaN(x)) {
      return x;
    }
    if (Math.abs(x) >= 1) {
      return Erf.erf(x);
    }
    double power = x;
    double sum = x;
    for (int n = 1; n < 25; n++) {
      power *= -x * x / n;
      sum += power / (2 * n + 1);
    }
    return 2 / Math.sqrt(Math.PI) * sum;
  }

  private static long unary(UnaryOp op, long x) {
    return switch (op) {
      case NEG -> -x;
      case ABS -> Math.abs(x);
      case SIGN -> Long.signum(x);
      case NOT -> ~x;
      default -> throw new IllegalStateException(op + " takes no integers");
    };
  }

  private static boolean compare(BinaryOp op, double a, double b) {
    return switch (op) {
      case EQ -> a == b;
      case NE -> a != b;
      case LT -> a < b;
      case LE -> a <= b;
      case GT -> a > b;
      case GE -> a >= b;
      default -> throw new IllegalStateException(op + " does not compare");
    };
  }

  private static boolean compare(BinaryOp op, long a, long b) {
    return switch (op) {
      case EQ -> a == b;
      case NE -> a != b;
      case LT -> a < b;
      case LE -> a <= b;
      case GT -> a > b;
      case GE -> a >= b;
      default -> throw new IllegalStateException(op + " does not compare");
    };
  }

  private static double binary(BinaryOp op, double a, double b) {
    return switch (op) {
      case ADD -> a + b;
      case SUB -> a - b;
      case MUL -> a * b;
      case DIV -> a / b;
      case FLOOR_DIV -> floorDivide(a, b);
      case REMAINDER -> remainder(a, b);
      case FMOD -> a % b;
      case POW -> a == 1 || b == 0 ? 1 : a == -1 && Double.isInfinite(b) ? 1 : Math.pow(a, b);
      case MAX -> Math.max(a, b);
      case MIN -> Math.min(a, b);
      case ATAN2 -> Math.atan2(a, b);
      default -> throw new IllegalStateException(op + " takes no floating numbers");
    };
  }

  /** As in Python: by the remainder, so that quotient and remainder fit each other. */
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

  private static long binary(BinaryOp op, long a, long b, DType dtype) {
    return switch (op) {
      case ADD -> a + b;
      case SUB -> a - b;
      case MUL -> a * b;
      case FLOOR_DIV -> b == 0 ? 0 : Math.floorDiv(a, b);
      case REMAINDER -> b == 0 ? 0 : Math.floorMod(a, b);
      case FMOD -> b == 0 ? 0 : a % b;
      case POW -> power(a, b);
      case MAX -> Math.max(a, b);
      case MIN -> Math.min(a, b);
      case AND -> a & b;
      case OR -> a | b;
      case XOR -> a ^ b;
      case SHIFT_LEFT -> dtype == DType.INT32 ? (int) a << (int) b : a << b;
      case SHIFT_RIGHT -> dtype == DType.INT32 ? (int) a >> (int) b : a >> b;
      case SHIFT_RIGHT_UNSIGNED -> dtype == DType.INT32 ? (int) a >>> (int) b : a >>> b;
      default -> throw new IllegalStateException(op + " takes no integers");
    };
  }

  private static long power(long base, long exponent) {
    if (exponent < 0) {
      return base == 1 ? 1 : base == -1 ? (exponent % 2 == 0 ? 1 : -1) : 0;
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
}
