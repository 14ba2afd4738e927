package dev.ladera.backend.cpu;

import static dev.ladera.backend.cpu.ScalarLoopGenerator.ARRAYS;
import static dev.ladera.backend.cpu.ScalarLoopGenerator.AT;
import static dev.ladera.backend.cpu.ScalarLoopGenerator.COUNT;
import static dev.ladera.backend.cpu.ScalarLoopGenerator.NUMBERS;
import static dev.ladera.backend.cpu.ScalarLoopGenerator.RUN;
import static java.lang.constant.ConstantDescs.CD_boolean;
import static java.lang.constant.ConstantDescs.CD_int;
import static java.lang.constant.ConstantDescs.CD_long;
import static java.lang.constant.ConstantDescs.CD_void;

import dev.ladera.DType;
import dev.ladera.backend.cpu.LaneCode.Instruction;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.Label;
import java.lang.classfile.TypeKind;
import java.lang.constant.ClassDesc;
import java.lang.constant.DynamicConstantDesc;
import java.lang.constant.MethodTypeDesc;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * Writes loops over vectors. A loop that stores all it computes does whole vectors only, {@code
 * count} rounded down; the caller gives the rest to a scalar loop. One that joins does all, the
 * rest under masks, where the machine has them: to read from memory as a vector the {@linkplain
 * Chains chains} that were just written one by one stops the processor. The species are constants
 * of the class, for only those that the compiler knows become registers. Bool values are masks of
 * one species throughout.
 */
final class VectorLoopGenerator {
  private static final String PACKAGE = "jdk.incubator.vector";
  static final ClassDesc SPECIES = ClassDesc.of(PACKAGE, "VectorSpecies");
  static final ClassDesc VECTOR = ClassDesc.of(PACKAGE, "Vector");
  private static final ClassDesc MASK = ClassDesc.of(PACKAGE, "VectorMask");
  private static final ClassDesc MATH = ClassDesc.of("java.lang.Math");
  private static final ClassDesc OPERATORS = ClassDesc.of(PACKAGE, "VectorOperators");
  private static final ClassDesc BINARY = OPERATORS.nested("Binary");
  private static final ClassDesc COMPARISON = OPERATORS.nested("Comparison");
  private static final ClassDesc CONVERSION = OPERATORS.nested("Conversion");

  /** Instructions that a loop over all chains at once may have; longer ones gain nothing by it. */
  private static final int MOST_UNROLLED = 128;

  /** Where all elements of a round are there. */
  private static final int ALL = -1;

  private final LaneCode lanes;
  private final long still;
  private final int count;
  private final DType floating;
  private final DType integer;
  private final DType masks;
  private final boolean masked;

  private VectorLoopGenerator(LaneCode code, long still, VectorSupport support) {
    this.lanes = code.inlined();
    this.still = still;
    int width = lanes.width();
    this.count = support.lanes(width);
    this.floating = width == 4 ? DType.FLOAT32 : DType.FLOAT64;
    this.integer = width == 4 ? DType.INT32 : DType.INT64;
    boolean floats =
        lanes.instructions().stream().anyMatch(instruction -> instruction.type() == floating);
    this.masks = floats ? floating : integer;
    this.masked = support.masked();
  }

  /**
   * A loop over operands of stride 1.
   *
   * @param lanes {@linkplain LaneCode#isVectorizable vectorizable} code
   * @param still a bit for each operand that has stride 0 instead; inputs only
   */
  static RowLoop generate(LaneCode lanes, long still, VectorSupport support) {
    VectorLoopGenerator generator = new VectorLoopGenerator(lanes, still, support);
    try {
      List<Object> species =
          List.of(
              support.species(vectorName(generator.floating)),
              support.species(vectorName(generator.integer)));
      return GeneratedClasses.define(
          "VectorLoop", RowLoop.class, "run", RUN, species, generator::body);
    } catch (ReflectiveOperationException e) {
      throw new LinkageError("the vector species are missing", e);
    }
  }

  static String vectorName(DType type) {
    return switch (type) {
      case FLOAT32 -> "FloatVector";
      case FLOAT64 -> "DoubleVector";
      case INT32 -> "IntVector";
      case INT64 -> "LongVector";
      case BOOL -> throw new IllegalArgumentException("bool has no vectors");
    };
  }

  private static ClassDesc vectorOf(DType type) {
    return ClassDesc.of(PACKAGE, vectorName(type));
  }

  private DynamicConstantDesc<?> species(DType type) {
    return GeneratedClasses.constant(type == integer ? 1 : 0, SPECIES);
  }

  private void body(CodeBuilder code) {
    ScalarEmitter scalars = new ScalarEmitter(code);
    int operands = lanes.operands();
    int[] arrays = new int[operands];
    int[] bases = new int[operands];
    for (int k = 0; k < operands; k++) {
      arrays[k] = code.allocateLocal(TypeKind.REFERENCE);
      bases[k] = code.allocateLocal(TypeKind.INT);
      var arrayType = GeneratedClasses.descriptor(lanes.operand(k)).arrayType();
      code.aload(ARRAYS).loadConstant(k).aaload().checkcast(arrayType).astore(arrays[k]);
      code.aload(AT).loadConstant(k).iaload().istore(bases[k]);
    }
    int[] locals = new int[lanes.instructions().size()];
    before(code, scalars, locals, arrays, bases);
    int counter = code.allocateLocal(TypeKind.INT);
    code.iconst_0().istore(counter);
    Round round = new Round(code, locals, arrays, bases, counter, ALL);
    if (!lanes.folds().isEmpty()) {
      new Joining(round).write();
      return;
    }
    Label top = code.newLabel();
    Label end = code.newLabel();
    code.iload(COUNT).loadConstant(-count).iand().istore(COUNT);
    code.labelBinding(top).iload(counter).iload(COUNT).if_icmpge(end);
    int[] values = round.values(0);
    for (int k = 0; k < lanes.results().size(); k++) {
      round.store(k, values[lanes.results().get(k)], 0);
    }
    code.iinc(counter, count).goto_(top).labelBinding(end).return_();
  }

  /**
   * Writes a loop that joins, and leaves in the first quarter of chains what all come to. It takes
   * an element of every chain at once, if there is not too much to do with each, and the rest by
   * single vectors. Where the machine has no masks, it does whole vectors only, and leaves all
   * chains.
   */
  private final class Joining {
    private final Round round;
    private final CodeBuilder code;
    private final int results = lanes.results().size();
    private final int first = results - lanes.folds().size();
    private final int vectors = Chains.COUNT / count;

    Joining(Round round) {
      this.round = round;
      this.code = round.code;
    }

    void write() {
      boolean unrolled = vectors * lanes.instructions().size() <= MOST_UNROLLED;
      if (unrolled) {
        inRegisters();
      } else {
        inMemory();
      }
      if (!unrolled || !masked) {
        loop(count, () -> vector(round));
      }
      if (masked) {
        rest();
      }
      code.return_();
    }

    private void inMemory() {
      for (int k = first; k < results; k++) {
        for (int v = 0; v < vectors; v++) {
          nothing(k);
          round.pop(k, place(v));
        }
      }
    }

    /** What is left over, by single vectors under masks, and the end of all chains. */
    private void rest() {
      Label end = code.newLabel();
      Label top = code.newLabel();
      int left = code.allocateLocal(TypeKind.INT);
      code.labelBinding(top).iload(COUNT).iload(round.counter).isub().istore(left);
      code.iload(left).ifle(end);
      vector(round.masked(left));
      code.iinc(round.counter, count).goto_(top).labelBinding(end);
      for (int k = first; k < results; k++) {
        for (int v = 0; v < vectors / 4; v++) {
          quarter(k, v);
        }
      }
    }

    /** As many rounds of so many elements as there are whole ones. */
    private void loop(int step, Runnable body) {
      Label top = code.newLabel();
      Label end = code.newLabel();
      int whole = code.allocateLocal(TypeKind.INT);
      code.iload(COUNT).loadConstant(-step).iand().istore(whole);
      code.labelBinding(top).iload(round.counter).iload(whole).if_icmpge(end);
      body.run();
      code.iinc(round.counter, step).goto_(top).labelBinding(end);
    }

    /** Keeps all chains in registers while it does one element of each at once. */
    private void inRegisters() {
      int[][] chains = new int[results][vectors];
      for (int k = first; k < results; k++) {
        for (int v = 0; v < vectors; v++) {
          nothing(k);
          store(code, chains[k], v);
        }
      }
      loop(
          Chains.COUNT,
          () -> {
            for (int v = 0; v < vectors; v++) {
              int[] values = stored(round, v * count);
              for (int k = first; k < results; k++) {
                code.aload(chains[k][v]).aload(values[lanes.results().get(k)]);
                join(k);
                code.astore(chains[k][v]);
              }
            }
          });
      for (int k = first; k < results; k++) {
        for (int v = 0; v < vectors; v++) {
          code.aload(chains[k][v]);
          round.pop(k, place(v));
        }
      }
    }

    /** One vector of elements, or what is left of it, whose chains are in memory. */
    private void vector(Round some) {
      Runnable place = () -> code.iload(round.counter).loadConstant(Chains.COUNT - 1).iand();
      int[] values = stored(some, 0);
      for (int k = first; k < results; k++) {
        round.push(k, place);
        if (some.left == ALL) {
          code.aload(values[lanes.results().get(k)]);
        } else {
          nothing(k);
          code.aload(values[lanes.results().get(k)]);
          some.mask(lanes.result(k));
          blend(code, lanes.result(k));
        }
        join(k);
        round.pop(k, place);
      }
    }

    /** Computes values and stores those that are not joined. */
    private int[] stored(Round some, int beyond) {
      int[] values = some.values(beyond);
      for (int k = 0; k < first; k++) {
        some.store(k, values[lanes.results().get(k)], beyond);
      }
      return values;
    }

    /** Joins a vector of each quarter to the first. */
    private void quarter(int k, int v) {
      for (int other = v; other < v + vectors / 2; other += vectors / 4) {
        round.push(k, place(other));
        round.push(k, place(other + vectors / 2));
        join(k);
      }
      join(k);
      round.pop(k, place(v));
    }

    private Runnable place(int v) {
      return () -> code.loadConstant(v * count);
    }

    /** Pushes what changes nothing that it is joined to. */
    private void nothing(int k) {
      DType type = lanes.result(k);
      LaneOp fold = Objects.requireNonNull(lanes.fold(k));
      spread(code, type, () -> new ScalarEmitter(code).constant(Chains.nothing(fold, type)));
    }

    private void join(int k) {
      ClassDesc vector = vectorOf(lanes.result(k));
      String name = plainName(Objects.requireNonNull(lanes.fold(k)));
      code.invokevirtual(vector, name, MethodTypeDesc.of(vector, VECTOR));
    }
  }

  /** Writes what is done with one vector of each operand. */
  private final class Round {
    private final CodeBuilder code;
    private final int[] before;
    private final int[] arrays;
    private final int[] bases;
    private final int counter;

    /** The local with how many elements there are from the counter on, or {@link #ALL}. */
    private final int left;

    /** The locals of their masks, once they are needed. */
    private final Map<DType, Integer> masksOfLeft = new EnumMap<>(DType.class);

    Round(CodeBuilder code, int[] before, int[] arrays, int[] bases, int counter, int left) {
      this.code = code;
      this.before = before;
      this.arrays = arrays;
      this.bases = bases;
      this.counter = counter;
      this.left = left;
    }

    /** The same with so many elements only. */
    Round masked(int elements) {
      return new Round(code, before, arrays, bases, counter, elements);
    }

    /** Computes all values of the elements so far beyond the counter; answers their locals. */
    int[] values(int beyond) {
      int[] locals = before.clone();
      for (int i = 0; i < locals.length; i++) {
        if (locals[i] == 0) {
          Instruction instruction = lanes.instructions().get(i);
          switch (instruction) {
            case Instruction.Input(int input, DType _) -> {
              int k = lanes.results().size() + input;
              load(k, beyond);
            }
            case Instruction.Apply apply -> apply(code, apply, locals);
            case Instruction.Constant _, Instruction.Parameter _, Instruction.Call _ ->
                throw new IllegalStateException(instruction + " cannot stand in a vector loop");
          }
          VectorLoopGenerator.store(code, locals, i);
        }
      }
      return locals;
    }

    private void place(int operand, int beyond) {
      code.iload(bases[operand]).iload(counter).iadd();
      if (beyond > 0) {
        code.loadConstant(beyond).iadd();
      }
    }

    /** Pushes the mask of the elements that are left, for numbers of a type. */
    void mask(DType type) {
      Integer known = masksOfLeft.get(type);
      if (known == null) {
        known = code.allocateLocal(TypeKind.REFERENCE);
        masksOfLeft.put(type, known);
        code.ldc(species(type)).lconst_1();
        code.iload(left).loadConstant(count);
        code.invokestatic(MATH, "min", MethodTypeDesc.of(CD_int, CD_int, CD_int));
        code.lshl().lconst_1().lsub();
        code.invokestatic(MASK, "fromLong", MethodTypeDesc.of(MASK, SPECIES, CD_long));
        code.astore(known);
      }
      code.aload(known);
    }

    private void load(int operand, int beyond) {
      Runnable place = () -> place(operand, beyond);
      if (left == ALL) {
        push(operand, place);
        return;
      }
      DType type = lanes.operand(operand);
      ClassDesc array = GeneratedClasses.descriptor(type).arrayType();
      code.ldc(species(type)).aload(arrays[operand]);
      place.run();
      mask(type);
      code.invokestatic(
          vectorOf(type),
          "fromArray",
          MethodTypeDesc.of(vectorOf(type), SPECIES, array, CD_int, MASK));
    }

    /** Stores the elements so far beyond the counter. */
    void store(int operand, int value, int beyond) {
      Runnable place = () -> place(operand, beyond);
      code.aload(value);
      if (left == ALL) {
        pop(operand, place);
        return;
      }
      DType type = lanes.operand(operand);
      ClassDesc array = GeneratedClasses.descriptor(type).arrayType();
      code.aload(arrays[operand]);
      place.run();
      mask(type);
      code.invokevirtual(
          vectorOf(type), "intoArray", MethodTypeDesc.of(CD_void, array, CD_int, MASK));
    }

    /** Pushes a vector of an operand. */
    void push(int operand, Runnable at) {
      DType type = lanes.operand(operand);
      boolean mask = type == DType.BOOL;
      ClassDesc result = mask ? MASK : vectorOf(type);
      ClassDesc array = GeneratedClasses.descriptor(type).arrayType();
      code.ldc(species(mask ? masks : type)).aload(arrays[operand]);
      at.run();
      code.invokestatic(result, "fromArray", MethodTypeDesc.of(result, SPECIES, array, CD_int));
    }

    /** Stores the vector that was pushed. */
    void pop(int operand, Runnable at) {
      DType type = lanes.operand(operand);
      ClassDesc array = GeneratedClasses.descriptor(type).arrayType();
      code.aload(arrays[operand]);
      at.run();
      code.invokevirtual(
          type == DType.BOOL ? MASK : vectorOf(type),
          "intoArray",
          MethodTypeDesc.of(CD_void, array, CD_int));
    }
  }

  /** What stays the same is spread over a vector once; locals of the rest stay 0. */
  private void before(
      CodeBuilder code, ScalarEmitter scalars, int[] locals, int[] arrays, int[] bases) {
    for (int i = 0; i < locals.length; i++) {
      Instruction instruction = lanes.instructions().get(i);
      DType type = instruction.type();
      Runnable value =
          switch (instruction) {
            case Instruction.Constant constant -> () -> scalars.constant(constant);
            case Instruction.Parameter parameter -> () -> scalars.parameter(parameter, NUMBERS);
            case Instruction.Input(int input, DType _)
                when (still & 1L << lanes.results().size() + input) != 0 -> {
              int k = lanes.results().size() + input;
              yield () ->
                  code.aload(arrays[k]).iload(bases[k]).arrayLoad(GeneratedClasses.kind(type));
            }
            default -> null;
          };
      if (value == null) {
        continue;
      }
      spread(code, type, value);
      store(code, locals, i);
    }
  }

  /** Pushes a vector of one number. */
  private void spread(CodeBuilder code, DType type, Runnable value) {
    code.ldc(species(type == DType.BOOL ? masks : type));
    value.run();
    if (type == DType.BOOL) {
      code.invokeinterface(SPECIES, "maskAll", MethodTypeDesc.of(MASK, CD_boolean));
    } else {
      code.invokestatic(
          vectorOf(type),
          "broadcast",
          MethodTypeDesc.of(vectorOf(type), SPECIES, GeneratedClasses.descriptor(type)));
    }
  }

  private static void store(CodeBuilder code, int[] locals, int place) {
    locals[place] = code.allocateLocal(TypeKind.REFERENCE);
    code.astore(locals[place]);
  }

  private void apply(CodeBuilder code, Instruction.Apply apply, int[] locals) {
    DType type = lanes.instructions().get(apply.a()).type();
    LaneOp op = apply.op();
    if (op == LaneOp.SELECT) {
      select(code, apply.type(), locals[apply.a()], locals[apply.b()], locals[apply.c()]);
      return;
    }
    if (op == LaneOp.CONVERT) {
      convert(code, type, apply.type(), locals[apply.a()]);
      return;
    }
    code.aload(locals[apply.a()]);
    if (type == DType.BOOL) {
      maskOperation(code, op, apply, locals);
      return;
    }
    ClassDesc vector = vectorOf(type);
    switch (op) {
      case ADD, SUB, MUL, DIV, MIN, MAX ->
          code.aload(locals[apply.b()])
              .invokevirtual(vector, plainName(op), MethodTypeDesc.of(vector, VECTOR));
      case NEG, ABS, SQRT, NOT ->
          code.invokevirtual(vector, plainName(op), MethodTypeDesc.of(vector));
      case FMA ->
          code.aload(locals[apply.b()])
              .aload(locals[apply.c()])
              .invokevirtual(vector, "fma", MethodTypeDesc.of(vector, VECTOR, VECTOR));
      case AND, OR, XOR -> lanewise(code, vector, op.name(), locals[apply.b()]);
      case SHIFT_LEFT -> shift(code, "LSHL", apply, locals);
      case SHIFT_RIGHT -> shift(code, "ASHR", apply, locals);
      case SHIFT_RIGHT_UNSIGNED -> shift(code, "LSHR", apply, locals);
      case EQ, NE, LT, LE, GT, GE -> {
        code.getstatic(OPERATORS, op.name(), COMPARISON).aload(locals[apply.b()]);
        code.invokevirtual(vector, "compare", MethodTypeDesc.of(MASK, COMPARISON, VECTOR));
        castMask(code, type, masks);
      }
      case REINTERPRET ->
          code.invokevirtual(
              vector,
              switch (apply.type()) {
                case FLOAT32 -> "reinterpretAsFloats";
                case FLOAT64 -> "reinterpretAsDoubles";
                case INT32 -> "reinterpretAsInts";
                case INT64 -> "reinterpretAsLongs";
                case BOOL -> throw new IllegalStateException("bool has no floating twin");
              },
              MethodTypeDesc.of(vectorOf(apply.type())));
      case SELECT, CONVERT -> throw new IllegalStateException("handled above");
    }
  }

  private static String plainName(LaneOp op) {
    return op.name().toLowerCase(java.util.Locale.ROOT);
  }

  private static void lanewise(CodeBuilder code, ClassDesc vector, String operator, int operand) {
    // Only some operators are declared as plain binary ones; the rest are associative, a subtype.
    boolean associative = operator.equals("AND") || operator.equals("OR") || operator.equals("XOR");
    code.getstatic(OPERATORS, operator, associative ? OPERATORS.nested("Associative") : BINARY)
        .aload(operand)
        .invokevirtual(vector, "lanewise", MethodTypeDesc.of(vector, BINARY, VECTOR));
  }

  /** Distances that are the same for all lanes are given as a number: one instruction, not two. */
  private void shift(CodeBuilder code, String operator, Instruction.Apply apply, int[] locals) {
    ClassDesc vector = vectorOf(apply.type());
    if (lanes.instructions().get(apply.b()) instanceof Instruction.Constant distance) {
      ClassDesc number = GeneratedClasses.descriptor(apply.type());
      code.getstatic(OPERATORS, operator, BINARY).loadConstant((int) distance.bits());
      code.conversion(TypeKind.INT, GeneratedClasses.kind(apply.type()));
      code.invokevirtual(vector, "lanewise", MethodTypeDesc.of(vector, BINARY, number));
    } else {
      lanewise(code, vector, operator, locals[apply.b()]);
    }
  }

  private void castMask(CodeBuilder code, DType from, DType to) {
    if (from != to) {
      code.ldc(species(to)).invokevirtual(MASK, "cast", MethodTypeDesc.of(MASK, SPECIES));
    }
  }

  private static void maskOperation(
      CodeBuilder code, LaneOp op, Instruction.Apply apply, int[] locals) {
    if (op == LaneOp.NOT) {
      code.invokevirtual(MASK, "not", MethodTypeDesc.of(MASK));
      return;
    }
    code.aload(locals[apply.b()])
        .invokevirtual(
            MASK,
            switch (op) {
              case AND, MUL, MIN -> "and";
              case OR, ADD, MAX -> "or";
              case XOR, NE -> "xor";
              case EQ -> "eq";
              default -> throw new IllegalStateException("no " + op + " of bool");
            },
            MethodTypeDesc.of(MASK, MASK));
  }

  private void select(CodeBuilder code, DType type, int condition, int yes, int no) {
    if (type == DType.BOOL) {
      // (condition and yes) or (no and not condition)
      code.aload(condition).aload(yes).invokevirtual(MASK, "and", MethodTypeDesc.of(MASK, MASK));
      code.aload(no).aload(condition);
      code.invokevirtual(MASK, "andNot", MethodTypeDesc.of(MASK, MASK));
      code.invokevirtual(MASK, "or", MethodTypeDesc.of(MASK, MASK));
      return;
    }
    code.aload(no).aload(yes).aload(condition);
    castMask(code, masks, type);
    blend(code, type);
  }

  private static void blend(CodeBuilder code, DType type) {
    code.invokevirtual(vectorOf(type), "blend", MethodTypeDesc.of(vectorOf(type), VECTOR, MASK));
  }

  private void convert(CodeBuilder code, DType from, DType to, int operand) {
    ClassDesc result = vectorOf(to);
    if (from == DType.BOOL) {
      ClassDesc number = GeneratedClasses.descriptor(to);
      MethodTypeDesc broadcast = MethodTypeDesc.of(result, SPECIES, number);
      for (int value = 0; value < 2; value++) {
        code.ldc(species(to)).loadConstant(value);
        code.conversion(TypeKind.INT, GeneratedClasses.kind(to));
        code.invokestatic(result, "broadcast", broadcast);
      }
      code.aload(operand);
      castMask(code, masks, to);
      code.invokevirtual(result, "blend", MethodTypeDesc.of(result, VECTOR, MASK));
      return;
    }
    String name =
        switch (from) {
          case FLOAT32 -> "F2I";
          case FLOAT64 -> "D2L";
          case INT32 -> "I2F";
          case INT64 -> "L2D";
          case BOOL -> throw new IllegalStateException("handled above");
        };
    code.aload(operand).getstatic(OPERATORS, name, CONVERSION).iconst_0();
    code.invokevirtual(vectorOf(from), "convert", MethodTypeDesc.of(VECTOR, CONVERSION, CD_int));
    code.checkcast(result);
  }
}
