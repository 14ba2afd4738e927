package dev.ladera.backend.nd4j;

import dev.ladera.DType;
import dev.ladera.op.BinaryOp;
import dev.ladera.op.UnaryOp;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.DynamicCustomOp;
import org.nd4j.linalg.api.ops.Op;
import org.nd4j.linalg.api.ops.impl.transforms.floating.RSqrt;
import org.nd4j.linalg.api.ops.impl.transforms.floating.Sqrt;
import org.nd4j.linalg.api.ops.impl.transforms.same.Abs;
import org.nd4j.linalg.api.ops.impl.transforms.same.Ceil;
import org.nd4j.linalg.api.ops.impl.transforms.same.Floor;
import org.nd4j.linalg.api.ops.impl.transforms.same.Negative;
import org.nd4j.linalg.api.ops.impl.transforms.same.Reciprocal;
import org.nd4j.linalg.api.ops.impl.transforms.same.Sign;
import org.nd4j.linalg.api.ops.impl.transforms.strict.ACos;
import org.nd4j.linalg.api.ops.impl.transforms.strict.ASin;
import org.nd4j.linalg.api.ops.impl.transforms.strict.ATan;
import org.nd4j.linalg.api.ops.impl.transforms.strict.Cos;
import org.nd4j.linalg.api.ops.impl.transforms.strict.Cosh;
import org.nd4j.linalg.api.ops.impl.transforms.strict.Erf;
import org.nd4j.linalg.api.ops.impl.transforms.strict.Exp;
import org.nd4j.linalg.api.ops.impl.transforms.strict.Log;
import org.nd4j.linalg.api.ops.impl.transforms.strict.Rint;
import org.nd4j.linalg.api.ops.impl.transforms.strict.Sigmoid;
import org.nd4j.linalg.api.ops.impl.transforms.strict.Sin;
import org.nd4j.linalg.api.ops.impl.transforms.strict.Sinh;
import org.nd4j.linalg.api.ops.impl.transforms.strict.Tan;
import org.nd4j.linalg.factory.Nd4j;

/** Which of ND4J's operations stand for the functions of expressions, and the calls of them. */
final class NativeOps {
  private NativeOps() {}

  /** A function of each element; the result may be the operand's block. */
  static void unary(UnaryOp op, Block x, Block z) {
    switch (op) {
      case IS_NAN -> {
        INDArray array = x.array(x.count);
        custom("not_equals", z.array(z.count), array, array);
      }
      case NOT ->
          custom(
              x.dtype == DType.BOOL ? "boolean_not" : "toggle_bits",
              z.array(z.count),
              x.array(x.count));
      case TRUNC, EXPM1, LOG1P, TANH -> Workarounds.unary(op, x, z);
      case SIGN -> {
        if (x.dtype.isFloating()) {
          Workarounds.unary(op, x, z);
        } else {
          transform(op, x, z);
        }
      }
      case ERF -> {
        if (x.dtype == DType.FLOAT32) {
          throughDouble(op, x, z);
        } else {
          transform(op, x, z);
        }
      }
      default -> transform(op, x, z);
    }
  }

  /**
   * In float64, then rounded. ND4J's float32 erf is off by one unit now and then, which 1 + erf(x),
   * as in GELU, makes hundreds of.
   */
  private static void throughDouble(UnaryOp op, Block x, Block z) {
    try (Scratch scratch = new Scratch()) {
      Block wide = scratch.block(DType.FLOAT64, x.count);
      Workarounds.cast(x, wide);
      transform(op, wide, wide);
      Workarounds.cast(wide, z);
    }
  }

  private static void transform(UnaryOp op, Block x, Block z) {
    Op transform = transform(op, x.array(x.count), z.array(z.count));
    Nd4j.getExecutioner().exec(transform);
  }

  private static Op transform(UnaryOp op, INDArray x, INDArray z) {
    return switch (op) {
      case NEG -> new Negative(x, z);
      case ABS -> new Abs(x, z);
      case SIGN -> new Sign(x, z);
      case FLOOR -> new Floor(x, z);
      case CEIL -> new Ceil(x, z);
      case ROUND -> new Rint(x, z);
      case EXP -> new Exp(x, z);
      case LOG -> new Log(x, z);
      case SQRT -> new Sqrt(x, z);
      case RSQRT -> new RSqrt(x, z);
      case RECIPROCAL -> new Reciprocal(x, z);
      case SIN -> new Sin(x, z);
      case COS -> new Cos(x, z);
      case TAN -> new Tan(x, z);
      case ASIN -> new ASin(x, z);
      case ACOS -> new ACos(x, z);
      case ATAN -> new ATan(x, z);
      case SINH -> new Sinh(x, z);
      case COSH -> new Cosh(x, z);
      case SIGMOID -> new Sigmoid(x, z);
      case ERF -> new Erf(x, z);
      case TRUNC, EXPM1, LOG1P, TANH, IS_NAN, NOT ->
          throw new IllegalStateException(op + " is no transform");
    };
  }

  /** ND4J's name of a function of two arguments, or null where it has no right one. */
  private static @Nullable String name(BinaryOp op, DType dtype) {
    boolean bool = dtype == DType.BOOL;
    boolean floating = dtype.isFloating();
    return switch (op) {
      case ADD -> "add";
      case SUB -> "subtract";
      case MUL -> "multiply";
      case DIV -> "divide";
      case POW -> floating ? "Pow" : null;
      case MAX -> floating ? null : "maximum";
      case MIN -> floating ? null : "minimum";
      case ATAN2 -> "tf_atan2";
      case EQ -> "equals";
      case NE -> "not_equals";
      case LT -> "less";
      case LE -> "less_equal";
      case GT -> "greater";
      case GE -> "greater_equal";
      case AND -> bool ? "boolean_and" : "bitwise_and";
      case OR -> bool ? "boolean_or" : "bitwise_or";
      case XOR -> bool ? "boolean_xor" : "bitwise_xor";
      case FLOOR_DIV, REMAINDER, FMOD, SHIFT_LEFT, SHIFT_RIGHT, SHIFT_RIGHT_UNSIGNED -> null;
    };
  }

  /** Whether ND4J computes a function of two operands of this type rightly. */
  static boolean has(BinaryOp op, DType dtype) {
    return name(op, dtype) != null;
  }

  /** A function of pairs; each operand has one element or as many as the result. */
  static void binary(BinaryOp op, Block x, Block y, Block z) {
    binary(op, flat(x, z), flat(y, z), z.array(z.count), x.dtype);
  }

  private static INDArray flat(Block operand, Block result) {
    return operand.count == result.count ? operand.array(operand.count) : operand.array();
  }

  /** A function of pairs, operands broadcast to the result. */
  static void binary(BinaryOp op, INDArray x, INDArray y, INDArray z, DType dtype) {
    String name = name(op, dtype);
    if (name == null) {
      throw new IllegalStateException(op + " of " + dtype + " is not ND4J's");
    }
    // Where the result goes over the right operand, ND4J's boolean functions read one bool on the
    // left twice; they are all commutative.
    boolean swapped = dtype == DType.BOOL && x.length() == 1 && name.startsWith("boolean_");
    custom(name, z, swapped ? y : x, swapped ? x : y);
  }

  /** Runs an operation by its name in ND4J. */
  static void custom(String name, INDArray result, INDArray... operands) {
    Nd4j.exec(DynamicCustomOp.builder(name).addInputs(operands).addOutputs(result).build());
  }
}
