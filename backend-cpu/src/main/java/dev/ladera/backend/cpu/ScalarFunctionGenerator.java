package dev.ladera.backend.cpu;

import dev.ladera.DType;
import dev.ladera.backend.cpu.LaneCode.Instruction;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.Label;
import java.lang.classfile.TypeKind;
import java.lang.constant.ClassDesc;
import java.lang.constant.MethodTypeDesc;
import java.util.Arrays;
import java.util.List;

/**
 * Writes the scalar form of functions that are made of instructions. What is used once goes over
 * the stack, which the interpreter likes, and stands in its arm of a selection if it is used only
 * there; what is used more often is computed before and kept in local variables.
 */
final class ScalarFunctionGenerator {
  private final List<Instruction> instructions;
  private final CodeBuilder code;
  private final ScalarEmitter emitter;
  private final int[] locals;

  private ScalarFunctionGenerator(LaneCode body, CodeBuilder code) {
    this.instructions = body.instructions();
    this.code = code;
    this.emitter = new ScalarEmitter(code);
    this.locals = new int[instructions.size()];
    Arrays.fill(locals, -1);
  }

  /** A function of a name, which stack traces and profiles show. */
  static ScalarFunction generate(String name, LaneCode body) {
    ClassDesc[] inputs =
        body.inputs().stream().map(GeneratedClasses::descriptor).toArray(ClassDesc[]::new);
    return GeneratedClasses.define(
        name,
        ScalarFunction.class,
        "of",
        MethodTypeDesc.of(GeneratedClasses.descriptor(body.result(0)), inputs),
        List.of(),
        code -> new ScalarFunctionGenerator(body, code).body(body.results().getFirst()));
  }

  private void body(int result) {
    int[] uses = uses();
    for (int i = 0; i < locals.length; i++) {
      if (instructions.get(i) instanceof Instruction.Input(int input, _)) {
        locals[i] = code.parameterSlot(input);
      } else if (instructions.get(i) instanceof Instruction.Apply apply && uses[i] > 1) {
        TypeKind kind = GeneratedClasses.kind(apply.type());
        push(i);
        locals[i] = code.allocateLocal(kind);
        code.storeLocal(kind, locals[i]);
      }
    }
    push(result);
    code.return_(GeneratedClasses.kind(instructions.get(result).type()));
  }

  private int[] uses() {
    int[] uses = new int[instructions.size()];
    for (Instruction instruction : instructions) {
      if (instruction instanceof Instruction.Apply(_, int a, int b, int c, _)) {
        for (int operand : new int[] {a, b, c}) {
          if (operand >= 0) {
            uses[operand]++;
          }
        }
      }
    }
    return uses;
  }

  private void push(int place) {
    Instruction instruction = instructions.get(place);
    if (locals[place] >= 0) {
      code.loadLocal(GeneratedClasses.kind(instruction.type()), locals[place]);
      return;
    }
    switch (instruction) {
      case Instruction.Constant constant -> emitter.constant(constant);
      case Instruction.Apply(LaneOp op, int condition, int yes, int no, _)
          when op == LaneOp.SELECT -> {
        Label otherwise = code.newLabel();
        Label end = code.newLabel();
        push(condition);
        code.ifeq(otherwise);
        push(yes);
        code.goto_(end).labelBinding(otherwise);
        push(no);
        code.labelBinding(end);
      }
      case Instruction.Apply(LaneOp op, int a, int b, int c, DType type) -> {
        push(a);
        if (op.operands() > 1) {
          push(b);
        }
        if (op.operands() > 2) {
          push(c);
        }
        emitter.combine(op, instructions.get(a).type(), type);
      }
      case Instruction.Input _, Instruction.Parameter _, Instruction.Call _ ->
          throw new IllegalStateException(instruction + " cannot stand in a function's body");
    }
  }
}
