package dev.ladera.backend.cpu;

import static java.lang.constant.ConstantDescs.CD_Object;
import static java.lang.constant.ConstantDescs.CD_int;
import static java.lang.constant.ConstantDescs.CD_void;

import dev.ladera.DType;
import dev.ladera.backend.cpu.LaneCode.Instruction;
import dev.ladera.op.Pointwise;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.Label;
import java.lang.classfile.TypeKind;
import java.lang.constant.ClassDesc;
import java.lang.constant.MethodTypeDesc;
import java.util.List;

/**
 * Writes loops over Java's own numbers, in one of two forms. <em>Strided</em>: each operand has an
 * index that moves by its stride; this serves everything. <em>Aligned</em>: one index for all
 * operands but those that stay (stride 0), which is the form that the compiler makes vectors of by
 * itself; not for code that joins.
 */
final class ScalarLoopGenerator {
  static final MethodTypeDesc RUN =
      MethodTypeDesc.of(
          CD_void,
          Pointwise.class.describeConstable().orElseThrow(),
          CD_Object.arrayType(),
          CD_int.arrayType(),
          CD_int.arrayType(),
          CD_int);

  private static final ClassDesc ARRAYS_OF_JAVA = ClassDesc.of("java.util.Arrays");

  // Local variables of RowLoop.run; 0 is the loop itself.
  static final int NUMBERS = 1;
  static final int ARRAYS = 2;
  static final int AT = 3;
  static final int STRIDES = 4;
  static final int COUNT = 5;

  private final LaneCode lanes;
  private final boolean aligned;
  private final long still;
  private final boolean begins;
  private final List<LaneFunction> functions;

  private ScalarLoopGenerator(LaneCode lanes, boolean aligned, long still, boolean begins) {
    this.lanes = lanes;
    this.functions = lanes.functions();
    this.aligned = aligned;
    this.still = still;
    this.begins = begins;
  }

  /** A loop over operands of any strides. */
  static RowLoop strided(LaneCode lanes) {
    return new ScalarLoopGenerator(lanes, false, 0, true).generate("StridedLoop");
  }

  /** The same for the end of a row, whose chains have begun. */
  static RowLoop rest(LaneCode lanes) {
    return new ScalarLoopGenerator(lanes, false, 0, false).generate("RestLoop");
  }

  /**
   * A loop over operands that begin at one index and lie next to each other.
   *
   * @param still a bit for each operand that has stride 0; inputs only
   */
  static RowLoop aligned(LaneCode lanes, long still) {
    return new ScalarLoopGenerator(lanes, true, still, true).generate("AlignedLoop");
  }

  private RowLoop generate(String name) {
    List<ScalarFunction> constants = functions.stream().map(LaneFunction::scalar).toList();
    return GeneratedClasses.define(name, RowLoop.class, "run", RUN, constants, this::body);
  }

  private boolean isStill(int operand) {
    return aligned && (still & 1L << operand) != 0;
  }

  private void body(CodeBuilder code) {
    ScalarEmitter emitter = new ScalarEmitter(code);
    int operands = lanes.operands();
    int[] arrays = new int[operands];
    int[] indices = new int[operands];
    int[] strides = new int[operands];
    for (int k = 0; k < operands; k++) {
      arrays[k] = code.allocateLocal(TypeKind.REFERENCE);
      var arrayType = GeneratedClasses.descriptor(lanes.operand(k)).arrayType();
      code.aload(ARRAYS).loadConstant(k).aaload().checkcast(arrayType).astore(arrays[k]);
      if (aligned && k > 0) {
        continue;
      }
      indices[k] = code.allocateLocal(TypeKind.INT);
      code.aload(AT).loadConstant(k).iaload().istore(indices[k]);
      if (!aligned) {
        strides[k] = code.allocateLocal(TypeKind.INT);
        code.aload(STRIDES).loadConstant(k).iaload().istore(strides[k]);
      }
    }
    int[] locals = new int[lanes.instructions().size()];
    before(code, emitter, locals, arrays);
    if (begins) {
      beginChains(code, emitter, arrays);
    }
    int counter = aligned ? indices[0] : code.allocateLocal(TypeKind.INT);
    if (aligned) {
      code.iload(COUNT).iload(counter).iadd().istore(COUNT);
    } else {
      code.iconst_0().istore(counter);
    }
    Label top = code.newLabel();
    Label end = code.newLabel();
    code.labelBinding(top).iload(counter).iload(COUNT).if_icmpge(end);
    for (int i = 0; i < locals.length; i++) {
      Instruction instruction = lanes.instructions().get(i);
      if (locals[i] == 0) {
        switch (instruction) {
          case Instruction.Input(int input, DType _) -> {
            int k = lanes.results().size() + input;
            code.aload(arrays[k]).iload(aligned ? counter : indices[k]);
            code.arrayLoad(GeneratedClasses.kind(instruction.type()));
          }
          case Instruction.Apply apply ->
              emitter.apply(apply, locals, lanes.instructions().get(apply.a()).type());
          case Instruction.Call call -> emitter.call(call, locals, functions);
          case Instruction.Constant constant -> emitter.constant(constant);
          case Instruction.Parameter parameter -> emitter.parameter(parameter, NUMBERS);
        }
        store(code, instruction.type(), locals, i);
      }
    }
    for (int k = 0; k < lanes.results().size(); k++) {
      TypeKind kind = GeneratedClasses.kind(lanes.result(k));
      LaneOp fold = lanes.fold(k);
      code.aload(arrays[k]).iload(aligned ? counter : indices[k]);
      if (fold != null) {
        code.loadConstant(Chains.COUNT - 1).iand().dup2().arrayLoad(kind);
      }
      code.loadLocal(kind, locals[lanes.results().get(k)]);
      if (fold != null) {
        emitter.combine(fold, lanes.result(k), lanes.result(k));
      }
      code.arrayStore(kind);
    }
    if (!aligned) {
      for (int k = 0; k < operands; k++) {
        code.iload(indices[k]).iload(strides[k]).iadd().istore(indices[k]);
      }
    }
    code.iinc(counter, 1).goto_(top).labelBinding(end);
    endChains(code, emitter, arrays, counter);
    code.return_();
  }

  /** Fills as many chains as elements can reach with what changes none of them. */
  private void beginChains(CodeBuilder code, ScalarEmitter emitter, int[] arrays) {
    for (int k = 0; k < lanes.results().size(); k++) {
      LaneOp fold = lanes.fold(k);
      if (fold == null) {
        continue;
      }
      DType type = lanes.result(k);
      ClassDesc element = GeneratedClasses.descriptor(type);
      code.aload(arrays[k]).iconst_0();
      Label many = code.newLabel();
      Label fill = code.newLabel();
      code.iload(COUNT).loadConstant(Chains.QUARTER).if_icmpgt(many);
      code.loadConstant(Chains.QUARTER).goto_(fill);
      code.labelBinding(many).loadConstant(Chains.COUNT).labelBinding(fill);
      emitter.constant(Chains.nothing(fold, type));
      code.invokestatic(
          ARRAYS_OF_JAVA,
          "fill",
          MethodTypeDesc.of(CD_void, element.arrayType(), CD_int, CD_int, element));
    }
  }

  /** Joins each chain of the first quarter with those of the others, where those have begun. */
  private void endChains(CodeBuilder code, ScalarEmitter emitter, int[] arrays, int counter) {
    if (lanes.folds().isEmpty()) {
      return;
    }
    Label top = code.newLabel();
    Label end = code.newLabel();
    if (begins) {
      code.iload(COUNT).loadConstant(Chains.QUARTER).if_icmple(end);
    }
    code.iconst_0().istore(counter);
    code.labelBinding(top).iload(counter).loadConstant(Chains.QUARTER).if_icmpge(end);
    for (int k = 0; k < lanes.results().size(); k++) {
      LaneOp fold = lanes.fold(k);
      if (fold == null) {
        continue;
      }
      DType type = lanes.result(k);
      TypeKind kind = GeneratedClasses.kind(type);
      code.aload(arrays[k]).iload(counter);
      for (int quarter : new int[] {0, 2, 1, 3}) {
        code.aload(arrays[k]).iload(counter).loadConstant(quarter * Chains.QUARTER).iadd();
        code.arrayLoad(kind);
        if (quarter >= 2) {
          emitter.combine(fold, type, type);
        }
      }
      emitter.combine(fold, type, type);
      code.arrayStore(kind);
    }
    code.iinc(counter, 1).goto_(top).labelBinding(end);
  }

  /** What stays the same is computed once; locals of the rest stay 0. */
  private void before(CodeBuilder code, ScalarEmitter emitter, int[] locals, int[] arrays) {
    for (int i = 0; i < locals.length; i++) {
      Instruction instruction = lanes.instructions().get(i);
      switch (instruction) {
        case Instruction.Constant constant -> {
          emitter.constant(constant);
          store(code, instruction.type(), locals, i);
        }
        case Instruction.Parameter parameter -> {
          emitter.parameter(parameter, NUMBERS);
          store(code, instruction.type(), locals, i);
        }
        case Instruction.Input(int input, DType type)
            when isStill(lanes.results().size() + input) -> {
          int k = lanes.results().size() + input;
          code.aload(arrays[k]).aload(AT).loadConstant(k).iaload();
          code.arrayLoad(GeneratedClasses.kind(type));
          store(code, type, locals, i);
        }
        default -> {}
      }
    }
  }

  private static void store(CodeBuilder code, DType type, int[] locals, int place) {
    TypeKind kind = GeneratedClasses.kind(type);
    locals[place] = code.allocateLocal(kind);
    code.storeLocal(kind, locals[place]);
  }
}
