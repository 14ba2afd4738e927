package dev.ladera.autograd;

import static java.util.Map.entry;

import dev.ladera.op.BinaryOp;
import dev.ladera.op.Expr;
import dev.ladera.op.UnaryOp;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The derivatives of the scalar functions: all that there is to know about elementwise operators.
 * Each answers {@code g}, the gradient of the function's value, times the derivative. Where a
 * derivative is easily said by the value {@code y} itself, it is, so that only the value has to be
 * kept.
 *
 * <p>Where a function has none, PyTorch's convention holds: 0 at the peak of |x| and at the origin
 * of atan2; half to each of two equal arguments of max and min; 0 for steps.
 */
final class ScalarDerivatives {
  /** Nothing, known as such before anything runs. */
  private static final Expr ZERO = Expr.of(0.0);

  /** The gradient of a function of one argument. */
  @FunctionalInterface
  private interface Of1 {
    Expr gradient(Expr x, Expr y, Expr g);
  }

  /** The gradient of a function of two, with respect to one of them. */
  @FunctionalInterface
  private interface Of2 {
    Expr gradient(Expr a, Expr b, Expr y, Expr g);
  }

  /** The gradients of a function of two arguments. */
  private record Pair(Of2 left, Of2 right) {}

  private static final Of1 STEP = (_, _, _) -> ZERO;
  private static final Of2 FLAT = (_, _, _, _) -> ZERO;
  private static final Pair STEPS = new Pair(FLAT, FLAT);

  private static final Map<UnaryOp, Of1> UNARY =
      Map.ofEntries(
          entry(UnaryOp.NEG, (_, _, g) -> g.neg()),
          entry(UnaryOp.ABS, (x, _, g) -> g.mul(x.sign())),
          entry(UnaryOp.SIGN, STEP),
          entry(UnaryOp.FLOOR, STEP),
          entry(UnaryOp.CEIL, STEP),
          entry(UnaryOp.ROUND, STEP),
          entry(UnaryOp.TRUNC, STEP),
          entry(UnaryOp.EXP, (_, y, g) -> g.mul(y)),
          entry(UnaryOp.EXPM1, (_, y, g) -> g.mul(y.add(1.0))),
          entry(UnaryOp.LOG, (x, _, g) -> g.div(x)),
          entry(UnaryOp.LOG1P, (x, _, g) -> g.div(x.add(1.0))),
          entry(UnaryOp.SQRT, (_, y, g) -> g.div(y.mul(2.0))),
          entry(UnaryOp.RSQRT, (_, y, g) -> g.mul(y.mul(y).mul(y)).mul(-0.5)),
          entry(UnaryOp.RECIPROCAL, (_, y, g) -> g.mul(y.mul(y)).neg()),
          entry(UnaryOp.SIN, (x, _, g) -> g.mul(x.cos())),
          entry(UnaryOp.COS, (x, _, g) -> g.mul(x.sin()).neg()),
          entry(UnaryOp.TAN, (_, y, g) -> g.mul(y.mul(y).add(1.0))),
          entry(UnaryOp.ASIN, (x, _, g) -> g.mul(one().sub(x.mul(x)).rsqrt())),
          entry(UnaryOp.ACOS, (x, _, g) -> g.mul(one().sub(x.mul(x)).rsqrt()).neg()),
          entry(UnaryOp.ATAN, (x, _, g) -> g.div(x.mul(x).add(1.0))),
          entry(UnaryOp.SINH, (x, _, g) -> g.mul(x.apply(UnaryOp.COSH))),
          entry(UnaryOp.COSH, (x, _, g) -> g.mul(x.apply(UnaryOp.SINH))),
          entry(UnaryOp.TANH, (_, y, g) -> g.mul(one().sub(y.mul(y)))),
          entry(UnaryOp.SIGMOID, (_, y, g) -> g.mul(y.mul(one().sub(y)))),
          entry(UnaryOp.ERF, (x, _, g) -> g.mul(x.mul(x).neg().exp().mul(2 / Math.sqrt(Math.PI)))),
          entry(UnaryOp.IS_NAN, STEP),
          entry(UnaryOp.NOT, STEP));

  private static final Map<BinaryOp, Pair> BINARY =
      Map.ofEntries(
          entry(BinaryOp.ADD, new Pair((_, _, _, g) -> g, (_, _, _, g) -> g)),
          entry(BinaryOp.SUB, new Pair((_, _, _, g) -> g, (_, _, _, g) -> g.neg())),
          entry(BinaryOp.MUL, new Pair((_, b, _, g) -> g.mul(b), (a, _, _, g) -> g.mul(a))),
          entry(
              BinaryOp.DIV,
              new Pair((_, b, _, g) -> g.div(b), (_, b, y, g) -> g.mul(y.div(b)).neg())),
          entry(BinaryOp.FLOOR_DIV, STEPS),
          entry(
              BinaryOp.REMAINDER,
              new Pair(
                  (_, _, _, g) -> g, (a, b, _, g) -> g.mul(a.apply(BinaryOp.FLOOR_DIV, b)).neg())),
          entry(
              BinaryOp.FMOD,
              new Pair(
                  (_, _, _, g) -> g, (a, b, _, g) -> g.mul(a.div(b).apply(UnaryOp.TRUNC)).neg())),
          entry(
              BinaryOp.POW,
              new Pair(
                  (a, b, _, g) -> Expr.where(b.eq(ZERO), ZERO, g.mul(b.mul(a.pow(b.sub(1))))),
                  (a, b, y, g) ->
                      Expr.where(a.eq(ZERO).and(b.ge(0)), ZERO, g.mul(y.mul(a.log()))))),
          entry(
              BinaryOp.MAX,
              new Pair(
                  (a, b, _, g) -> winner(a, b, a.lt(b), g),
                  (a, b, _, g) -> winner(a, b, b.lt(a), g))),
          entry(
              BinaryOp.MIN,
              new Pair(
                  (a, b, _, g) -> winner(a, b, b.lt(a), g),
                  (a, b, _, g) -> winner(a, b, a.lt(b), g))),
          entry(
              BinaryOp.ATAN2,
              new Pair(
                  (a, b, _, g) -> g.mul(overSquares(b, a, b)),
                  (a, b, _, g) -> g.mul(overSquares(a, a, b)).neg())),
          entry(BinaryOp.EQ, STEPS),
          entry(BinaryOp.NE, STEPS),
          entry(BinaryOp.LT, STEPS),
          entry(BinaryOp.LE, STEPS),
          entry(BinaryOp.GT, STEPS),
          entry(BinaryOp.GE, STEPS),
          entry(BinaryOp.AND, STEPS),
          entry(BinaryOp.OR, STEPS),
          entry(BinaryOp.XOR, STEPS),
          entry(BinaryOp.SHIFT_LEFT, STEPS),
          entry(BinaryOp.SHIFT_RIGHT_UNSIGNED, STEPS),
          entry(BinaryOp.SHIFT_RIGHT, STEPS));

  private ScalarDerivatives() {}

  /** What flows back to the operand; null where the derivative is zero everywhere. */
  static @Nullable Expr of(UnaryOp op, Expr x, Expr y, Expr g) {
    Of1 derivative = Objects.requireNonNull(UNARY.get(op), op::name);
    return derivative == STEP ? null : derivative.gradient(x, y, g);
  }

  /** What flows back to the left operand; null where the derivative is zero everywhere. */
  static @Nullable Expr left(BinaryOp op, Expr a, Expr b, Expr y, Expr g) {
    Pair pair = Objects.requireNonNull(BINARY.get(op), op::name);
    return pair.left() == FLAT ? null : pair.left().gradient(a, b, y, g);
  }

  /** What flows back to the right operand; null where the derivative is zero everywhere. */
  static @Nullable Expr right(BinaryOp op, Expr a, Expr b, Expr y, Expr g) {
    Pair pair = Objects.requireNonNull(BINARY.get(op), op::name);
    return pair.right() == FLAT ? null : pair.right().gradient(a, b, y, g);
  }

  /** x / (a² + b²), and 0 at the origin. */
  private static Expr overSquares(Expr x, Expr a, Expr b) {
    return Expr.where(a.eq(ZERO).and(b.eq(ZERO)), ZERO, x.div(a.mul(a).add(b.mul(b))));
  }

  private static Expr one() {
    return Expr.of(1.0);
  }

  /** All to the one that was taken, half where both are equal; NaN lets it pass, as in PyTorch. */
  private static Expr winner(Expr a, Expr b, Expr loses, Expr g) {
    return Expr.where(a.eq(b), g.mul(0.5), Expr.where(loses, ZERO, g));
  }
}
