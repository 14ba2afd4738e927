package dev.ladera.backend.cpu;

import static java.lang.constant.ConstantDescs.CD_Object;
import static java.lang.constant.ConstantDescs.CD_int;
import static java.lang.constant.ConstantDescs.CD_void;

import dev.ladera.DType;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.Label;
import java.lang.classfile.TypeKind;
import java.lang.constant.ClassDesc;
import java.lang.constant.MethodTypeDesc;
import java.util.List;

/**
 * Writes {@link ReduceLoop}s. The chains are independent of each other, so that the processor works
 * on several at once, and short, so that float32 sums stay accurate.
 */
final class ReduceLoopGenerator {
  private static final MethodTypeDesc RUN =
      MethodTypeDesc.of(CD_void, CD_Object, CD_int, CD_int, CD_int, CD_Object, CD_int);

  // Local variables of ReduceLoop.run; 0 is the loop itself.
  private static final int IN = 1;
  private static final int AT = 2;
  private static final int STRIDE = 3;
  private static final int COUNT = 4;
  private static final int OUT = 5;
  private static final int OUT_AT = 6;

  private final DType type;
  private final LaneOp op;
  private final boolean neighbours;
  private final TypeKind kind;

  private ReduceLoopGenerator(DType type, LaneOp op, boolean neighbours) {
    this.type = type;
    this.op = op;
    this.neighbours = neighbours;
    this.kind = GeneratedClasses.kind(type);
  }

  /**
   * A loop over elements of a type.
   *
   * @param neighbours whether the stride is known to be 1
   */
  static ReduceLoop generate(DType type, LaneOp op, boolean neighbours) {
    ReduceLoopGenerator generator = new ReduceLoopGenerator(type, op, neighbours);
    return GeneratedClasses.define(
        "ReduceLoop", ReduceLoop.class, "run", RUN, List.of(), generator::body);
  }

  private void body(CodeBuilder code) {
    ScalarEmitter emitter = new ScalarEmitter(code);
    ClassDesc array = GeneratedClasses.descriptor(type).arrayType();
    code.aload(IN).checkcast(array).astore(IN);
    code.aload(OUT).checkcast(array).astore(OUT);
    int total = code.allocateLocal(kind);
    int chains = chains(code);
    Label few = code.newLabel();
    Label done = code.newLabel();
    code.iload(COUNT).loadConstant(ReduceLoop.CHAINS).if_icmplt(few);
    for (int k = 0; k < ReduceLoop.CHAINS; k++) {
      element(code, k);
      code.storeLocal(kind, chain(chains, k));
    }
    advance(code);
    loop(code, emitter, chains);
    join(code, emitter, chains);
    code.storeLocal(kind, total);
    code.iload(COUNT).ifeq(done);
    tail(code, emitter, chains);
    code.loadLocal(kind, total).loadLocal(kind, chains);
    emitter.combine(op, type, type);
    code.storeLocal(kind, total).goto_(done);
    code.labelBinding(few);
    tail(code, emitter, chains);
    code.loadLocal(kind, chains).storeLocal(kind, total);
    code.labelBinding(done);
    code.aload(OUT).iload(OUT_AT).loadLocal(kind, total);
    if (op == LaneOp.ADD) {
      withoutSignOfZero(code);
    }
    code.arrayStore(kind).return_();
  }

  /** A sum of negative zeros alone is 0, as if it had begun there. */
  private void withoutSignOfZero(CodeBuilder code) {
    if (type == DType.FLOAT32) {
      code.fconst_0().fadd();
    } else if (type == DType.FLOAT64) {
      code.dconst_0().dadd();
    }
  }

  private int chains(CodeBuilder code) {
    int first = code.allocateLocal(kind);
    for (int k = 1; k < ReduceLoop.CHAINS; k++) {
      code.allocateLocal(kind);
    }
    return first;
  }

  private int chain(int first, int k) {
    return first + k * kind.slotSize();
  }

  /** Pushes the k-th element from here, or, where strides vary, the present one, and goes on. */
  private void element(CodeBuilder code, int k) {
    code.aload(IN).iload(AT);
    if (neighbours) {
      code.loadConstant(k).iadd().arrayLoad(kind);
    } else {
      code.arrayLoad(kind).iload(AT).iload(STRIDE).iadd().istore(AT);
    }
  }

  private void advance(CodeBuilder code) {
    if (neighbours) {
      code.iinc(AT, ReduceLoop.CHAINS);
    }
    code.iinc(COUNT, -ReduceLoop.CHAINS);
  }

  private void loop(CodeBuilder code, ScalarEmitter emitter, int chains) {
    Label top = code.newLabel();
    Label end = code.newLabel();
    code.labelBinding(top).iload(COUNT).loadConstant(ReduceLoop.CHAINS).if_icmplt(end);
    for (int k = 0; k < ReduceLoop.CHAINS; k++) {
      code.loadLocal(kind, chain(chains, k));
      element(code, k);
      emitter.combine(op, type, type);
      code.storeLocal(kind, chain(chains, k));
    }
    advance(code);
    code.goto_(top).labelBinding(end);
  }

  private void join(CodeBuilder code, ScalarEmitter emitter, int chains) {
    for (int half = ReduceLoop.CHAINS / 2; half >= 1; half /= 2) {
      for (int k = 0; k < half; k++) {
        code.loadLocal(kind, chain(chains, k)).loadLocal(kind, chain(chains, k + half));
        emitter.combine(op, type, type);
        code.storeLocal(kind, chain(chains, k));
      }
    }
    code.loadLocal(kind, chains);
  }

  /** Joins the elements left, of which there is one at least, one after the other. */
  private void tail(CodeBuilder code, ScalarEmitter emitter, int sum) {
    element(code, 0);
    code.storeLocal(kind, sum);
    Label top = code.newLabel();
    Label end = code.newLabel();
    code.labelBinding(top).iinc(COUNT, -1).iload(COUNT).ifle(end);
    if (neighbours) {
      code.iinc(AT, 1);
    }
    code.loadLocal(kind, sum);
    element(code, 0);
    emitter.combine(op, type, type);
    code.storeLocal(kind, sum).goto_(top).labelBinding(end);
  }
}
