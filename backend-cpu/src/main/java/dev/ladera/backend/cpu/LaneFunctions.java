package dev.ladera.backend.cpu;

import static dev.ladera.backend.cpu.LaneOp.ABS;
import static dev.ladera.backend.cpu.LaneOp.ADD;
import static dev.ladera.backend.cpu.LaneOp.AND;
import static dev.ladera.backend.cpu.LaneOp.DIV;
import static dev.ladera.backend.cpu.LaneOp.GT;
import static dev.ladera.backend.cpu.LaneOp.LT;
import static dev.ladera.backend.cpu.LaneOp.NE;
import static dev.ladera.backend.cpu.LaneOp.OR;
import static dev.ladera.backend.cpu.LaneOp.SELECT;
import static dev.ladera.backend.cpu.LaneOp.SQRT;
import static dev.ladera.backend.cpu.LaneOp.SUB;

import dev.ladera.DType;
import dev.ladera.op.UnaryOp;
import java.util.Locale;
import java.util.function.UnaryOperator;

/** Functions of one argument, written in instructions. */
final class LaneFunctions {
  private final LaneCode.Builder code;
  private final FunctionTable table;

  LaneFunctions(LaneCode.Builder code, FunctionTable table) {
    this.code = code;
    this.table = table;
  }

  /** The place of a function's value. */
  int unary(UnaryOp op, int x) {
    DType type = code.type(x);
    return switch (op) {
      case NEG -> code.apply(LaneOp.NEG, x);
      case ABS -> code.apply(LaneOp.ABS, x);
      case NOT -> code.apply(LaneOp.NOT, x);
      case SQRT -> code.apply(SQRT, x);
      case IS_NAN -> code.apply(NE, x, x);
      case RECIPROCAL -> code.apply(DIV, number(1, type), x);
      case RSQRT -> code.apply(DIV, number(1, type), code.apply(SQRT, x));
      case SIGN -> sign(x);
      case ROUND -> withSignOf(x, round(x));
      case FLOOR -> withSignOf(x, floor(x));
      case CEIL -> withSignOf(x, ceil(x));
      case TRUNC ->
          withSignOf(x, code.apply(SELECT, code.apply(LT, x, number(0, type)), ceil(x), floor(x)));
      case EXP -> function(op, x, Exponentials::exp);
      case EXPM1 -> function(op, x, Exponentials::expm1);
      case SIGMOID -> function(op, x, Exponentials::sigmoid);
      case SINH -> function(op, x, Exponentials::sinh);
      case COSH -> function(op, x, Exponentials::cosh);
      case TANH -> function(op, x, Exponentials::tanh);
      case LOG -> function(op, x, Logarithms::log);
      case LOG1P -> function(op, x, Logarithms::log1p);
      case ERF -> function(op, x, ErrorFunction::erf);
      case SIN, COS, TAN, ASIN, ACOS, ATAN -> code.call(op.name().toLowerCase(Locale.ROOT), x);
    };
  }

  private int function(UnaryOp op, int x, UnaryOperator<Lane> definition) {
    return code.call(table.get(op, code.type(x), definition), x);
  }

  private int number(double value, DType type) {
    return code.constant(value, type);
  }

  private int sign(int x) {
    DType type = code.type(x);
    int zero = number(0, type);
    int negative = code.apply(SELECT, code.apply(LT, x, zero), number(-1, type), x);
    return code.apply(SELECT, code.apply(GT, x, zero), number(1, type), negative);
  }

  /**
   * Adding and taking off 2²³ (2⁵² in float64) leaves no room for a fraction; larger x have none.
   */
  private int round(int x) {
    DType type = code.type(x);
    int limit = number(type == DType.FLOAT32 ? 0x1p23 : 0x1p52, type);
    int size = code.apply(ABS, x);
    int rounded = code.apply(SUB, code.apply(ADD, size, limit), limit);
    // NaN compares false, and stays itself.
    int isSmall = code.apply(LT, size, limit);
    return code.apply(SELECT, isSmall, withSignOf(x, rounded), x);
  }

  private int floor(int x) {
    DType type = code.type(x);
    int near = round(x);
    int below = code.apply(SUB, near, number(1, type));
    return code.apply(SELECT, code.apply(GT, near, x), below, near);
  }

  private int ceil(int x) {
    DType type = code.type(x);
    int near = round(x);
    int above = code.apply(ADD, near, number(1, type));
    return code.apply(SELECT, code.apply(LT, near, x), above, near);
  }

  /** A value of x's sign or zero, given x's sign bit: zeros get the sign that they lost. */
  private int withSignOf(int x, int value) {
    DType type = code.type(x);
    DType bits = type == DType.FLOAT32 ? DType.INT32 : DType.INT64;
    int signBit =
        code.add(
            new LaneCode.Instruction.Constant(
                type == DType.FLOAT32 ? Integer.MIN_VALUE : Long.MIN_VALUE, bits));
    int sign = code.apply(AND, code.reinterpret(x, bits), signBit);
    return code.reinterpret(code.apply(OR, code.reinterpret(value, bits), sign), type);
  }
}
