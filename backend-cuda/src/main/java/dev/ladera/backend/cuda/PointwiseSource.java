package dev.ladera.backend.cuda;

import dev.ladera.DType;
import dev.ladera.op.BinaryOp;
import dev.ladera.op.Program;
import dev.ladera.op.Program.Step;
import dev.ladera.op.UnaryOp;
import java.util.ArrayList;
import java.util.List;

/**
 * An expression as CUDA C: a function of the inputs' elements and the operator's numbers, and two
 * kernels that apply it. {@code contiguous} takes operands in row-major order four elements at a
 * time, which is 16 bytes of float32, and operands that are one number; {@code strided} takes all
 * others. What the functions answer at their corners is in {@code math.cu}.
 */
final class PointwiseSource {
  private final Program program;
  private final DType result;
  private final List<Step.Parameter> numbers;

  /** The source of a program whose result is converted to a type. */
  PointwiseSource(Program program, DType result) {
    this.program = program;
    this.result = result;
    this.numbers = numbers(program);
  }

  /** The operator's numbers in the order in which kernels take them. */
  static List<Step.Parameter> numbers(Program program) {
    return program.steps().stream()
        .filter(Step.Parameter.class::isInstance)
        .map(Step.Parameter.class::cast)
        .toList();
  }

  KernelSource source(boolean wide) {
    return new KernelSource()
        .walking(program.inputs().size() + 1, wide)
        .file("math")
        .code(value())
        .code(kernels());
  }

  private String value() {
    List<String> parameters = new ArrayList<>();
    for (int i = 0; i < program.inputs().size(); i++) {
      parameters.add(CType.of(program.inputs().get(i)) + " x" + i);
    }
    parameters.addAll(numberParameters());
    StringBuilder code = new StringBuilder("HERE " + CType.of(result) + " value(");
    code.append(String.join(", ", parameters)).append(") {\n");
    List<Step> steps = program.steps();
    for (int s = 0; s < steps.size(); s++) {
      String type = CType.of(steps.get(s).dtype());
      code.append("  ").append(type).append(" v").append(s).append(" = ");
      code.append(expression(steps.get(s))).append(";\n");
    }
    String last = "v" + (steps.size() - 1);
    code.append("  return ")
        .append(program.dtype() == result ? last : conversion(result) + "(" + last + ")")
        .append(";\n}\n");
    return code.toString();
  }

  private List<String> numberParameters() {
    List<String> parameters = new ArrayList<>();
    for (int n = 0; n < numbers.size(); n++) {
      parameters.add(CType.of(numbers.get(n).dtype()) + " n" + n);
    }
    return parameters;
  }

  private String expression(Step step) {
    return switch (step) {
      case Step.Load(int input, DType _) -> "x" + input;
      case Step.Parameter number -> "n" + numbers.indexOf(number);
      case Step.Literal(double number, DType dtype) -> literal(number, dtype);
      case Step.Unary(UnaryOp op, int operand, DType _) -> function(op) + "(v" + operand + ")";
      case Step.Binary(BinaryOp op, int left, int right, DType dtype) ->
          binary(op, "v" + left, "v" + right, dtype);
      case Step.Select(int condition, int yes, int no, DType _) ->
          "v" + condition + " ? v" + yes + " : v" + no;
      case Step.Cast(int operand, DType dtype) -> conversion(dtype) + "(v" + operand + ")";
    };
  }

  private static String conversion(DType dtype) {
    return "to_" + dtype;
  }

  /** By its bits, as decimal digits could be read differently. */
  private static String literal(double number, DType dtype) {
    return switch (dtype) {
      case FLOAT32 -> "as_float(" + Float.floatToRawIntBits((float) number) + "u)";
      case FLOAT64 ->
          "as_double(" + Long.toUnsignedString(Double.doubleToRawLongBits(number)) + "ull)";
      case INT32 -> "(int) " + Integer.toUnsignedString((int) number) + "u";
      case INT64 -> "(i64) " + Long.toUnsignedString((long) number) + "ull";
      case BOOL -> number != 0 ? "1" : "0";
    };
  }

  private static String function(UnaryOp op) {
    return switch (op) {
      case NEG -> "negate";
      case ABS -> "m_abs";
      case SIGN -> "m_sign";
      case FLOOR -> "m_floor";
      case CEIL -> "m_ceil";
      case ROUND -> "m_round";
      case TRUNC -> "m_trunc";
      case EXP -> "m_exp";
      case EXPM1 -> "m_expm1";
      case LOG -> "m_log";
      case LOG1P -> "m_log1p";
      case SQRT -> "m_sqrt";
      case RSQRT -> "m_rsqrt";
      case RECIPROCAL -> "m_reciprocal";
      case SIN -> "m_sin";
      case COS -> "m_cos";
      case TAN -> "m_tan";
      case ASIN -> "m_asin";
      case ACOS -> "m_acos";
      case ATAN -> "m_atan";
      case SINH -> "m_sinh";
      case COSH -> "m_cosh";
      case TANH -> "m_tanh";
      case SIGMOID -> "m_sigmoid";
      case ERF -> "m_erf";
      case IS_NAN -> "is_nan";
      case NOT -> "m_not";
    };
  }

  private static String binary(BinaryOp op, String a, String b, DType dtype) {
    return switch (op) {
      case ADD -> call("add", a, b);
      case SUB -> call("subtract", a, b);
      case MUL -> call("multiply", a, b);
      case DIV -> a + " / " + b;
      case FLOOR_DIV -> call("floor_divide", a, b);
      case REMAINDER -> call("remainder_of", a, b);
      case FMOD -> call("m_fmod", a, b);
      case POW -> call("power", a, b);
      case MAX -> call("larger", a, b);
      case MIN -> call("smaller", a, b);
      case ATAN2 -> call("m_atan2", a, b);
      case EQ -> a + " == " + b;
      case NE -> a + " != " + b;
      case LT -> a + " < " + b;
      case LE -> a + " <= " + b;
      case GT -> a + " > " + b;
      case GE -> a + " >= " + b;
      case AND -> "(" + CType.of(dtype) + ") (" + a + " & " + b + ")";
      case OR -> "(" + CType.of(dtype) + ") (" + a + " | " + b + ")";
      case XOR -> "(" + CType.of(dtype) + ") (" + a + " ^ " + b + ")";
      case SHIFT_LEFT -> call("shift_left", a, b);
      case SHIFT_RIGHT_UNSIGNED -> call("shift_right_unsigned", a, b);
      case SHIFT_RIGHT -> call("shift_right", a, b);
    };
  }

  private static String call(String function, String a, String b) {
    return function + "(" + a + ", " + b + ")";
  }

  private String kernels() {
    StringBuilder parameters = new StringBuilder(CType.of(result) + "* out");
    StringBuilder loads = new StringBuilder();
    List<String> fourth = new ArrayList<>();
    List<String> last = new ArrayList<>();
    List<String> placed = new ArrayList<>();
    for (int i = 0; i < program.inputs().size(); i++) {
      String type = CType.of(program.inputs().get(i));
      parameters.append(", const ").append(type).append("* in").append(i);
      loads
          .append("    Four<" + type + "> a" + i + " = four(in" + i + ", group, single >> " + i)
          .append(" & 1);\n");
      fourth.add("a" + i + ".at[k]");
      last.add("in" + i + "[single >> " + i + " & 1 ? 0 : last]");
      placed.add("in" + i + "[at[" + (i + 1) + "]]");
    }
    numberParameters().forEach(number -> parameters.append(", ").append(number));
    for (int n = 0; n < numbers.size(); n++) {
      for (List<String> list : List.of(fourth, last, placed)) {
        list.add("n" + n);
      }
    }
    return """
    template <class T> struct alignas(sizeof(T) < 4 ? 4 : 16) Four { T at[4]; };
    template <class T> HERE Four<T> four(const T* from, i64 group, bool single) {
      if (!single) return reinterpret_cast<const Four<T>*>(from)[group];
      T value = from[0];
      return Four<T>{{value, value, value, value}};
    }
    extern "C" __global__ void contiguous(PARAMETERS, u32 single, i64 count) {
      for (i64 group = thread_index(); group < count / 4; group += thread_count()) {
    LOADS    Four<RESULT> result;
        for (int k = 0; k < 4; k++) result.at[k] = value(FOURTH);
        reinterpret_cast<Four<RESULT>*>(out)[group] = result;
      }
      i64 last = count / 4 * 4 + thread_index();
      if (last < count) out[last] = value(LAST);
    }
    extern "C" __global__ void strided(PARAMETERS, Walk walk, i64 count) {
      for (i64 place = thread_index(); place < count; place += thread_count()) {
        i64 at[OPERANDS];
        locate(walk, (u64) place, at);
        out[at[0]] = value(PLACED);
      }
    }
    """
        .replace("PARAMETERS", parameters)
        .replace("LOADS", loads)
        .replace("RESULT", CType.of(result))
        .replace("FOURTH", String.join(", ", fourth))
        .replace("LAST", String.join(", ", last))
        .replace("PLACED", String.join(", ", placed));
  }
}
