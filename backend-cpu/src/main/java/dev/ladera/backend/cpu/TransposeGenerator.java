package dev.ladera.backend.cpu;

import static java.lang.constant.ConstantDescs.CD_Object;
import static java.lang.constant.ConstantDescs.CD_int;
import static java.lang.constant.ConstantDescs.CD_long;
import static java.lang.constant.ConstantDescs.CD_void;

import java.lang.classfile.CodeBuilder;
import java.lang.classfile.Label;
import java.lang.classfile.TypeKind;
import java.lang.constant.ClassDesc;
import java.lang.constant.DynamicConstantDesc;
import java.lang.constant.MethodTypeDesc;
import java.util.ArrayList;
import java.util.List;

/**
 * Writes {@link Transpose}s that work in registers: a square of rows is loaded, and in as many
 * rounds as the side has bits every two rows exchange blocks, of half a row at first and of single
 * elements at last; then the rows are columns. One selection from two vectors makes a new row.
 */
final class TransposeGenerator {
  private static final ClassDesc SPECIES = VectorLoopGenerator.SPECIES;
  private static final ClassDesc VECTOR = VectorLoopGenerator.VECTOR;
  private static final ClassDesc MASK = ClassDesc.of(VECTOR.packageName(), "VectorMask");
  private static final MethodTypeDesc RUN =
      MethodTypeDesc.of(CD_void, CD_Object, CD_int, CD_int, CD_int, CD_Object, CD_int, CD_int);

  // Local variables of Transpose.run; 0 is the object itself.
  private static final int SOURCE = 1;
  private static final int FROM = 2;
  private static final int LANE_STRIDE = 3;
  private static final int DEPTH = 4;
  private static final int PANEL = 5;
  private static final int TO = 6;
  private static final int WIDTH = 7;

  private final int side;
  private final int lanes;
  private final ClassDesc array;
  private final ClassDesc vector;
  private final ClassDesc bits;
  private final ClassDesc bitsArray;
  private final String toBits;
  private final String fromBits;

  private TransposeGenerator(boolean single, int side, int lanes) {
    this.side = side;
    this.lanes = lanes;
    this.array = ClassDesc.ofDescriptor(single ? "[F" : "[D");
    this.vector = ClassDesc.of(VECTOR.packageName(), single ? "FloatVector" : "DoubleVector");
    this.bits = ClassDesc.of(VECTOR.packageName(), single ? "IntVector" : "LongVector");
    this.bitsArray = ClassDesc.ofDescriptor(single ? "[I" : "[J");
    this.toBits = single ? "reinterpretAsInts" : "reinterpretAsLongs";
    this.fromBits = single ? "reinterpretAsFloats" : "reinterpretAsDoubles";
  }

  /**
   * Makes one for a number of lanes.
   *
   * @param lanes at most as many as a vector has
   * @throws LinkageError if the vector module cannot be used
   */
  @SuppressWarnings("unchecked") // the caller says by its type which array it means
  static <A> Transpose<A> generate(Elements<A> elements, VectorSupport support, int lanes) {
    boolean single = elements.bytes() == Float.BYTES;
    int side = support.lanes(elements.bytes());
    List<Object> constants = new ArrayList<>();
    try {
      constants.add(support.species(single ? "FloatVector" : "DoubleVector"));
      constants.add(support.species(single ? "IntVector" : "LongVector"));
    } catch (ReflectiveOperationException e) {
      throw new LinkageError("the vector species are missing", e);
    }
    for (int block = side / 2; block > 0; block /= 2) {
      constants.add(places(single, side, block, false));
      constants.add(places(single, side, block, true));
    }
    return GeneratedClasses.define(
        "Transpose",
        Transpose.class,
        "run",
        RUN,
        constants,
        new TransposeGenerator(single, side, lanes)::body);
  }

  /**
   * Of two rows, one after the other, the places that the new upper row takes, or the new lower
   * one: the upper gets both rows' even blocks, the lower their odd ones.
   */
  private static Object places(boolean single, int side, int block, boolean lower) {
    int[] ints = new int[side];
    long[] longs = new long[side];
    for (int i = 0; i < side; i++) {
      boolean even = (i & block) == 0;
      int place = even ? i : side + i - block;
      ints[i] = lower ? place + block : place;
      longs[i] = ints[i];
    }
    return single ? ints : longs;
  }

  private void body(CodeBuilder code) {
    code.aload(SOURCE).checkcast(array).astore(SOURCE);
    code.aload(PANEL).checkcast(array).astore(PANEL);
    int rounds = Integer.numberOfTrailingZeros(side);
    int[] upper = new int[rounds];
    int[] lower = new int[rounds];
    for (int round = 0; round < rounds; round++) {
      upper[round] = places(code, 2 + 2 * round);
      lower[round] = places(code, 3 + 2 * round);
    }
    int mask = mask(code);
    int done = code.allocateLocal(TypeKind.INT);
    code.iconst_0().istore(done);
    Label top = code.newLabel();
    Label end = code.newLabel();
    code.labelBinding(top).iload(done).iload(DEPTH).if_icmpge(end);
    int[] rows = load(code);
    for (int round = 0; round < rounds; round++) {
      exchange(code, rows, side >> (round + 1), upper[round], lower[round]);
    }
    store(code, rows, mask);
    code.iinc(FROM, side).iinc(done, side);
    code.iload(TO).iload(WIDTH).loadConstant(side).imul().iadd().istore(TO);
    code.goto_(top).labelBinding(end).return_();
  }

  private int places(CodeBuilder code, int constant) {
    int local = code.allocateLocal(TypeKind.REFERENCE);
    code.ldc(species(1)).ldc(GeneratedClasses.constant(constant, bitsArray)).iconst_0();
    code.invokestatic(bits, "fromArray", MethodTypeDesc.of(bits, SPECIES, bitsArray, CD_int));
    code.astore(local);
    return local;
  }

  /** A mask of the lanes where there are fewer than a vector has; else 0. */
  private int mask(CodeBuilder code) {
    if (lanes == side) {
      return 0;
    }
    int local = code.allocateLocal(TypeKind.REFERENCE);
    code.ldc(species(0)).loadConstant((1L << lanes) - 1);
    code.invokestatic(MASK, "fromLong", MethodTypeDesc.of(MASK, SPECIES, CD_long));
    code.astore(local);
    return local;
  }

  private static DynamicConstantDesc<?> species(int constant) {
    return GeneratedClasses.constant(constant, SPECIES);
  }

  /**
   * The rows of a square; those beyond the lanes are the last lane's, for something must be there.
   */
  private int[] load(CodeBuilder code) {
    int[] rows = new int[side];
    for (int i = 0; i < side; i++) {
      if (i >= lanes) {
        rows[i] = rows[lanes - 1];
        continue;
      }
      rows[i] = code.allocateLocal(TypeKind.REFERENCE);
      code.ldc(species(0)).aload(SOURCE);
      code.iload(FROM).iload(LANE_STRIDE).loadConstant(i).imul().iadd();
      code.invokestatic(vector, "fromArray", MethodTypeDesc.of(vector, SPECIES, array, CD_int));
      code.invokevirtual(vector, toBits, MethodTypeDesc.of(bits)).astore(rows[i]);
    }
    return rows;
  }

  private void exchange(CodeBuilder code, int[] rows, int block, int upper, int lower) {
    for (int i = 0; i < side; i++) {
      if ((i & block) == 0) {
        int first = select(code, upper, rows[i], rows[i + block]);
        int second = select(code, lower, rows[i], rows[i + block]);
        rows[i] = first;
        rows[i + block] = second;
      }
    }
  }

  private int select(CodeBuilder code, int places, int a, int b) {
    int local = code.allocateLocal(TypeKind.REFERENCE);
    code.aload(places).aload(a).aload(b);
    code.invokevirtual(bits, "selectFrom", MethodTypeDesc.of(bits, VECTOR, VECTOR)).astore(local);
    return local;
  }

  private void store(CodeBuilder code, int[] rows, int mask) {
    for (int i = 0; i < side; i++) {
      code.aload(rows[i]).invokevirtual(bits, fromBits, MethodTypeDesc.of(vector)).aload(PANEL);
      code.iload(TO).iload(WIDTH).loadConstant(i).imul().iadd();
      if (mask == 0) {
        code.invokevirtual(vector, "intoArray", MethodTypeDesc.of(CD_void, array, CD_int));
      } else {
        code.aload(mask);
        code.invokevirtual(vector, "intoArray", MethodTypeDesc.of(CD_void, array, CD_int, MASK));
      }
    }
  }
}
