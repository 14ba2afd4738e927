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
import java.util.Arrays;
import java.util.Collections;
import java.util.List;

/**
 * How loops join elements: element i of a row is joined to number {@code i mod COUNT} of an array
 * of chains, and the chains to one, each half to the other, when the row is done. So many chains
 * keep the processor busy whatever its vectors, and float32 sums accurate; since their number is
 * the same on every machine, so are the bits of sums.
 */
final class Chains {
  /** How many chains there are: four of the widest vectors of float32. */
  static final int COUNT = 64;

  private static final int QUARTER = COUNT / 4;

  /** The generated end of a row. */
  interface Join {
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
  private final ElementLoops quarters;
  private final Join join;

  Chains(DType type, LaneOp op, Engine engine) {
    this.type = type;
    this.op = op;
    LaneCode.Builder code = new LaneCode.Builder();
    int even = code.apply(op, code.input(0, type), code.input(2, type));
    int odd = code.apply(op, code.input(1, type), code.input(3, type));
    this.quarters =
        new ElementLoops(
            code.build(Collections.nCopies(4, type), code.apply(op, even, odd)), engine);
    this.join = GeneratedClasses.define("Join", Join.class, "run", RUN, List.of(), this::body);
  }

  /** The chains of one thread. */
  final class Row {
    /** What loops join elements to. */
    final Object chains = type.newArray(COUNT);

    private final Object[] arrays = {chains, chains, chains, chains, chains};
    private final int[] at = {0, 0, QUARTER, 2 * QUARTER, 3 * QUARTER};
    private final ElementLoops.Rows toQuarter = quarters.rows(1, 1, 1, 1, 1);

    /** Begins a row whose parts have at most so many elements. */
    void clear(int elements) {
      int count = used(elements);
      double number = nothing();
      switch (chains) {
        case float[] values -> Arrays.fill(values, 0, count, (float) number);
        case double[] values -> Arrays.fill(values, 0, count, number);
        case int[] values -> Arrays.fill(values, 0, count, (int) number);
        case long[] values -> Arrays.fill(values, 0, count, (long) number);
        case boolean[] values -> Arrays.fill(values, 0, count, op == LaneOp.AND);
        default -> throw new IllegalStateException("no chains of " + type);
      }
    }

    /** Ends a row whose parts had at most so many elements. */
    void join(int elements, Object out, int outAt) {
      int count = used(elements);
      if (count == COUNT) {
        toQuarter.run(arrays, at, QUARTER);
      }
      join.run(chains, count > QUARTER ? QUARTER : count, out, outAt);
    }
  }

  /** The least power of two that is not less, or all chains where that is more than a quarter. */
  private static int used(int elements) {
    return elements > QUARTER ? COUNT : Integer.highestOneBit(2 * elements - 1);
  }

  /** What changes no element that it is joined to; integers are at their limits when converted. */
  private double nothing() {
    return switch (op) {
      case MUL -> 1;
      case MAX -> Double.NEGATIVE_INFINITY;
      case MIN -> Double.POSITIVE_INFINITY;
      default -> 0;
    };
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
