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
 * How loops join elements: element i of a row is joined to number {@code i mod COUNT} of an array
 * of chains, and the chains to one, each half to the other, when the row is done. So many chains
 * keep the processor busy whatever its vectors, and float32 sums accurate; since their number is
 * the same on every machine, so are the bits of sums.
 *
 * <p>Loops begin with chains of {@linkplain #nothing nothing}; they, or the loop over what they
 * leave, end with a quarter of them, to which the others are joined. The rest is done here.
 */
final class Chains {
  /** How many chains there are: four of the widest vectors of float32. */
  static final int COUNT = 64;

  /** How many are left when a loop ends. */
  static final int QUARTER = COUNT / 4;

  /** The generated end of a row. */
  private interface Join {
    /** Joins so many chains, a power of two and at most a quarter of all. */
    void run(Object chains, int count, Object out, int outAt);
  }

  private static final MethodTypeDesc RUN =
      MethodTypeDesc.of(CD_void, CD_Object, CD_int, CD_Object, CD_int);

  // Local variables of Join.run; 0 is the join itself.
  private static final int CHAINS = 1;
  private static final int USED = 2;
  private static final int OUT = 3;
  private static final int OUT_AT = 4;

  private final DType type;
  private final LaneOp op;
  private final Join join;

  Chains(DType type, LaneOp op) {
    this.type = type;
    this.op = op;
    this.join = GeneratedClasses.define("Join", Join.class, "run", RUN, List.of(), this::body);
  }

  /** An array of chains. */
  Object newArray() {
    return type.newArray(COUNT);
  }

  /** Ends a row of so many elements: joins what the loop over them has left. */
  void end(Object chains, int elements, Object out, int outAt) {
    int used = elements > QUARTER / 2 ? QUARTER : Integer.highestOneBit(2 * elements - 1);
    join.run(chains, used, out, outAt);
  }

  /** What changes no element that it is joined to; sums begin with 0, so never are −0. */
  static LaneCode.Instruction.Constant nothing(LaneOp op, DType type) {
    double number =
        switch (op) {
          case MUL -> 1;
          case MAX -> Double.NEGATIVE_INFINITY;
          case MIN -> Double.POSITIVE_INFINITY;
          default -> 0;
        };
    long bits =
        switch (type) {
          case FLOAT32 -> Float.floatToRawIntBits((float) number);
          case FLOAT64 -> Double.doubleToRawLongBits(number);
          // Infinities become the limits.
          case INT32 -> (int) number;
          case INT64 -> (long) number;
          case BOOL -> op == LaneOp.AND ? 1 : 0;
        };
    return new LaneCode.Instruction.Constant(bits, type);
  }

  /** One formula for each number of chains, as that does not wait for what was just stored. */
  private void body(CodeBuilder code) {
    ClassDesc array = GeneratedClasses.descriptor(type).arrayType();
    TypeKind kind = GeneratedClasses.kind(type);
    ScalarEmitter emitter = new ScalarEmitter(code);
    code.aload(CHAINS).checkcast(array).astore(CHAINS);
    for (int count = QUARTER; count >= 1; count /= 2) {
      Label other = code.newLabel();
      code.iload(USED).loadConstant(count).if_icmpne(other);
      code.aload(OUT).checkcast(array).iload(OUT_AT);
      joined(code, emitter, 0, 1, count);
      code.arrayStore(kind).return_().labelBinding(other);
    }
    code.return_();
  }

  /** Pushes what every so many chains from one on are joined to. */
  private void joined(CodeBuilder code, ScalarEmitter emitter, int chain, int distance, int count) {
    if (distance == count) {
      code.aload(CHAINS).loadConstant(chain).arrayLoad(GeneratedClasses.kind(type));
      return;
    }
    joined(code, emitter, chain, 2 * distance, count);
    joined(code, emitter, chain + distance, 2 * distance, count);
    emitter.combine(op, type, type);
  }
}
