package dev.ladera.backend.cpu;

import dev.ladera.DType;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What is computed for each element, as straight-line instructions simpler than a {@link
 * dev.ladera.op.Program}'s: functions such as eˣ have become the multiplications and additions that
 * they are made of. {@link ScalarLoopGenerator} and {@link VectorLoopGenerator} translate it.
 *
 * @param instructions each reads earlier ones
 * @param inputs the types of the inputs
 * @param results the places of the values that are stored, one an output
 * @param folds how the last of the results are joined, where they are, instead of being stored; see
 *     {@link Chains}
 */
record LaneCode(
    List<Instruction> instructions, List<DType> inputs, List<Integer> results, List<LaneOp> folds) {
  /** The compiler leaves methods above 8,000 bytes to the interpreter; this many are below. */
  private static final int MOST_INSTRUCTIONS = 500;

  LaneCode {
    instructions = List.copyOf(instructions);
    inputs = List.copyOf(inputs);
    results = List.copyOf(results);
    folds = List.copyOf(folds);
  }

  /** One value of one type. */
  sealed interface Instruction {
    /** The type of the value. */
    DType type();

    /** The element of an input. */
    record Input(int input, DType type) implements Instruction {}

    /** A number of the operator that is run. */
    record Parameter(int index, DType type) implements Instruction {}

    /** A number; floating ones as their raw bits. */
    record Constant(long bits, DType type) implements Instruction {
      float asFloat() {
        return Float.intBitsToFloat((int) bits);
      }

      double asDouble() {
        return Double.longBitsToDouble(bits);
      }
    }

    /** An operation; operands that it has not are −1. */
    record Apply(LaneOp op, int a, int b, int c, DType type) implements Instruction {}

    /**
     * A function of one or two operands (b is then −1 or not).
     *
     * @param function what it is, if it is made of instructions
     * @param method the method of {@link ScalarMath} that it is, if not
     */
    record Call(@Nullable LaneFunction function, String method, int a, int b, DType type)
        implements Instruction {}
  }

  /** The type of an output. */
  DType result(int output) {
    return instructions.get(results.get(output)).type();
  }

  /** How a result is joined; null where it is stored. */
  @Nullable LaneOp fold(int output) {
    int number = output - (results.size() - folds.size());
    return number < 0 ? null : folds.get(number);
  }

  /** The number of arrays that a loop works on: outputs, then inputs. */
  int operands() {
    return results.size() + inputs.size();
  }

  /** The element type of an operand. */
  DType operand(int index) {
    return index < results.size() ? result(index) : inputs.get(index - results.size());
  }

  /** The functions made of instructions that are called, each once. */
  List<LaneFunction> functions() {
    Set<LaneFunction> functions = new LinkedHashSet<>();
    for (Instruction instruction : instructions) {
      if (instruction instanceof Instruction.Call call && call.function() != null) {
        functions.add(call.function());
      }
    }
    return List.copyOf(functions);
  }

  /** The same with the bodies of functions in the place of their calls. */
  LaneCode inlined() {
    Builder code = new Builder();
    int[] places = code.append(this, -1);
    List<Integer> moved = results.stream().map(place -> places[place]).toList();
    return new LaneCode(code.instructions, inputs, moved, folds);
  }

  /**
   * Whether vectors can do it: no calls but of functions that have a body, all numbers of one
   * width, so that all vectors have as many lanes, and not too much for the compiler: loops that
   * join say all twice.
   */
  boolean isVectorizable() {
    int width = width();
    List<Instruction> all = inlined().instructions();
    for (Instruction instruction : all) {
      DType type = instruction.type();
      if (instruction instanceof Instruction.Call
          || (type != DType.BOOL && type.bytes() != width)) {
        return false;
      }
    }
    return width > 1 && all.size() <= MOST_INSTRUCTIONS / (folds.isEmpty() ? 1 : 2);
  }

  /** The bytes of the widest type; 1 if all is bool. */
  int width() {
    int width = 1;
    for (Instruction instruction : instructions) {
      width = Math.max(width, instruction.type().bytes());
    }
    return width;
  }

  /**
   * Whether the compiler turns a plain loop over equal indices into vectors by itself: arithmetic
   * of one floating type and nothing else.
   */
  boolean isPlainArithmetic() {
    if (!folds.isEmpty()) {
      return false;
    }
    DType type = result(0);
    for (Instruction instruction : instructions) {
      if (instruction.type() != type
          || !type.isFloating()
          || instruction instanceof Instruction.Call
          || (instruction instanceof Instruction.Apply apply
              && apply.op().ordinal() > LaneOp.SQRT.ordinal())) {
        return false;
      }
    }
    return true;
  }

  /** Collects instructions; equal ones are one. */
  static final class Builder {
    private final List<Instruction> instructions = new ArrayList<>();
    private final Map<Instruction, Integer> places = new HashMap<>();

    int add(Instruction instruction) {
      Integer place = places.get(instruction);
      if (place == null) {
        place = instructions.size();
        instructions.add(instruction);
        places.put(instruction, place);
      }
      return place;
    }

    DType type(int place) {
      return instructions.get(place).type();
    }

    List<Instruction> instructions() {
      return instructions;
    }

    int input(int index, DType type) {
      return add(new Instruction.Input(index, type));
    }

    int parameter(int index, DType type) {
      return add(new Instruction.Parameter(index, type));
    }

    /** A number converted to a type; integers are exact up to 2⁵³. */
    int constant(double value, DType type) {
      long bits =
          switch (type) {
            case FLOAT32 -> Float.floatToRawIntBits((float) value);
            case FLOAT64 -> Double.doubleToRawLongBits(value);
            case INT32 -> (int) (long) value;
            case INT64 -> (long) value;
            case BOOL -> value != 0 ? 1 : 0;
          };
      return add(new Instruction.Constant(bits, type));
    }

    /** An operation whose result has the type of its last operand. */
    int apply(LaneOp op, int a) {
      return add(new Instruction.Apply(op, a, -1, -1, type(a)));
    }

    int apply(LaneOp op, int a, int b) {
      return add(new Instruction.Apply(op, a, b, -1, op.isComparison() ? DType.BOOL : type(a)));
    }

    int apply(LaneOp op, int a, int b, int c) {
      return add(new Instruction.Apply(op, a, b, c, type(c)));
    }

    int convert(int a, DType type) {
      if (type(a) == type) {
        return a;
      }
      return type == DType.BOOL
          ? apply(LaneOp.NE, a, constant(0, type(a)))
          : add(new Instruction.Apply(LaneOp.CONVERT, a, -1, -1, type));
    }

    int reinterpret(int a, DType type) {
      return instructions.get(a) instanceof Instruction.Constant(long bits, DType _)
          ? add(new Instruction.Constant(bits, type))
          : add(new Instruction.Apply(LaneOp.REINTERPRET, a, -1, -1, type));
    }

    /** A function that is made of instructions. */
    int call(LaneFunction function, int a) {
      return add(new Instruction.Call(function, "", a, -1, type(a)));
    }

    /** A method of {@link ScalarMath}. */
    int call(String method, int a) {
      return add(new Instruction.Call(null, method, a, -1, type(a)));
    }

    /** A method of {@link ScalarMath}. */
    int call(String method, int a, int b) {
      return add(new Instruction.Call(null, method, a, b, type(a)));
    }

    /**
     * Adds other code, functions in line.
     *
     * @param operand where a function's operand is, which its input stands for; −1 if inputs stay
     *     inputs
     * @return for each of its instructions, where its value is now
     */
    private int[] append(LaneCode other, int operand) {
      int[] places = new int[other.instructions().size()];
      for (int i = 0; i < places.length; i++) {
        places[i] =
            switch (other.instructions().get(i)) {
              case Instruction.Input _ when operand >= 0 -> operand;
              case Instruction.Apply(LaneOp op, int a, int b, int c, DType type) ->
                  add(
                      new Instruction.Apply(
                          op, places[a], b < 0 ? b : places[b], c < 0 ? c : places[c], type));
              case Instruction.Call(LaneFunction function, _, int a, _, _)
                  when function != null -> {
                LaneCode body = function.body();
                yield append(body, places[a])[body.results().getFirst()];
              }
              case Instruction.Call(_, String method, int a, int b, DType type) ->
                  add(new Instruction.Call(null, method, places[a], b < 0 ? b : places[b], type));
              case Instruction instruction -> add(instruction);
            };
      }
      return places;
    }

    LaneCode build(List<DType> inputs, Integer... results) {
      return build(inputs, List.of(), results);
    }

    /** Code of which the last results are joined. */
    LaneCode build(List<DType> inputs, List<LaneOp> folds, Integer... results) {
      return new LaneCode(instructions, inputs, List.of(results), folds);
    }
  }
}
