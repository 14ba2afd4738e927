package dev.ladera.backend.cpu;

import static java.lang.constant.ConstantDescs.CD_int;
import static java.lang.constant.ConstantDescs.CD_void;

import java.lang.classfile.CodeBuilder;
import java.lang.classfile.Label;
import java.lang.classfile.TypeKind;
import java.lang.constant.ClassDesc;
import java.lang.constant.MethodTypeDesc;
import java.util.List;

/**
 * Writes the {@link PairMaximum} for the machine's vectors: even and odd elements of two rows are
 * picked apart, and the greater is kept, with its place, by a mask instead of a branch.
 */
final class PairMaximumGenerator {
  private static final ClassDesc SPECIES = VectorLoopGenerator.SPECIES;
  private static final ClassDesc VECTOR = VectorLoopGenerator.VECTOR;
  private static final String PACKAGE = VECTOR.packageName();
  private static final ClassDesc FLOATS = ClassDesc.of(PACKAGE, "FloatVector");
  private static final ClassDesc INTS = ClassDesc.of(PACKAGE, "IntVector");
  private static final ClassDesc LONGS = ClassDesc.of(PACKAGE, "LongVector");
  private static final ClassDesc MASK = ClassDesc.of(PACKAGE, "VectorMask");
  private static final ClassDesc OPERATORS = ClassDesc.of(PACKAGE, "VectorOperators");
  private static final ClassDesc COMPARISON = OPERATORS.nested("Comparison");
  private static final ClassDesc TEST = OPERATORS.nested("Test");
  private static final ClassDesc CONVERSION = OPERATORS.nested("Conversion");
  private static final ClassDesc FLOAT_ARRAY = ClassDesc.ofDescriptor("[F");
  private static final ClassDesc INT_ARRAY = ClassDesc.ofDescriptor("[I");
  private static final ClassDesc LONG_ARRAY = ClassDesc.ofDescriptor("[J");
  private static final MethodTypeDesc RUN =
      MethodTypeDesc.of(
          CD_void,
          FLOAT_ARRAY,
          CD_int,
          CD_int,
          CD_int,
          FLOAT_ARRAY,
          CD_int,
          LONG_ARRAY,
          CD_int,
          CD_int);

  // Local variables of Body.run; 0 is the object itself.
  private static final int INPUT = 1;
  private static final int FROM = 2;
  private static final int COLUMNS = 3;
  private static final int COUNT = 4;
  private static final int OUTPUT = 5;
  private static final int TO = 6;
  private static final int PLACES = 7;
  private static final int PLACES_TO = 8;
  private static final int FIRST_PLACE = 9;

  private final CodeBuilder code;
  private final int lanes;

  private PairMaximumGenerator(CodeBuilder code, int lanes) {
    this.code = code;
    this.lanes = lanes;
  }

  /** The generated method alone. */
  @FunctionalInterface
  interface Body {
    /** As {@link PairMaximum#run}. */
    void run(
        float[] input,
        int from,
        int columns,
        int count,
        float[] output,
        int to,
        long[] places,
        int placesTo,
        int firstPlace);
  }

  private record Generated(int lanes, Body body) implements PairMaximum {
    @Override
    public void run(
        float[] input,
        int from,
        int columns,
        int count,
        float[] output,
        int to,
        long[] places,
        int placesTo,
        int firstPlace) {
      body.run(input, from, columns, count, output, to, places, placesTo, firstPlace);
    }
  }

  /** Makes one. */
  static PairMaximum generate(VectorSupport support) {
    int lanes = support.lanes(Float.BYTES);
    int[] even = new int[lanes];
    int[] odd = new int[lanes];
    for (int i = 0; i < lanes; i++) {
      even[i] = 2 * i;
      odd[i] = 2 * i + 1;
    }
    try {
      List<Object> constants =
          List.of(
              support.species("FloatVector"),
              support.species("IntVector"),
              support.species("LongVector"),
              even,
              odd);
      return new Generated(
          lanes,
          GeneratedClasses.define(
              "PairMaximum",
              Body.class,
              "run",
              RUN,
              constants,
              code -> new PairMaximumGenerator(code, lanes).body()));
    } catch (ReflectiveOperationException e) {
      throw new LinkageError("the vector species are missing", e);
    }
  }

  private void body() {
    int even = ints(3);
    int odd = ints(4);
    int done = code.allocateLocal(TypeKind.INT);
    Label top = code.newLabel();
    Label end = code.newLabel();
    code.iconst_0().istore(done);
    code.labelBinding(top).iload(done).iload(COUNT).if_icmpge(end);
    int[] elements = new int[4];
    int[] places = new int[4];
    for (int row = 0; row < 2; row++) {
      int near = load(row, 0);
      int far = load(row, lanes);
      elements[2 * row] = select(even, near, far);
      elements[2 * row + 1] = select(odd, near, far);
      places[2 * row] = places(even, row);
      places[2 * row + 1] = places(odd, row);
    }
    int best = elements[0];
    int place = places[0];
    for (int k = 1; k < 4; k++) {
      int mask = isBetter(elements[k], best);
      best = blend(FLOATS, best, elements[k], mask);
      place = blend(INTS, place, places[k], mask);
    }
    code.aload(best).aload(OUTPUT).iload(TO).iload(done).iadd();
    code.invokevirtual(FLOATS, "intoArray", MethodTypeDesc.of(CD_void, FLOAT_ARRAY, CD_int));
    for (int half = 0; half < 2; half++) {
      code.aload(place).getstatic(OPERATORS, "I2L", CONVERSION);
      code.ldc(GeneratedClasses.constant(2, SPECIES)).loadConstant(half);
      code.invokevirtual(
          INTS, "convertShape", MethodTypeDesc.of(VECTOR, CONVERSION, SPECIES, CD_int));
      code.checkcast(LONGS).aload(PLACES).iload(PLACES_TO).iload(done).iadd();
      code.loadConstant(half * lanes / 2).iadd();
      code.invokevirtual(LONGS, "intoArray", MethodTypeDesc.of(CD_void, LONG_ARRAY, CD_int));
    }
    code.iinc(done, lanes).iinc(FROM, 2 * lanes).iinc(FIRST_PLACE, 2 * lanes);
    code.goto_(top).labelBinding(end).return_();
  }

  private int ints(int constant) {
    code.ldc(GeneratedClasses.constant(1, SPECIES));
    code.ldc(GeneratedClasses.constant(constant, INT_ARRAY)).iconst_0();
    code.invokestatic(INTS, "fromArray", MethodTypeDesc.of(INTS, SPECIES, INT_ARRAY, CD_int));
    return stored();
  }

  private int load(int row, int plus) {
    code.ldc(GeneratedClasses.constant(0, SPECIES)).aload(INPUT);
    code.iload(FROM).loadConstant(plus).iadd();
    if (row > 0) {
      code.iload(COLUMNS).iadd();
    }
    code.invokestatic(FLOATS, "fromArray", MethodTypeDesc.of(FLOATS, SPECIES, FLOAT_ARRAY, CD_int));
    code.invokevirtual(FLOATS, "reinterpretAsInts", MethodTypeDesc.of(INTS));
    return stored();
  }

  private int select(int places, int a, int b) {
    code.aload(places).aload(a).aload(b);
    code.invokevirtual(INTS, "selectFrom", MethodTypeDesc.of(INTS, VECTOR, VECTOR));
    code.invokevirtual(INTS, "reinterpretAsFloats", MethodTypeDesc.of(FLOATS));
    return stored();
  }

  /** The places in the plane of every second element of a row. */
  private int places(int everySecond, int row) {
    code.aload(everySecond).iload(FIRST_PLACE);
    if (row > 0) {
      code.iload(COLUMNS).iadd();
    }
    code.invokevirtual(INTS, "add", MethodTypeDesc.of(INTS, CD_int));
    return stored();
  }

  /** Where an element is greater, or not a number. */
  private int isBetter(int element, int best) {
    code.aload(element).getstatic(OPERATORS, "GT", COMPARISON).aload(best);
    code.invokevirtual(FLOATS, "compare", MethodTypeDesc.of(MASK, COMPARISON, VECTOR));
    code.aload(element).getstatic(OPERATORS, "IS_NAN", TEST);
    code.invokevirtual(FLOATS, "test", MethodTypeDesc.of(MASK, TEST));
    code.invokevirtual(MASK, "or", MethodTypeDesc.of(MASK, MASK));
    return stored();
  }

  private int blend(ClassDesc vector, int no, int yes, int mask) {
    code.aload(no).aload(yes).aload(mask);
    if (vector == INTS) {
      code.ldc(GeneratedClasses.constant(1, SPECIES));
      code.invokevirtual(MASK, "cast", MethodTypeDesc.of(MASK, SPECIES));
    }
    code.invokevirtual(vector, "blend", MethodTypeDesc.of(vector, VECTOR, MASK));
    return stored();
  }

  private int stored() {
    int local = code.allocateLocal(TypeKind.REFERENCE);
    code.astore(local);
    return local;
  }
}
