package dev.ladera.backend.cpu;

import dev.ladera.DType;
import dev.ladera.op.BinaryOp;
import dev.ladera.op.Program;
import dev.ladera.op.Program.Step;

/** Turns a program's steps into instructions. */
final class ProgramLowering {
  private final LaneCode.Builder code = new LaneCode.Builder();
  private final LaneFunctions functions;
  private final int[] places;

  private ProgramLowering(int steps, FunctionTable table) {
    this.functions = new LaneFunctions(code, table);
    this.places = new int[steps];
  }

  /**
   * The code of a program.
   *
   * @param result the type to convert the result to
   */
  static LaneCode lower(Program program, DType result, FunctionTable table) {
    ProgramLowering lowering = new ProgramLowering(program.steps().size(), table);
    int last = -1;
    for (int i = 0; i < program.steps().size(); i++) {
      last = lowering.lower(program.steps().get(i));
      lowering.places[i] = last;
    }
    return lowering.code.build(program.inputs(), lowering.code.convert(last, result));
  }

  private int lower(Step step) {
    return switch (step) {
      case Step.Load(int input, DType dtype) -> code.input(input, dtype);
      case Step.Parameter(int index, DType dtype) -> code.parameter(index, dtype);
      case Step.Literal(double value, DType dtype) -> code.constant(value, dtype);
      case Step.Unary(var op, int operand, DType _) -> functions.unary(op, places[operand]);
      case Step.Binary(BinaryOp op, int left, int right, DType _) ->
          binary(op, places[left], places[right]);
      case Step.Select(int condition, int yes, int no, DType _) ->
          code.apply(LaneOp.SELECT, places[condition], places[yes], places[no]);
      case Step.Cast(int operand, DType dtype) -> code.convert(places[operand], dtype);
    };
  }

  private int binary(BinaryOp op, int a, int b) {
    return switch (op) {
      case ADD -> code.apply(LaneOp.ADD, a, b);
      case SUB -> code.apply(LaneOp.SUB, a, b);
      case MUL -> code.apply(LaneOp.MUL, a, b);
      case DIV -> code.apply(LaneOp.DIV, a, b);
      case MAX -> code.apply(LaneOp.MAX, a, b);
      case MIN -> code.apply(LaneOp.MIN, a, b);
      case EQ -> code.apply(LaneOp.EQ, a, b);
      case NE -> code.apply(LaneOp.NE, a, b);
      case LT -> code.apply(LaneOp.LT, a, b);
      case LE -> code.apply(LaneOp.LE, a, b);
      case GT -> code.apply(LaneOp.GT, a, b);
      case GE -> code.apply(LaneOp.GE, a, b);
      case AND -> code.apply(LaneOp.AND, a, b);
      case OR -> code.apply(LaneOp.OR, a, b);
      case XOR -> code.apply(LaneOp.XOR, a, b);
      case SHIFT_LEFT -> code.apply(LaneOp.SHIFT_LEFT, a, b);
      case SHIFT_RIGHT -> code.apply(LaneOp.SHIFT_RIGHT, a, b);
      case SHIFT_RIGHT_UNSIGNED -> code.apply(LaneOp.SHIFT_RIGHT_UNSIGNED, a, b);
      case FLOOR_DIV -> code.call("floorDiv", a, b);
      case REMAINDER -> code.call("remainder", a, b);
      case FMOD -> code.call("fmod", a, b);
      case POW -> code.call("pow", a, b);
      case ATAN2 -> code.call("atan2", a, b);
    };
  }
}
