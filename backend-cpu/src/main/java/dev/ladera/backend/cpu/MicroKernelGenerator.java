package dev.ladera.backend.cpu;

import static java.lang.constant.ConstantDescs.CD_Class;
import static java.lang.constant.ConstantDescs.CD_MethodHandles_Lookup;
import static java.lang.constant.ConstantDescs.CD_Object;
import static java.lang.constant.ConstantDescs.CD_String;
import static java.lang.constant.ConstantDescs.CD_double;
import static java.lang.constant.ConstantDescs.CD_float;
import static java.lang.constant.ConstantDescs.CD_int;
import static java.lang.constant.ConstantDescs.CD_void;
import static java.lang.constant.ConstantDescs.INIT_NAME;
import static java.lang.constant.ConstantDescs.MTD_void;

import java.lang.classfile.ClassBuilder;
import java.lang.classfile.ClassFile;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.Label;
import java.lang.constant.ClassDesc;
import java.lang.constant.DirectMethodHandleDesc;
import java.lang.constant.DynamicConstantDesc;
import java.lang.constant.MethodHandleDesc;
import java.lang.constant.MethodTypeDesc;
import java.lang.invoke.MethodHandles;

/**
 * Writes {@link MicroKernel} classes whose tile of C lives in local variables, that is in vector
 * registers.
 *
 * <p>A class is made for each tile shape, with the vector species as a dynamic constant: only a
 * species that the compiler knows lets it turn vector objects into registers. No vector local is
 * assigned in one arm of a branch: it would get boxed.
 */
final class MicroKernelGenerator {

  private static final String VECTOR_PACKAGE = "jdk.incubator.vector";
  private static final ClassDesc SPECIES_TYPE = ClassDesc.of(VECTOR_PACKAGE, "VectorSpecies");
  private static final ClassDesc VECTOR_TYPE = ClassDesc.of(VECTOR_PACKAGE, "Vector");
  private static final DynamicConstantDesc<?> SPECIES =
      DynamicConstantDesc.ofNamed(
          MethodHandleDesc.ofMethod(
              DirectMethodHandleDesc.Kind.STATIC,
              ClassDesc.of("java.lang.invoke.MethodHandles"),
              "classData",
              MethodTypeDesc.of(CD_Object, CD_MethodHandles_Lookup, CD_String, CD_Class)),
          "_",
          SPECIES_TYPE);

  // Local variables of the method; 0 is the kernel itself.
  private static final int DEPTH = 1;
  // START and C: an array, then its offset, stride and gap.
  private static final int START = 2;
  private static final int A = 6;
  private static final int A_OFFSET = 7;
  private static final int B = 8;
  private static final int B_OFFSET = 9;
  private static final int B_GAP = 10;
  private static final int B_ROWS = 11;
  private static final int B_ROWS_OFFSET = 12;
  private static final int C = 13;
  private static final int A_END = 17;
  private static final int STEP = 18;
  private static final int B_ROW = 19;
  private static final int FIRST_FREE = 20;

  private static final MethodTypeDesc RUN =
      MethodTypeDesc.of(
          CD_void,
          CD_int,
          CD_Object,
          CD_int,
          CD_int,
          CD_int,
          CD_Object,
          CD_int,
          CD_Object,
          CD_int,
          CD_int,
          CD_int.arrayType(),
          CD_int,
          CD_Object,
          CD_int,
          CD_int,
          CD_int);

  /** The halves of a tile, one vector each. */
  private static final int HALVES = 2;

  private final boolean single;
  private final ClassDesc vector;
  private final ClassDesc element;
  private final int rows;
  private final int lanes;
  private final boolean packed;
  private final boolean fewRegisters;
  private final int unrolled;

  private MicroKernelGenerator(
      boolean single, int rows, int lanes, boolean packed, boolean fewRegisters, int unrolled) {
    this.single = single;
    this.vector = ClassDesc.of(VECTOR_PACKAGE, single ? "FloatVector" : "DoubleVector");
    this.element = single ? CD_float : CD_double;
    this.rows = rows;
    this.lanes = lanes;
    this.packed = packed;
    this.fewRegisters = fewRegisters;
    this.unrolled = unrolled;
  }

  /**
   * Makes a kernel for tiles of {@code rows} by two vectors.
   *
   * @param packed whether it reads B as a packed panel from {@code bOffset} on, whatever the table
   *     and the gap say: steps that the compiler knows cost fewer instructions
   * @param unrolled the steps of depth a round
   * @throws LinkageError if the vector module cannot be used
   */
  @SuppressWarnings("unchecked") // the caller says by its type which array it means
  static <T> MicroKernel<T> generate(
      Elements<T> elements, VectorSupport support, int rows, boolean packed, int unrolled) {
    boolean single = elements.bytes() == Float.BYTES;
    int lanes = support.lanes(elements.bytes());
    var generator =
        new MicroKernelGenerator(single, rows, lanes, packed, support.registers() < 32, unrolled);
    try {
      Object species = support.species(single ? "FloatVector" : "DoubleVector");
      MethodHandles.Lookup lookup =
          MethodHandles.lookup()
              .defineHiddenClassWithClassData(generator.classBytes(), species, true);
      return (MicroKernel<T>) lookup.lookupClass().getDeclaredConstructor().newInstance();
    } catch (ReflectiveOperationException e) {
      throw new LinkageError("the matrix kernel could not be made", e);
    }
  }

  private byte[] classBytes() {
    String name = single ? "FloatMicroKernel" : "DoubleMicroKernel";
    ClassDesc type =
        ClassDesc.of(
            MicroKernel.class.getPackageName(),
            name + rows + "x" + HALVES * lanes + (packed ? "Packed" : ""));
    return ClassFile.of()
        .build(
            type,
            builder -> {
              builder
                  .withFlags(ClassFile.ACC_FINAL | ClassFile.ACC_SUPER)
                  .withInterfaceSymbols(MicroKernel.class.describeConstable().orElseThrow());
              constructor(builder);
              constantGetter(builder, "rows", rows);
              constantGetter(builder, "half", lanes);
              builder.withMethodBody("run", RUN, ClassFile.ACC_PUBLIC, this::body);
            });
  }

  private static void constructor(ClassBuilder builder) {
    builder.withMethodBody(
        INIT_NAME,
        MTD_void,
        0,
        code -> code.aload(0).invokespecial(CD_Object, INIT_NAME, MTD_void).return_());
  }

  private static void constantGetter(ClassBuilder builder, String name, int value) {
    builder.withMethodBody(
        name,
        MethodTypeDesc.of(CD_int),
        ClassFile.ACC_PUBLIC,
        code -> code.loadConstant(value).ireturn());
  }

  private void body(CodeBuilder code) {
    if (fewRegisters) {
      cast(code, A, B, START, C);
    } else {
      cast(code, START);
    }
    for (int i = 0; i < rows; i++) {
      for (int j = 0; j < HALVES; j++) {
        code.ldc(SPECIES);
        tileAddress(code, START, i, j);
        fromArray(code);
        code.astore(sum(i, j));
      }
    }
    if (!fewRegisters) {
      // Not before, or the compiler would keep them in vector registers up to here, and fetch them
      // from there in each step. Where vector registers are few, it does not.
      cast(code, A, B);
    }
    code.iconst_0().istore(STEP);
    code.iload(DEPTH).loadConstant(rows).imul().iload(A_OFFSET).iadd().istore(A_END);
    if (bFollowsA()) {
      code.iload(B_OFFSET).iload(A_OFFSET).loadConstant(HALVES * lanes / rows).imul().isub();
      code.istore(B_OFFSET);
    }
    if (unrolled > 1) {
      for (int i = 0; packed && i < unrolled; i++) {
        // Negative, for all that the compiler does not know it.
        code.iload(DEPTH).loadConstant(i).iadd().iconst_m1().ixor().istore(never(i));
      }
      loop(code, unrolled);
    }
    loop(code, 1);
    if (!fewRegisters) {
      cast(code, C);
    }
    for (int i = 0; i < rows; i++) {
      for (int j = 0; j < HALVES; j++) {
        code.aload(sum(i, j));
        tileAddress(code, C, i, j);
        code.invokevirtual(
            vector, "intoArray", MethodTypeDesc.of(CD_void, element.arrayType(), CD_int));
      }
    }
    code.return_();
  }

  private void cast(CodeBuilder code, int... arrays) {
    for (int array : arrays) {
      code.aload(array).checkcast(element.arrayType()).astore(array);
    }
  }

  /**
   * Whether the index of B follows from that of A, which saves a register; rows divide the columns
   * of a tile then.
   */
  private boolean bFollowsA() {
    return fewRegisters && packed;
  }

  /** As many rounds of some steps as there are whole ones left. */
  private void loop(CodeBuilder code, int steps) {
    Label top = code.newLabel();
    Label end = code.newLabel();
    code.labelBinding(top);
    if (fewRegisters) {
      // Counted so, indices of A grow by what the loop grows by: checks of them leave it, also
      // where rows are no power of two.
      code.iload(A_OFFSET).iload(A_END).loadConstant((steps - 1) * rows).isub();
    } else {
      code.iload(STEP).iload(DEPTH).loadConstant(steps - 1).isub();
    }
    code.if_icmpge(end);
    for (int i = 0; i < steps; i++) {
      step(code, i, steps, end);
    }
    code.iinc(A_OFFSET, steps * rows);
    if (!fewRegisters) {
      code.iinc(STEP, steps);
    }
    if (!packed) {
      code.iinc(B_ROWS_OFFSET, steps);
    } else if (!bFollowsA()) {
      code.iinc(B_OFFSET, steps * HALVES * lanes);
    }
    code.goto_(top).labelBinding(end);
  }

  /** One step of depth: the row of B into registers, then each of A's elements against it. */
  private void step(CodeBuilder code, int ahead, int steps, Label end) {
    if (packed) {
      code.iload(B_OFFSET).loadConstant(ahead * HALVES * lanes).iadd();
      if (bFollowsA()) {
        code.iload(A_OFFSET).loadConstant(HALVES * lanes / rows).imul().iadd();
      }
      code.istore(B_ROW);
    } else {
      code.aload(B_ROWS).iload(B_ROWS_OFFSET).loadConstant(ahead).iadd();
      code.iaload().iload(B_OFFSET).iadd().istore(B_ROW);
    }
    for (int j = 0; j < HALVES; j++) {
      code.ldc(SPECIES).aload(B).iload(B_ROW);
      if (j > 0) {
        if (packed) {
          code.loadConstant(lanes).iadd();
        } else {
          code.iload(B_GAP).iadd();
        }
      }
      fromArray(code);
      code.astore(columns(j));
    }
    if (packed && steps > 1) {
      // With all checks out of the loop the compiler would load what all steps of a round need
      // ahead of their arithmetic, for which there are not enough registers. It moves nothing past
      // a branch; this one is never taken.
      code.iload(fewRegisters ? A_OFFSET : STEP).iload(never(ahead)).if_icmpeq(end);
    }
    for (int i = 0; i < rows; i++) {
      code.ldc(SPECIES).aload(A).iload(A_OFFSET).loadConstant(ahead * rows + i).iadd();
      if (single) {
        code.faload();
      } else {
        code.daload();
      }
      code.invokestatic(vector, "broadcast", MethodTypeDesc.of(vector, SPECIES_TYPE, element))
          .astore(factor());
      for (int j = 0; j < HALVES; j++) {
        code.aload(factor())
            .aload(columns(j))
            .aload(sum(i, j))
            .invokevirtual(vector, "fma", MethodTypeDesc.of(vector, VECTOR_TYPE, VECTOR_TYPE))
            .astore(sum(i, j));
      }
    }
  }

  /** Pushes an array and the index of half {@code j} of its tile's row {@code i}. */
  private void tileAddress(CodeBuilder code, int array, int i, int j) {
    code.aload(array).iload(array + 1).iload(array + 2).loadConstant(i).imul().iadd();
    if (j > 0) {
      code.iload(array + 3).iadd();
    }
  }

  private void fromArray(CodeBuilder code) {
    code.invokestatic(
        vector, "fromArray", MethodTypeDesc.of(vector, SPECIES_TYPE, element.arrayType(), CD_int));
  }

  private int sum(int i, int j) {
    return FIRST_FREE + i * HALVES + j;
  }

  private int columns(int j) {
    return FIRST_FREE + rows * HALVES + j;
  }

  private int factor() {
    return FIRST_FREE + rows * HALVES + HALVES;
  }

  /** A value that no offset has, another for each step of a round. */
  private int never(int i) {
    return factor() + 1 + i;
  }
}
