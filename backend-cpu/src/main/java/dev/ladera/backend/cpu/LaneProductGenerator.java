package dev.ladera.backend.cpu;

import static java.lang.constant.ConstantDescs.CD_Object;
import static java.lang.constant.ConstantDescs.CD_int;
import static java.lang.constant.ConstantDescs.CD_void;

import java.lang.classfile.CodeBuilder;
import java.lang.classfile.Label;
import java.lang.classfile.TypeKind;
import java.lang.constant.ClassDesc;
import java.lang.constant.MethodTypeDesc;
import java.util.List;

/** Writes {@link LaneProduct}s whose sums live in vector registers. */
final class LaneProductGenerator {
  private static final ClassDesc SPECIES = VectorLoopGenerator.SPECIES;
  private static final ClassDesc VECTOR = VectorLoopGenerator.VECTOR;
  private static final ClassDesc INTS = ClassDesc.ofDescriptor("[I");
  private static final MethodTypeDesc RUN =
      MethodTypeDesc.of(
          CD_void, CD_int, CD_Object, CD_int, CD_int, CD_Object, CD_int, INTS, INTS, CD_int,
          CD_Object, CD_int, CD_int);

  // Local variables of Body.run; 0 is the object itself.
  private static final int COUNT = 1;
  private static final int G = 2;
  private static final int G_AT = 3;
  private static final int G_STRIDE = 4;
  private static final int X = 5;
  private static final int X_AT = 6;
  private static final int PLACES = 7;
  private static final int TAP_PLACES = 8;
  private static final int FIRST_TAP = 9;
  private static final int SUMS = 10;
  private static final int SUMS_AT = 11;
  private static final int SUMS_STRIDE = 12;

  private final ClassDesc vector;
  private final ClassDesc array;
  private final int rows;
  private final int taps;

  private LaneProductGenerator(boolean single, int rows, int taps) {
    this.vector = ClassDesc.of(VECTOR.packageName(), single ? "FloatVector" : "DoubleVector");
    this.array = ClassDesc.ofDescriptor(single ? "[F" : "[D");
    this.rows = rows;
    this.taps = taps;
  }

  /** The generated method alone. */
  @FunctionalInterface
  interface Body<A> {
    /** As {@link LaneProduct#run}. */
    void run(
        int count,
        A g,
        int gAt,
        int gStride,
        A x,
        int xAt,
        int[] places,
        int[] tapPlaces,
        int firstTap,
        A sums,
        int sumsAt,
        int sumsStride);
  }

  private record Generated<A>(int rows, int taps, int lanes, Body<A> body)
      implements LaneProduct<A> {
    @Override
    public void run(
        int count,
        A g,
        int gAt,
        int gStride,
        A x,
        int xAt,
        int[] places,
        int[] tapPlaces,
        int firstTap,
        A sums,
        int sumsAt,
        int sumsStride) {
      body.run(
          count, g, gAt, gStride, x, xAt, places, tapPlaces, firstTap, sums, sumsAt, sumsStride);
    }
  }

  /** Makes one for so many rows and taps, and as many lanes as the machine's vectors have. */
  @SuppressWarnings("unchecked") // the caller says by its type which array it means
  static <A> LaneProduct<A> generate(
      Elements<A> elements, VectorSupport support, int rows, int taps) {
    boolean single = elements.bytes() == Float.BYTES;
    try {
      List<Object> species = List.of(support.species(single ? "FloatVector" : "DoubleVector"));
      Body<A> body =
          GeneratedClasses.define(
              "LaneProduct",
              Body.class,
              "run",
              RUN,
              species,
              new LaneProductGenerator(single, rows, taps)::body);
      return new Generated<>(rows, taps, support.lanes(elements.bytes()), body);
    } catch (ReflectiveOperationException e) {
      throw new LinkageError("the vector species are missing", e);
    }
  }

  private void body(CodeBuilder code) {
    for (int local : new int[] {G, X, SUMS}) {
      code.aload(local).checkcast(array).astore(local);
    }
    int[] tapAt = new int[taps];
    int[] sums = new int[rows * taps];
    for (int t = 0; t < taps; t++) {
      tapAt[t] = code.allocateLocal(TypeKind.INT);
      code.aload(TAP_PLACES).iload(FIRST_TAP).loadConstant(t).iadd().iaload();
      code.iload(X_AT).iadd().istore(tapAt[t]);
    }
    for (int i = 0; i < sums.length; i++) {
      sums[i] = code.allocateLocal(TypeKind.REFERENCE);
      code.ldc(GeneratedClasses.constant(0, SPECIES));
      sumAddress(code, i);
      fromArray(code);
      code.astore(sums[i]);
    }
    int step = code.allocateLocal(TypeKind.INT);
    Label top = code.newLabel();
    Label end = code.newLabel();
    code.iconst_0().istore(step);
    code.labelBinding(top).iload(step).iload(COUNT).if_icmpge(end);
    step(code, step, tapAt, sums);
    code.iinc(G_AT, ImageLanes.IMAGES).iinc(step, 1).goto_(top).labelBinding(end);
    for (int i = 0; i < sums.length; i++) {
      code.aload(sums[i]);
      sumAddress(code, i);
      code.invokevirtual(vector, "intoArray", MethodTypeDesc.of(CD_void, array, CD_int));
    }
    code.return_();
  }

  private void step(CodeBuilder code, int step, int[] tapAt, int[] sums) {
    int place = code.allocateLocal(TypeKind.INT);
    code.aload(PLACES).iload(step).iaload().istore(place);
    int[] gradients = new int[rows];
    for (int i = 0; i < rows; i++) {
      gradients[i] = code.allocateLocal(TypeKind.REFERENCE);
      code.ldc(GeneratedClasses.constant(0, SPECIES)).aload(G);
      code.iload(G_STRIDE).loadConstant(i).imul().iload(G_AT).iadd();
      fromArray(code);
      code.astore(gradients[i]);
    }
    int element = code.allocateLocal(TypeKind.REFERENCE);
    for (int t = 0; t < taps; t++) {
      code.ldc(GeneratedClasses.constant(0, SPECIES)).aload(X);
      code.iload(tapAt[t]).iload(place).iadd();
      fromArray(code);
      code.astore(element);
      for (int i = 0; i < rows; i++) {
        int sum = sums[i * taps + t];
        code.aload(gradients[i]).aload(element).aload(sum);
        code.invokevirtual(vector, "fma", MethodTypeDesc.of(vector, VECTOR, VECTOR)).astore(sum);
      }
    }
  }

  /** Pushes the array of sums and where a sum lies in it. */
  private void sumAddress(CodeBuilder code, int sum) {
    code.aload(SUMS).iload(SUMS_STRIDE).loadConstant(sum / taps).imul().iload(SUMS_AT).iadd();
    code.loadConstant(sum % taps * ImageLanes.IMAGES).iadd();
  }

  private void fromArray(CodeBuilder code) {
    code.invokestatic(vector, "fromArray", MethodTypeDesc.of(vector, SPECIES, array, CD_int));
  }
}
