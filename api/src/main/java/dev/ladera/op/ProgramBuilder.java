package dev.ladera.op;

import dev.ladera.DType;
import dev.ladera.DTypeException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;

/**
 * Turns an expression into a {@link Program} by PyTorch's promotion: types of a higher category
 * (bool, integer, floating) win; within a category tensors with axes win over those without, and
 * those over plain numbers.
 */
final class ProgramBuilder {
  private static final int NUMBER = 0;
  private static final int SCALAR_TENSOR = 1;
  private static final int TENSOR = 2;

  /** A step with its type and how strongly that type counts in promotion. */
  private record Value(int step, DType dtype, int strength) {}

  private final String name;
  private final Signature signature;
  private final List<Program.Step> steps = new ArrayList<>();
  private final Map<Program.Step, Integer> places = new HashMap<>();
  private final Map<Expr, Value> known = new IdentityHashMap<>();

  private ProgramBuilder(String name, Signature signature) {
    this.name = name;
    this.signature = signature;
  }

  static Program build(String name, Expr body, Signature signature) {
    ProgramBuilder builder = new ProgramBuilder(name, signature);
    int result = builder.place(body).step();
    List<DType> inputs = new ArrayList<>();
    for (int i = 0; i < signature.size(); i++) {
      inputs.add(signature.dtype(i));
    }
    return new Program(needed(builder.steps, result), inputs);
  }

  /**
   * The steps that a result is made of; it becomes the last. Numbers leave steps behind in the
   * types that they were written in.
   */
  private static List<Program.Step> needed(List<Program.Step> steps, int result) {
    boolean[] used = new boolean[steps.size()];
    used[result] = true;
    for (int i = result; i >= 0; i--) {
      if (used[i]) {
        for (int operand : operands(steps.get(i))) {
          used[operand] = true;
        }
      }
    }
    List<Program.Step> kept = new ArrayList<>();
    int[] places = new int[steps.size()];
    for (int i = 0; i <= result; i++) {
      if (used[i]) {
        places[i] = kept.size();
        kept.add(moved(steps.get(i), places));
      }
    }
    return kept;
  }

  private static int[] operands(Program.Step step) {
    return switch (step) {
      case Program.Step.Load _, Program.Step.Parameter _, Program.Step.Literal _ -> new int[0];
      case Program.Step.Unary unary -> new int[] {unary.operand()};
      case Program.Step.Binary binary -> new int[] {binary.left(), binary.right()};
      case Program.Step.Select select -> new int[] {select.condition(), select.yes(), select.no()};
      case Program.Step.Cast cast -> new int[] {cast.operand()};
    };
  }

  private static Program.Step moved(Program.Step step, int[] places) {
    return switch (step) {
      case Program.Step.Load _, Program.Step.Parameter _, Program.Step.Literal _ -> step;
      case Program.Step.Unary(UnaryOp op, int operand, DType dtype) ->
          new Program.Step.Unary(op, places[operand], dtype);
      case Program.Step.Binary(BinaryOp op, int left, int right, DType dtype) ->
          new Program.Step.Binary(op, places[left], places[right], dtype);
      case Program.Step.Select(int condition, int yes, int no, DType dtype) ->
          new Program.Step.Select(places[condition], places[yes], places[no], dtype);
      case Program.Step.Cast(int operand, DType dtype) ->
          new Program.Step.Cast(places[operand], dtype);
    };
  }

  private Value place(Expr expr) {
    Value value = known.get(expr);
    if (value == null) {
      value = translate(expr);
      known.put(expr, value);
    }
    return value;
  }

  private Value translate(Expr expr) {
    return switch (expr) {
      case Expr.Input(int index) ->
          emit(
              new Program.Step.Load(index, signature.dtype(index)),
              signature.isScalar(index) ? SCALAR_TENSOR : TENSOR);
      case Expr.Constant(double value, boolean integer) ->
          emit(new Program.Step.Literal(value, numberType(integer)), NUMBER);
      case Expr.Scalar(int index, boolean integer) ->
          emit(new Program.Step.Parameter(index, numberType(integer)), NUMBER);
      case Expr.Cast(Expr operand, DType dtype) -> {
        Value value = place(operand);
        yield new Value(convert(value, dtype), dtype, Math.max(value.strength(), SCALAR_TENSOR));
      }
      case Expr.Select(Expr condition, Expr yes, Expr no) -> {
        int test = convert(place(condition), DType.BOOL);
        Value left = place(yes);
        Value right = place(no);
        DType dtype = promote(left, right);
        yield emit(
            new Program.Step.Select(test, convert(left, dtype), convert(right, dtype), dtype),
            Math.max(left.strength(), right.strength()));
      }
      case Expr.Unary(UnaryOp op, Expr operand) -> unary(op, place(operand));
      case Expr.Binary(BinaryOp op, Expr left, Expr right) -> binary(op, place(left), place(right));
    };
  }

  private static DType numberType(boolean integer) {
    return integer ? DType.INT64 : DType.FLOAT32;
  }

  private Value unary(UnaryOp op, Value x) {
    return switch (op.kind()) {
      case FLOATING -> {
        DType dtype = x.dtype().isFloating() ? x.dtype() : DType.FLOAT32;
        yield emit(new Program.Step.Unary(op, convert(x, dtype), dtype), x.strength());
      }
      case TEST ->
          x.dtype().isFloating()
              ? emit(new Program.Step.Unary(op, x.step(), DType.BOOL), x.strength())
              : emit(new Program.Step.Literal(0, DType.BOOL), x.strength());
      case BITS -> {
        if (x.dtype().isFloating()) {
          throw refused(op.name(), x.dtype(), "integers and bool");
        }
        yield emit(new Program.Step.Unary(op, x.step(), x.dtype()), x.strength());
      }
      case NUMERIC -> {
        if (x.dtype() == DType.BOOL) {
          throw refused(op.name(), x.dtype(), "numbers; use logicalNot or to(DType)");
        }
        boolean whole =
            op == UnaryOp.FLOOR || op == UnaryOp.CEIL || op == UnaryOp.ROUND || op == UnaryOp.TRUNC;
        yield whole && x.dtype().isInteger()
            ? x
            : emit(new Program.Step.Unary(op, x.step(), x.dtype()), x.strength());
      }
    };
  }

  private Value binary(BinaryOp op, Value left, Value right) {
    int strength = Math.max(left.strength(), right.strength());
    DType common = promote(left, right);
    return switch (op.kind()) {
      case FLOATING -> {
        DType dtype = common.isFloating() ? common : DType.FLOAT32;
        yield emit(
            new Program.Step.Binary(op, convert(left, dtype), convert(right, dtype), dtype),
            strength);
      }
      case COMPARISON -> {
        DType dtype = common == DType.BOOL ? DType.INT32 : common;
        yield emit(
            new Program.Step.Binary(op, convert(left, dtype), convert(right, dtype), DType.BOOL),
            strength);
      }
      case BITS -> {
        boolean shift = op.name().startsWith("SHIFT");
        if (common.isFloating() || (shift && common == DType.BOOL)) {
          throw refused(op.name(), common, shift ? "integers" : "integers and bool");
        }
        yield emit(
            new Program.Step.Binary(op, convert(left, common), convert(right, common), common),
            strength);
      }
      case NUMERIC -> {
        BinaryOp lowered = common == DType.BOOL ? logical(op) : op;
        yield emit(
            new Program.Step.Binary(lowered, convert(left, common), convert(right, common), common),
            strength);
      }
    };
  }

  /** Arithmetic on bool is logic: sums and maxima are "or", products and minima are "and". */
  private BinaryOp logical(BinaryOp op) {
    return switch (op) {
      case ADD, MAX -> BinaryOp.OR;
      case MUL, MIN -> BinaryOp.AND;
      default -> throw refused(op.name(), DType.BOOL, "numbers; use logicalXor or to(DType)");
    };
  }

  private DTypeException refused(String op, DType dtype, String wanted) {
    String function = op.toLowerCase(java.util.Locale.ROOT);
    String detail = dtype + " has no " + function + "; it takes " + wanted;
    return new DTypeException(name, detail, dtype);
  }

  private static DType promote(Value a, Value b) {
    if (a.dtype() == b.dtype()) {
      return a.dtype();
    }
    if (a.dtype().isFloating() != b.dtype().isFloating()
        || (a.dtype() == DType.BOOL) != (b.dtype() == DType.BOOL)
        || a.strength() == b.strength()) {
      return a.dtype().promote(b.dtype());
    }
    return a.strength() > b.strength() ? a.dtype() : b.dtype();
  }

  private int convert(Value value, DType dtype) {
    return value.strength() == NUMBER ? asNumber(value.step(), dtype) : cast(value.step(), dtype);
  }

  private int cast(int step, DType dtype) {
    return steps.get(step).dtype() == dtype
        ? step
        : emit(new Program.Step.Cast(step, dtype), TENSOR).step();
  }

  /**
   * Numbers, and what is computed from nothing else, take the type that they are used as, rather
   * than being rounded through their own.
   */
  private int asNumber(int number, DType dtype) {
    Program.Step step = steps.get(number);
    if (step.dtype() == dtype) {
      return number;
    }
    return switch (step) {
      case Program.Step.Literal(double value, DType _) ->
          emit(new Program.Step.Literal(value, dtype), NUMBER).step();
      case Program.Step.Parameter(int index, DType _) ->
          emit(new Program.Step.Parameter(index, dtype), NUMBER).step();
      case Program.Step.Unary(UnaryOp op, int operand, DType own)
          when own.isFloating() && dtype.isFloating() ->
          emit(new Program.Step.Unary(op, asNumber(operand, dtype), dtype), NUMBER).step();
      case Program.Step.Binary(BinaryOp op, int left, int right, DType own)
          when own.isFloating() && dtype.isFloating() ->
          emit(
                  new Program.Step.Binary(op, asNumber(left, dtype), asNumber(right, dtype), dtype),
                  NUMBER)
              .step();
      case Program.Step.Select(int condition, int yes, int no, DType own)
          when own.isFloating() && dtype.isFloating() ->
          emit(
                  new Program.Step.Select(
                      condition, asNumber(yes, dtype), asNumber(no, dtype), dtype),
                  NUMBER)
              .step();
      default -> cast(number, dtype);
    };
  }

  private Value emit(Program.Step step, int strength) {
    Integer place = places.get(step);
    if (place == null) {
      place = steps.size();
      steps.add(step);
      places.put(step, place);
    }
    return new Value(place, step.dtype(), strength);
  }
}
