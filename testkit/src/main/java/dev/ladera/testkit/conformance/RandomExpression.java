package dev.ladera.testkit.conformance;

import dev.ladera.DType;
import dev.ladera.Dispatcher;
import dev.ladera.Generator;
import dev.ladera.Tensor;
import dev.ladera.op.BinaryOp;
import dev.ladera.op.Expr;
import dev.ladera.op.Pointwise;
import dev.ladera.op.UnaryOp;
import java.util.ArrayList;
import java.util.List;

/**
 * An expression drawn at random, over inputs of all kinds. Rounding never decides which way it
 * takes: only integers and inputs are compared or converted to integers.
 */
final class RandomExpression {
  private static final UnaryOp[] FLOATING = {
    UnaryOp.NEG,
    UnaryOp.ABS,
    UnaryOp.TANH,
    UnaryOp.SIGMOID,
    UnaryOp.SIN,
    UnaryOp.COS,
    UnaryOp.ATAN,
    UnaryOp.ERF
  };
  private static final BinaryOp[] FLOATING_PAIRS = {
    BinaryOp.ADD, BinaryOp.SUB, BinaryOp.MUL, BinaryOp.MAX, BinaryOp.MIN
  };
  private static final BinaryOp[] INTEGER_PAIRS = {
    BinaryOp.ADD,
    BinaryOp.SUB,
    BinaryOp.MUL,
    BinaryOp.MAX,
    BinaryOp.MIN,
    BinaryOp.AND,
    BinaryOp.OR,
    BinaryOp.XOR,
    BinaryOp.FLOOR_DIV,
    BinaryOp.REMAINDER,
    BinaryOp.FMOD,
    BinaryOp.SHIFT_LEFT,
    BinaryOp.SHIFT_RIGHT,
    BinaryOp.SHIFT_RIGHT_UNSIGNED
  };
  private static final BinaryOp[] COMPARISONS = {
    BinaryOp.EQ, BinaryOp.NE, BinaryOp.LT, BinaryOp.LE, BinaryOp.GT, BinaryOp.GE
  };

  private final Generator random;
  private final List<DType> inputs;

  private RandomExpression(long seed, List<DType> inputs) {
    this.random = new Generator(seed);
    this.inputs = inputs;
  }

  /** The expression of a seed, over inputs of these types, of which one of each kind is there. */
  static Expr of(long seed, List<DType> inputs) {
    RandomExpression drawn = new RandomExpression(seed, inputs);
    return switch (drawn.random.nextInt(4)) {
      case 0 -> drawn.integer(4);
      case 1 -> drawn.bool(4);
      default -> drawn.floating(5);
    };
  }

  /** The expression's value, computed by an operator of its own for every node. */
  static Tensor unfused(Expr expr, List<Tensor> inputs) {
    return switch (expr) {
      case Expr.Input(int index) -> inputs.get(index);
      case Expr.Unary(UnaryOp op, Expr operand) ->
          Dispatcher.call(Pointwise.of("node", x -> x.apply(op)), unfused(operand, inputs));
      case Expr.Binary(BinaryOp op, Expr left, Expr.Constant right) ->
          Dispatcher.call(Pointwise.of("node", x -> x.apply(op, right)), unfused(left, inputs));
      case Expr.Binary(BinaryOp op, Expr left, Expr right) ->
          Dispatcher.call(
              Pointwise.of("node", (x, y) -> x.apply(op, y)),
              unfused(left, inputs),
              unfused(right, inputs));
      case Expr.Select(Expr condition, Expr yes, Expr no) ->
          Dispatcher.call(
              Pointwise.of("node", 3, x -> Expr.where(x.get(0), x.get(1), x.get(2))),
              unfused(condition, inputs),
              unfused(yes, inputs),
              unfused(no, inputs));
      case Expr.Cast(Expr operand, DType dtype) -> unfused(operand, inputs).to(dtype);
      case Expr.Constant _, Expr.Scalar _ ->
          throw new IllegalArgumentException("a number stands to the right of an operation only");
    };
  }

  private <T> T pick(T[] choices) {
    return choices[random.nextInt(choices.length)];
  }

  private Expr input(boolean floating, boolean integer) {
    List<Integer> fitting = new ArrayList<>();
    for (int i = 0; i < inputs.size(); i++) {
      DType dtype = inputs.get(i);
      if (floating ? dtype.isFloating() : integer ? dtype.isInteger() : dtype == DType.BOOL) {
        fitting.add(i);
      }
    }
    return Expr.input(fitting.get(random.nextInt(fitting.size())));
  }

  private Expr floating(int depth) {
    if (depth == 0) {
      return input(true, false);
    }
    return switch (random.nextInt(7)) {
      case 0, 1 -> floating(depth - 1).apply(pick(FLOATING));
      case 2 -> floating(depth - 1).abs().sqrt();
      case 3 -> Expr.where(bool(depth - 1), floating(depth - 1), floating(depth - 1));
      case 4 -> floating(depth - 1).mul(0.75);
      case 5 -> integer(depth - 1).apply(BinaryOp.AND, Expr.of(255)).to(pick(floatingTypes()));
      default -> floating(depth - 1).tanh().apply(pick(FLOATING_PAIRS), floating(depth - 1).tanh());
    };
  }

  private DType[] floatingTypes() {
    return inputs.stream().filter(DType::isFloating).toArray(DType[]::new);
  }

  private Expr integer(int depth) {
    if (depth == 0) {
      return input(false, true);
    }
    return switch (random.nextInt(6)) {
      case 0 -> integer(depth - 1).neg();
      case 1 -> integer(depth - 1).apply(UnaryOp.NOT);
      case 2 -> Expr.where(bool(depth - 1), integer(depth - 1), integer(depth - 1));
      case 3 -> integer(depth - 1).mul(3);
      case 4 -> input(true, false).mul(5.5).to(DType.INT32);
      default -> integer(depth - 1).apply(pick(INTEGER_PAIRS), integer(depth - 1));
    };
  }

  private Expr bool(int depth) {
    if (depth == 0) {
      return input(false, false);
    }
    return switch (random.nextInt(4)) {
      case 0 -> bool(depth - 1).not();
      case 1 -> input(true, false).apply(pick(COMPARISONS), Expr.of(0.5));
      case 2 -> integer(depth - 1).apply(pick(COMPARISONS), integer(depth - 1));
      default ->
          bool(depth - 1)
              .apply(
                  pick(new BinaryOp[] {BinaryOp.AND, BinaryOp.OR, BinaryOp.XOR}), bool(depth - 1));
    };
  }
}
