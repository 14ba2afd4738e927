package dev.ladera.backend.cpu;

import static java.lang.constant.ConstantDescs.CD_double;
import static java.lang.constant.ConstantDescs.CD_float;
import static java.lang.constant.ConstantDescs.CD_int;
import static java.lang.constant.ConstantDescs.CD_long;

import dev.ladera.DType;
import dev.ladera.backend.cpu.LaneCode.Instruction;
import dev.ladera.op.Pointwise;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.Label;
import java.lang.classfile.Opcode;
import java.lang.classfile.TypeKind;
import java.lang.constant.ClassDesc;
import java.lang.constant.MethodTypeDesc;
import java.util.List;

/** Writes single instructions on Java's own numbers. */
final class ScalarEmitter {
  private static final ClassDesc MATH = ClassDesc.of("java.lang.Math");
  private static final ClassDesc SCALAR_MATH = ScalarMath.class.describeConstable().orElseThrow();
  private static final ClassDesc SCALAR_FUNCTION =
      ScalarFunction.class.describeConstable().orElseThrow();
  private static final ClassDesc POINTWISE = Pointwise.class.describeConstable().orElseThrow();

  private final CodeBuilder code;

  ScalarEmitter(CodeBuilder code) {
    this.code = code;
  }

  /** Pushes a constant. */
  void constant(Instruction.Constant constant) {
    switch (constant.type()) {
      case FLOAT32 -> code.loadConstant(constant.asFloat());
      case FLOAT64 -> code.loadConstant(constant.asDouble());
      case INT32, BOOL -> code.loadConstant((int) constant.bits());
      case INT64 -> code.loadConstant(constant.bits());
    }
  }

  /** Pushes a number of the operator that is in a local variable. */
  void parameter(Instruction.Parameter parameter, int operator) {
    code.aload(operator).loadConstant(parameter.index());
    boolean integer = parameter.type().isInteger();
    code.invokevirtual(
        POINTWISE,
        integer ? "scalarAsLong" : "scalarAsDouble",
        MethodTypeDesc.of(integer ? CD_long : CD_double, CD_int));
    switch (parameter.type()) {
      case FLOAT32 -> code.d2f();
      case INT32 -> code.l2i();
      case BOOL -> {
        code.dconst_0().dcmpl();
        truth(Opcode.IFNE);
      }
      case FLOAT64, INT64 -> {}
    }
  }

  /** Pushes an instruction's result; operands are in local variables. */
  void apply(Instruction.Apply apply, int[] locals, DType operandType) {
    TypeKind kind = GeneratedClasses.kind(operandType);
    if (apply.op() == LaneOp.SELECT) {
      select(apply, locals);
      return;
    }
    code.loadLocal(kind, locals[apply.a()]);
    if (apply.op().operands() > 1) {
      code.loadLocal(kind, locals[apply.b()]);
    }
    if (apply.op().operands() > 2) {
      code.loadLocal(kind, locals[apply.c()]);
    }
    combine(apply.op(), operandType, apply.type());
  }

  private void select(Instruction.Apply apply, int[] locals) {
    TypeKind kind = GeneratedClasses.kind(apply.type());
    Label no = code.newLabel();
    Label end = code.newLabel();
    code.iload(locals[apply.a()]).ifeq(no).loadLocal(kind, locals[apply.b()]).goto_(end);
    code.labelBinding(no).loadLocal(kind, locals[apply.c()]).labelBinding(end);
  }

  /** Replaces the operands on the stack by the result. */
  void combine(LaneOp op, DType type, DType result) {
    switch (op) {
      case ADD -> arithmetic(type, Opcode.FADD, Opcode.DADD, Opcode.IADD, Opcode.LADD);
      case SUB -> arithmetic(type, Opcode.FSUB, Opcode.DSUB, Opcode.ISUB, Opcode.LSUB);
      case MUL -> arithmetic(type, Opcode.FMUL, Opcode.DMUL, Opcode.IMUL, Opcode.LMUL);
      case DIV -> arithmetic(type, Opcode.FDIV, Opcode.DDIV, Opcode.IDIV, Opcode.LDIV);
      case NEG -> arithmetic(type, Opcode.FNEG, Opcode.DNEG, Opcode.INEG, Opcode.LNEG);
      case ABS -> math("abs", type, 1);
      case MIN -> math("min", type, 2);
      case MAX -> math("max", type, 2);
      case FMA -> math("fma", type, 3);
      case SQRT -> squareRoot(type);
      case AND -> bits(type, Opcode.IAND, Opcode.LAND);
      case OR -> bits(type, Opcode.IOR, Opcode.LOR);
      case XOR -> bits(type, Opcode.IXOR, Opcode.LXOR);
      case NOT -> complement(type);
      case SHIFT_LEFT -> shift(type, Opcode.ISHL, Opcode.LSHL);
      case SHIFT_RIGHT -> shift(type, Opcode.ISHR, Opcode.LSHR);
      case SHIFT_RIGHT_UNSIGNED -> shift(type, Opcode.IUSHR, Opcode.LUSHR);
      case EQ -> compare(type, Opcode.IFEQ, Opcode.IF_ICMPEQ, false);
      case NE -> compare(type, Opcode.IFNE, Opcode.IF_ICMPNE, false);
      case LT -> compare(type, Opcode.IFLT, Opcode.IF_ICMPLT, true);
      case LE -> compare(type, Opcode.IFLE, Opcode.IF_ICMPLE, true);
      case GT -> compare(type, Opcode.IFGT, Opcode.IF_ICMPGT, false);
      case GE -> compare(type, Opcode.IFGE, Opcode.IF_ICMPGE, false);
      case REINTERPRET -> reinterpret(type);
      case CONVERT ->
          code.conversion(GeneratedClasses.kind(type).asLoadable(), GeneratedClasses.kind(result));
      case SELECT -> throw new IllegalArgumentException("a selection is no plain combination");
    }
  }

  private void arithmetic(DType type, Opcode f, Opcode d, Opcode i, Opcode l) {
    code.with(
        java.lang.classfile.instruction.OperatorInstruction.of(
            switch (type) {
              case FLOAT32 -> f;
              case FLOAT64 -> d;
              case INT32, BOOL -> i;
              case INT64 -> l;
            }));
  }

  private void bits(DType type, Opcode i, Opcode l) {
    arithmetic(type, i, l, i, l);
  }

  private void math(String name, DType type, int arity) {
    ClassDesc number = GeneratedClasses.descriptor(type);
    ClassDesc[] parameters = new ClassDesc[arity];
    java.util.Arrays.fill(parameters, number);
    code.invokestatic(MATH, name, MethodTypeDesc.of(number, parameters));
  }

  /** The root in float64, rounded, is the float32 root: 53 bits are more than twice 24 plus two. */
  private void squareRoot(DType type) {
    boolean single = type == DType.FLOAT32;
    if (single) {
      code.f2d();
    }
    code.invokestatic(MATH, "sqrt", MethodTypeDesc.of(CD_double, CD_double));
    if (single) {
      code.d2f();
    }
  }

  private void complement(DType type) {
    switch (type) {
      case BOOL -> code.iconst_1().ixor();
      case INT32 -> code.iconst_m1().ixor();
      case INT64 -> code.loadConstant(-1L).lxor();
      case FLOAT32, FLOAT64 -> throw new IllegalArgumentException("no complement of " + type);
    }
  }

  private void shift(DType type, Opcode i, Opcode l) {
    if (type == DType.INT64) {
      code.l2i();
    }
    bits(type, i, l);
  }

  /** NaN makes each comparison false but NE; {@code less} picks the variant that sees to it. */
  private void compare(DType type, Opcode zero, Opcode integers, boolean less) {
    switch (type) {
      case FLOAT32 -> {
        if (less) {
          code.fcmpg();
        } else {
          code.fcmpl();
        }
        truth(zero);
      }
      case FLOAT64 -> {
        if (less) {
          code.dcmpg();
        } else {
          code.dcmpl();
        }
        truth(zero);
      }
      case INT64 -> {
        code.lcmp();
        truth(zero);
      }
      case INT32, BOOL -> truth(integers);
    }
  }

  /** Pushes whether a branch is taken. */
  private void truth(Opcode branch) {
    Label yes = code.newLabel();
    Label end = code.newLabel();
    code.branch(branch, yes).iconst_0().goto_(end).labelBinding(yes).iconst_1().labelBinding(end);
  }

  private void reinterpret(DType type) {
    switch (type) {
      case FLOAT32 ->
          code.invokestatic(
              ClassDesc.of("java.lang.Float"),
              "floatToRawIntBits",
              MethodTypeDesc.of(CD_int, CD_float));
      case INT32 ->
          code.invokestatic(
              ClassDesc.of("java.lang.Float"),
              "intBitsToFloat",
              MethodTypeDesc.of(CD_float, CD_int));
      case FLOAT64 ->
          code.invokestatic(
              ClassDesc.of("java.lang.Double"),
              "doubleToRawLongBits",
              MethodTypeDesc.of(CD_long, CD_double));
      case INT64 ->
          code.invokestatic(
              ClassDesc.of("java.lang.Double"),
              "longBitsToDouble",
              MethodTypeDesc.of(CD_double, CD_long));
      case BOOL -> throw new IllegalArgumentException("bool has no floating twin");
    }
  }

  /**
   * Pushes a function's value.
   *
   * @param functions the constants of the class
   */
  void call(Instruction.Call call, int[] locals, List<LaneFunction> functions) {
    ClassDesc number = GeneratedClasses.descriptor(call.type());
    TypeKind kind = GeneratedClasses.kind(call.type());
    MethodTypeDesc type =
        call.b() < 0
            ? MethodTypeDesc.of(number, number)
            : MethodTypeDesc.of(number, number, number);
    if (call.function() != null) {
      int index = functions.indexOf(call.function());
      code.ldc(GeneratedClasses.constant(index, SCALAR_FUNCTION));
    }
    code.loadLocal(kind, locals[call.a()]);
    if (call.b() >= 0) {
      code.loadLocal(kind, locals[call.b()]);
    }
    if (call.function() != null) {
      code.invokeinterface(SCALAR_FUNCTION, "of", type);
    } else {
      code.invokestatic(SCALAR_MATH, call.method(), type);
    }
  }
}
