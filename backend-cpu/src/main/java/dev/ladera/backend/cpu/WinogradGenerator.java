package dev.ladera.backend.cpu;

import static java.lang.constant.ConstantDescs.CD_int;
import static java.lang.constant.ConstantDescs.CD_void;

import java.lang.classfile.CodeBuilder;
import java.lang.classfile.TypeKind;
import java.lang.constant.ClassDesc;
import java.lang.constant.MethodTypeDesc;
import java.util.List;
import java.util.function.Consumer;

/**
 * Writes the transforms of {@link WinogradConvolution} over vectors: a lane is a tile. Neighbouring
 * tiles read elements two apart, so even and odd elements are picked from two loads at once.
 */
final class WinogradGenerator {
  private static final ClassDesc SPECIES = VectorLoopGenerator.SPECIES;
  private static final ClassDesc VECTOR = VectorLoopGenerator.VECTOR;
  private static final ClassDesc FLOATS = ClassDesc.of(VECTOR.packageName(), "FloatVector");
  private static final ClassDesc INTS = ClassDesc.of(VECTOR.packageName(), "IntVector");
  private static final ClassDesc FLOAT_ARRAY = ClassDesc.ofDescriptor("[F");
  private static final ClassDesc INT_ARRAY = ClassDesc.ofDescriptor("[I");
  private static final MethodTypeDesc RUN =
      MethodTypeDesc.of(
          CD_void, FLOAT_ARRAY, CD_int, CD_int, CD_int, FLOAT_ARRAY, CD_int, CD_int, CD_int);

  // Local variables of WinogradTransform.run; 0 is the object itself.
  private static final int FROM = 1;
  private static final int FROM_0 = 2;
  private static final int FROM_1 = 3;
  private static final int FROM_STEP = 4;
  private static final int TO = 5;
  private static final int TO_0 = 6;
  private static final int TO_1 = 7;
  private static final int TO_STEP = 8;

  private final CodeBuilder code;

  private WinogradGenerator(CodeBuilder code) {
    this.code = code;
  }

  /** The transform of the input, for the machine's vectors. */
  static WinogradTransform ofInput(VectorSupport support) {
    int lanes = support.lanes(Float.BYTES);
    int[] even = new int[lanes];
    int[] odd = new int[lanes];
    for (int i = 0; i < lanes; i++) {
      even[i] = 2 * i;
      odd[i] = 2 * i + 1;
    }
    return define(support, "WinogradInput", even, odd, code -> new WinogradGenerator(code).input());
  }

  /** The transform of the output, for the machine's vectors. */
  static WinogradTransform ofOutput(VectorSupport support) {
    int lanes = support.lanes(Float.BYTES);
    int[] first = new int[lanes];
    int[] second = new int[lanes];
    for (int i = 0; i < lanes; i++) {
      first[i] = i / 2 + i % 2 * lanes;
      second[i] = first[i] + lanes / 2;
    }
    return define(
        support, "WinogradOutput", first, second, code -> new WinogradGenerator(code).output());
  }

  private static WinogradTransform define(
      VectorSupport support, String name, int[] first, int[] second, Consumer<CodeBuilder> body) {
    try {
      List<Object> constants =
          List.of(support.species("FloatVector"), support.species("IntVector"), first, second);
      return GeneratedClasses.define(name, WinogradTransform.class, "run", RUN, constants, body);
    } catch (ReflectiveOperationException e) {
      throw new LinkageError("the vector species are missing", e);
    }
  }

  private void input() {
    int even = places(2);
    int odd = places(3);
    int[][] rows = new int[4][];
    for (int i = 0; i < 4; i++) {
      int near0 = bits(load(FROM_0, i, 0));
      int near1 = bits(load(FROM_1, i, 0));
      int far0 = bits(load(FROM_0, i, 2));
      int far1 = bits(load(FROM_1, i, 2));
      rows[i] =
          differences(
              select(even, near0, near1),
              select(odd, near0, near1),
              select(even, far0, far1),
              select(odd, far0, far1));
    }
    for (int j = 0; j < 4; j++) {
      int[] column = differences(rows[0][j], rows[1][j], rows[2][j], rows[3][j]);
      for (int i = 0; i < 4; i++) {
        store(column[i], TO_0, 4 * i + j);
      }
    }
    code.return_();
  }

  /** Of one axis, what the products are made with: the rows of Bᵀ. */
  private int[] differences(int d0, int d1, int d2, int d3) {
    return new int[] {
      apply("sub", d0, d2), apply("add", d1, d2), apply("sub", d2, d1), apply("sub", d1, d3)
    };
  }

  private void output() {
    int first = places(2);
    int second = places(3);
    int[][] columns = new int[4][];
    for (int j = 0; j < 4; j++) {
      columns[j] =
          sums(
              load(FROM_0, j, 0),
              load(FROM_0, 4 + j, 0),
              load(FROM_0, 8 + j, 0),
              load(FROM_0, 12 + j, 0));
    }
    for (int i = 0; i < 2; i++) {
      int[] row = sums(columns[0][i], columns[1][i], columns[2][i], columns[3][i]);
      int left = bits(row[0]);
      int right = bits(row[1]);
      store(select(first, left, right), TO_0, i);
      store(select(second, left, right), TO_1, i);
    }
    code.return_();
  }

  /** Of one axis, what the outputs are made of: the rows of Aᵀ. */
  private int[] sums(int m0, int m1, int m2, int m3) {
    return new int[] {
      apply("add", apply("add", m0, m1), m2), apply("sub", apply("sub", m1, m2), m3)
    };
  }

  private int places(int constant) {
    code.ldc(GeneratedClasses.constant(1, SPECIES));
    code.ldc(GeneratedClasses.constant(constant, INT_ARRAY)).iconst_0();
    code.invokestatic(INTS, "fromArray", MethodTypeDesc.of(INTS, SPECIES, INT_ARRAY, CD_int));
    return stored();
  }

  private int load(int offset, int steps, int plus) {
    code.ldc(GeneratedClasses.constant(0, SPECIES)).aload(FROM);
    code.iload(offset).iload(FROM_STEP).loadConstant(steps).imul().iadd();
    code.loadConstant(plus).iadd();
    code.invokestatic(FLOATS, "fromArray", MethodTypeDesc.of(FLOATS, SPECIES, FLOAT_ARRAY, CD_int));
    return stored();
  }

  private int bits(int floats) {
    code.aload(floats).invokevirtual(FLOATS, "reinterpretAsInts", MethodTypeDesc.of(INTS));
    return stored();
  }

  private int select(int places, int a, int b) {
    code.aload(places).aload(a).aload(b);
    code.invokevirtual(INTS, "selectFrom", MethodTypeDesc.of(INTS, VECTOR, VECTOR));
    code.invokevirtual(INTS, "reinterpretAsFloats", MethodTypeDesc.of(FLOATS));
    return stored();
  }

  private int apply(String operation, int a, int b) {
    code.aload(a).aload(b);
    code.invokevirtual(FLOATS, operation, MethodTypeDesc.of(FLOATS, VECTOR));
    return stored();
  }

  private int stored() {
    int local = code.allocateLocal(TypeKind.REFERENCE);
    code.astore(local);
    return local;
  }

  private void store(int value, int offset, int steps) {
    code.aload(value).aload(TO);
    code.iload(offset).iload(TO_STEP).loadConstant(steps).imul().iadd();
    code.invokevirtual(FLOATS, "intoArray", MethodTypeDesc.of(CD_void, FLOAT_ARRAY, CD_int));
  }
}
