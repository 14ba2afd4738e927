package dev.ladera.backend.cpu;

import static java.lang.constant.ConstantDescs.CD_Object;
import static java.lang.constant.ConstantDescs.CD_int;
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
 * Writes {@link RunCopy}s that move a run as a few vectors, the last ones narrower where the width
 * is no multiple of the widest: a call that copies so little of an array takes several times as
 * long.
 */
final class RunCopyGenerator {
  private static final ClassDesc SPECIES = VectorLoopGenerator.SPECIES;
  private static final MethodTypeDesc RUN =
      MethodTypeDesc.of(CD_void, CD_Object, CD_int, CD_int, CD_int, CD_int, CD_Object, CD_int);

  // Local variables of RunCopy.run; 0 is the object itself.
  private static final int SOURCE = 1;
  private static final int FROM = 2;
  private static final int DEPTH_STRIDE = 3;
  private static final int PANELS = 4;
  private static final int DEPTH = 5;
  private static final int PACKED = 6;
  private static final int TO = 7;

  /** The narrowest vectors that there are. */
  private static final int LEAST_BITS = 64;

  private final ClassDesc vector;
  private final ClassDesc array;
  private final int width;
  private final List<Integer> parts;

  private RunCopyGenerator(boolean single, int width, List<Integer> parts) {
    this.vector =
        ClassDesc.of(
            VectorLoopGenerator.VECTOR.packageName(), single ? "FloatVector" : "DoubleVector");
    this.array = ClassDesc.ofDescriptor(single ? "[F" : "[D");
    this.width = width;
    this.parts = parts;
  }

  /** Whether vectors can make up a run. */
  static boolean suits(int width, int elementBytes) {
    return width * elementBytes * 8 % LEAST_BITS == 0;
  }

  /**
   * Makes one for runs of a width that suits.
   *
   * @throws LinkageError if the vector module cannot be used
   */
  @SuppressWarnings("unchecked") // the caller says by its type which array it means
  static <A> RunCopy<A> generate(Elements<A> elements, VectorSupport support, int width) {
    boolean single = elements.bytes() == Float.BYTES;
    List<Integer> parts = new ArrayList<>();
    List<Object> species = new ArrayList<>();
    int left = width;
    int bits = support.bits();
    while (left > 0) {
      int lanes = bits / 8 / elements.bytes();
      if (lanes > left) {
        bits /= 2;
        continue;
      }
      parts.add(lanes);
      left -= lanes;
      try {
        species.add(support.narrowedTo(bits).species(single ? "FloatVector" : "DoubleVector"));
      } catch (ReflectiveOperationException e) {
        throw new LinkageError("the vector species are missing", e);
      }
    }
    return GeneratedClasses.define(
        "RunCopy",
        RunCopy.class,
        "run",
        RUN,
        species,
        new RunCopyGenerator(single, width, parts)::body);
  }

  private void body(CodeBuilder code) {
    code.aload(SOURCE).checkcast(array).astore(SOURCE);
    code.aload(PACKED).checkcast(array).astore(PACKED);
    int step = code.allocateLocal(TypeKind.INT);
    int panel = code.allocateLocal(TypeKind.INT);
    int from = code.allocateLocal(TypeKind.INT);
    int to = code.allocateLocal(TypeKind.INT);
    Label nextStep = code.newLabel();
    Label nextPanel = code.newLabel();
    Label stepDone = code.newLabel();
    Label end = code.newLabel();
    code.iconst_0().istore(step);
    code.labelBinding(nextStep).iload(step).iload(DEPTH).if_icmpge(end);
    code.iload(DEPTH_STRIDE).iload(step).imul().iload(FROM).iadd().istore(from);
    code.loadConstant(width).iload(step).imul().iload(TO).iadd().istore(to);
    code.iconst_0().istore(panel);
    code.labelBinding(nextPanel).iload(panel).iload(PANELS).if_icmpge(stepDone);
    int done = 0;
    for (int i = 0; i < parts.size(); i++) {
      move(code, GeneratedClasses.constant(i, SPECIES), from, to, done);
      done += parts.get(i);
    }
    code.iinc(from, width);
    code.iload(DEPTH).loadConstant(width).imul().iload(to).iadd().istore(to);
    code.iinc(panel, 1).goto_(nextPanel).labelBinding(stepDone);
    code.iinc(step, 1).goto_(nextStep).labelBinding(end).return_();
  }

  /** Moves one vector of a run. */
  private void move(CodeBuilder code, DynamicConstantDesc<?> species, int from, int to, int done) {
    code.ldc(species).aload(SOURCE).iload(from).loadConstant(done).iadd();
    code.invokestatic(vector, "fromArray", MethodTypeDesc.of(vector, SPECIES, array, CD_int));
    code.aload(PACKED).iload(to).loadConstant(done).iadd();
    code.invokevirtual(vector, "intoArray", MethodTypeDesc.of(CD_void, array, CD_int));
  }
}
