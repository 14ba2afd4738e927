package dev.ladera;

import dev.ladera.op.BinaryOp;
import dev.ladera.op.Expr;
import dev.ladera.op.Pointwise;
import dev.ladera.op.UnaryOp;
import java.util.function.BinaryOperator;
import java.util.function.UnaryOperator;

/**
 * Operations on each element by itself. Two tensors broadcast to one shape by NumPy's rule and are
 * promoted to one type by PyTorch's; a plain number never widens a tensor, though a floating number
 * makes integers float32. Shapes that do not broadcast are a {@link ShapeException}, types that a
 * function does not take a {@link DTypeException}.
 */
public sealed interface PointwiseOps permits Tensor {

  private Tensor self() {
    return (Tensor) this;
  }

  /** Applies an expression of the user's own, as one kernel, with its gradient. */
  default Tensor map(UnaryOperator<Expr> body) {
    return Dispatcher.call(Pointwise.of("map", body), self());
  }

  /** Applies an expression of the user's own to this and another tensor. */
  default Tensor zip(Tensor other, BinaryOperator<Expr> body) {
    return Dispatcher.call(Pointwise.of("zip", body), self(), other);
  }

  /** this + other. */
  default Tensor add(Tensor other) {
    return PointwiseTable.call(BinaryOp.ADD, self(), other);
  }

  /** this + number. */
  default Tensor add(Number other) {
    return PointwiseTable.call(BinaryOp.ADD, self(), other);
  }

  /** this − other. */
  default Tensor sub(Tensor other) {
    return PointwiseTable.call(BinaryOp.SUB, self(), other);
  }

  /** this − other. */
  default Tensor sub(Number other) {
    return PointwiseTable.call(BinaryOp.SUB, self(), other);
  }

  /** number − this. */
  default Tensor rsub(Number other) {
    return PointwiseTable.call(BinaryOp.SUB, other, self());
  }

  /** this · other. */
  default Tensor mul(Tensor other) {
    return PointwiseTable.call(BinaryOp.MUL, self(), other);
  }

  /** this · other. */
  default Tensor mul(Number other) {
    return PointwiseTable.call(BinaryOp.MUL, self(), other);
  }

  /** this / other, true division: integers give float32. */
  default Tensor div(Tensor other) {
    return PointwiseTable.call(BinaryOp.DIV, self(), other);
  }

  /** this / other, true division: integers give float32. */
  default Tensor div(Number other) {
    return PointwiseTable.call(BinaryOp.DIV, self(), other);
  }

  /** number / this. */
  default Tensor rdiv(Number other) {
    return PointwiseTable.call(BinaryOp.DIV, other, self());
  }

  /** ⌊this / other⌋; an integer divided by zero gives 0. */
  default Tensor floorDivide(Tensor other) {
    return PointwiseTable.call(BinaryOp.FLOOR_DIV, self(), other);
  }

  /** ⌊this / other⌋; an integer divided by zero gives 0. */
  default Tensor floorDivide(Number other) {
    return PointwiseTable.call(BinaryOp.FLOOR_DIV, self(), other);
  }

  /** The remainder of floor division, with the divisor's sign, as in Python. */
  default Tensor remainder(Tensor other) {
    return PointwiseTable.call(BinaryOp.REMAINDER, self(), other);
  }

  /** The remainder of floor division, with the divisor's sign, as in Python. */
  default Tensor remainder(Number other) {
    return PointwiseTable.call(BinaryOp.REMAINDER, self(), other);
  }

  /** The remainder of truncating division, with the dividend's sign, as in C. */
  default Tensor fmod(Tensor other) {
    return PointwiseTable.call(BinaryOp.FMOD, self(), other);
  }

  /** The remainder of truncating division, with the dividend's sign, as in C. */
  default Tensor fmod(Number other) {
    return PointwiseTable.call(BinaryOp.FMOD, self(), other);
  }

  /** this to the power of another tensor. */
  default Tensor pow(Tensor exponent) {
    return PointwiseTable.call(BinaryOp.POW, self(), exponent);
  }

  /** this to the power of a number; 2 and 0.5 are computed as square and square root. */
  default Tensor pow(Number exponent) {
    double value = exponent.doubleValue();
    if (value == 2) {
      Tensor base = self();
      return Expr.isInteger(exponent) || base.dtype().isFloating()
          ? square()
          : base.to(DType.FLOAT32).square();
    }
    return value == 0.5 ? sqrt() : PointwiseTable.call(BinaryOp.POW, self(), exponent);
  }

  /** A number to the power of this. */
  default Tensor rpow(Number base) {
    return PointwiseTable.call(BinaryOp.POW, base, self());
  }

  /** The larger of both; NaN if one is NaN. */
  default Tensor maximum(Tensor other) {
    return PointwiseTable.call(BinaryOp.MAX, self(), other);
  }

  /** The larger of both; NaN if one is NaN. */
  default Tensor maximum(Number other) {
    return PointwiseTable.call(BinaryOp.MAX, self(), other);
  }

  /** The smaller of both; NaN if one is NaN. */
  default Tensor minimum(Tensor other) {
    return PointwiseTable.call(BinaryOp.MIN, self(), other);
  }

  /** The smaller of both; NaN if one is NaN. */
  default Tensor minimum(Number other) {
    return PointwiseTable.call(BinaryOp.MIN, self(), other);
  }

  /** The angle of the point (other, this), in radians. */
  default Tensor atan2(Tensor other) {
    return PointwiseTable.call(BinaryOp.ATAN2, self(), other);
  }

  /** Where this = other; bool. */
  default Tensor eq(Tensor other) {
    return PointwiseTable.call(BinaryOp.EQ, self(), other);
  }

  /** Where this = other; bool. */
  default Tensor eq(Number other) {
    return PointwiseTable.call(BinaryOp.EQ, self(), other);
  }

  /** Where this ≠ other; bool. */
  default Tensor ne(Tensor other) {
    return PointwiseTable.call(BinaryOp.NE, self(), other);
  }

  /** Where this ≠ other; bool. */
  default Tensor ne(Number other) {
    return PointwiseTable.call(BinaryOp.NE, self(), other);
  }

  /** Where this &lt; other; bool. */
  default Tensor lt(Tensor other) {
    return PointwiseTable.call(BinaryOp.LT, self(), other);
  }

  /** Where this &lt; other; bool. */
  default Tensor lt(Number other) {
    return PointwiseTable.call(BinaryOp.LT, self(), other);
  }

  /** Where this ≤ other; bool. */
  default Tensor le(Tensor other) {
    return PointwiseTable.call(BinaryOp.LE, self(), other);
  }

  /** Where this ≤ other; bool. */
  default Tensor le(Number other) {
    return PointwiseTable.call(BinaryOp.LE, self(), other);
  }

  /** Where this &gt; other; bool. */
  default Tensor gt(Tensor other) {
    return PointwiseTable.call(BinaryOp.GT, self(), other);
  }

  /** Where this &gt; other; bool. */
  default Tensor gt(Number other) {
    return PointwiseTable.call(BinaryOp.GT, self(), other);
  }

  /** Where this ≥ other; bool. */
  default Tensor ge(Tensor other) {
    return PointwiseTable.call(BinaryOp.GE, self(), other);
  }

  /** Where this ≥ other; bool. */
  default Tensor ge(Number other) {
    return PointwiseTable.call(BinaryOp.GE, self(), other);
  }

  /** Bitwise and of integers, logical and of bool. */
  default Tensor bitwiseAnd(Tensor other) {
    return PointwiseTable.call(BinaryOp.AND, self(), other);
  }

  /** Bitwise and of integers, logical and of bool. */
  default Tensor bitwiseAnd(Number other) {
    return PointwiseTable.call(BinaryOp.AND, self(), other);
  }

  /** Bitwise or of integers, logical or of bool. */
  default Tensor bitwiseOr(Tensor other) {
    return PointwiseTable.call(BinaryOp.OR, self(), other);
  }

  /** Bitwise or of integers, logical or of bool. */
  default Tensor bitwiseOr(Number other) {
    return PointwiseTable.call(BinaryOp.OR, self(), other);
  }

  /** Bitwise exclusive or of integers, logical of bool. */
  default Tensor bitwiseXor(Tensor other) {
    return PointwiseTable.call(BinaryOp.XOR, self(), other);
  }

  /** Bitwise exclusive or of integers, logical of bool. */
  default Tensor bitwiseXor(Number other) {
    return PointwiseTable.call(BinaryOp.XOR, self(), other);
  }

  /** Integers shifted left. */
  default Tensor shiftLeft(Tensor other) {
    return PointwiseTable.call(BinaryOp.SHIFT_LEFT, self(), other);
  }

  /** Integers shifted left. */
  default Tensor shiftLeft(Number other) {
    return PointwiseTable.call(BinaryOp.SHIFT_LEFT, self(), other);
  }

  /** Integers shifted right, the sign coming in. */
  default Tensor shiftRight(Tensor other) {
    return PointwiseTable.call(BinaryOp.SHIFT_RIGHT, self(), other);
  }

  /** Integers shifted right, the sign coming in. */
  default Tensor shiftRight(Number other) {
    return PointwiseTable.call(BinaryOp.SHIFT_RIGHT, self(), other);
  }

  /** −this. */
  default Tensor neg() {
    return PointwiseTable.call(UnaryOp.NEG, self());
  }

  /** |this|. */
  default Tensor abs() {
    return PointwiseTable.call(UnaryOp.ABS, self());
  }

  /** −1, 0 or 1. */
  default Tensor sign() {
    return PointwiseTable.call(UnaryOp.SIGN, self());
  }

  /** The largest integer not above this. */
  default Tensor floor() {
    return PointwiseTable.call(UnaryOp.FLOOR, self());
  }

  /** The smallest integer not below this. */
  default Tensor ceil() {
    return PointwiseTable.call(UnaryOp.CEIL, self());
  }

  /** The nearest integer; halves go to the even one. */
  default Tensor round() {
    return PointwiseTable.call(UnaryOp.ROUND, self());
  }

  /** this without its fraction. */
  default Tensor trunc() {
    return PointwiseTable.call(UnaryOp.TRUNC, self());
  }

  /** e to the power of this. */
  default Tensor exp() {
    return PointwiseTable.call(UnaryOp.EXP, self());
  }

  /** e to the power of this, less 1; exact near 0. */
  default Tensor expm1() {
    return PointwiseTable.call(UnaryOp.EXPM1, self());
  }

  /** The natural logarithm. */
  default Tensor log() {
    return PointwiseTable.call(UnaryOp.LOG, self());
  }

  /** The natural logarithm of 1 + this; exact near 0. */
  default Tensor log1p() {
    return PointwiseTable.call(UnaryOp.LOG1P, self());
  }

  /** The square root. */
  default Tensor sqrt() {
    return PointwiseTable.call(UnaryOp.SQRT, self());
  }

  /** 1 / √this. */
  default Tensor rsqrt() {
    return PointwiseTable.call(UnaryOp.RSQRT, self());
  }

  /** 1 / this. */
  default Tensor reciprocal() {
    return PointwiseTable.call(UnaryOp.RECIPROCAL, self());
  }

  /** The sine of radians. */
  default Tensor sin() {
    return PointwiseTable.call(UnaryOp.SIN, self());
  }

  /** The cosine of radians. */
  default Tensor cos() {
    return PointwiseTable.call(UnaryOp.COS, self());
  }

  /** The tangent of radians. */
  default Tensor tan() {
    return PointwiseTable.call(UnaryOp.TAN, self());
  }

  /** The inverse sine, in radians. */
  default Tensor asin() {
    return PointwiseTable.call(UnaryOp.ASIN, self());
  }

  /** The inverse cosine, in radians. */
  default Tensor acos() {
    return PointwiseTable.call(UnaryOp.ACOS, self());
  }

  /** The inverse tangent, in radians. */
  default Tensor atan() {
    return PointwiseTable.call(UnaryOp.ATAN, self());
  }

  /** The hyperbolic sine. */
  default Tensor sinh() {
    return PointwiseTable.call(UnaryOp.SINH, self());
  }

  /** The hyperbolic cosine. */
  default Tensor cosh() {
    return PointwiseTable.call(UnaryOp.COSH, self());
  }

  /** The hyperbolic tangent. */
  default Tensor tanh() {
    return PointwiseTable.call(UnaryOp.TANH, self());
  }

  /** 1 / (1 + e to the power of −this). */
  default Tensor sigmoid() {
    return PointwiseTable.call(UnaryOp.SIGMOID, self());
  }

  /** The error function. */
  default Tensor erf() {
    return PointwiseTable.call(UnaryOp.ERF, self());
  }

  /** Where this is NaN; bool. */
  default Tensor isNan() {
    return PointwiseTable.call(UnaryOp.IS_NAN, self());
  }

  /** Bitwise complement of integers, logical not of bool. */
  default Tensor bitwiseNot() {
    return PointwiseTable.call(UnaryOp.NOT, self());
  }

  /** The logarithm to base 2. */
  default Tensor log2() {
    return log().mul(1 / Math.log(2));
  }

  /** The logarithm to base 10. */
  default Tensor log10() {
    return log().mul(1 / Math.log(10));
  }

  /** Where this is infinite; bool. */
  default Tensor isInf() {
    return Dispatcher.call(PointwiseTable.IS_INFINITE, self());
  }

  /** Where this is neither infinite nor NaN; bool. */
  default Tensor isFinite() {
    return Dispatcher.call(PointwiseTable.IS_FINITE, self());
  }

  /** this². */
  default Tensor square() {
    return Dispatcher.call(PointwiseTable.SQUARE, self());
  }

  /** Where this is zero; bool. */
  default Tensor logicalNot() {
    return Dispatcher.call(PointwiseTable.LOGICAL_NOT, self());
  }

  /** Where neither is zero; bool. */
  default Tensor logicalAnd(Tensor other) {
    return Dispatcher.call(PointwiseTable.LOGICAL_AND, self(), other);
  }

  /** Where one is not zero; bool. */
  default Tensor logicalOr(Tensor other) {
    return Dispatcher.call(PointwiseTable.LOGICAL_OR, self(), other);
  }

  /** Where exactly one is not zero; bool. */
  default Tensor logicalXor(Tensor other) {
    return Dispatcher.call(PointwiseTable.LOGICAL_XOR, self(), other);
  }

  /** max(this, 0); its derivative at 0 is 0. */
  default Tensor relu() {
    return Dispatcher.call(PointwiseTable.RELU, self());
  }

  /** this · sigmoid(this), also called swish. */
  default Tensor silu() {
    return Dispatcher.call(PointwiseTable.SILU, self());
  }

  /** this · Φ(this), by the error function (Hendrycks and Gimpel, 2016). */
  default Tensor gelu() {
    return Dispatcher.call(PointwiseTable.GELU, self());
  }

  /** The approximation of {@link #gelu} by tanh. */
  default Tensor geluTanh() {
    return Dispatcher.call(PointwiseTable.GELU_TANH, self());
  }

  /** this where positive, slope · this elsewhere. */
  default Tensor leakyRelu(double slope) {
    return Dispatcher.call(PointwiseTable.LEAKY_RELU.with(0, slope), self());
  }

  /** this where positive, alpha · (e to the power of this − 1) elsewhere. */
  default Tensor elu(double alpha) {
    return Dispatcher.call(PointwiseTable.ELU.with(0, 0, alpha), self());
  }

  /**
   * log(1 + e to the power of beta · this) / beta; this itself where beta · this is above the
   * threshold.
   */
  default Tensor softplus(double beta, double threshold) {
    return Dispatcher.call(PointwiseTable.SOFTPLUS.with(beta, threshold, 0, 0), self());
  }

  /** log(1 + e to the power of this), with PyTorch's threshold of 20. */
  default Tensor softplus() {
    return softplus(1, 20);
  }

  /**
   * The nearest value from least to most; the derivative at the bounds is 1. Where least is above
   * most, most everywhere, as in PyTorch, but with a derivative of 1 where this is most.
   */
  default Tensor clamp(Number least, Number most) {
    Number low = least.doubleValue() > most.doubleValue() ? most : least;
    Pointwise clamp =
        Expr.isInteger(least) && Expr.isInteger(most)
            ? PointwiseTable.CLAMP_INTEGER
            : PointwiseTable.CLAMP;
    return Dispatcher.call(clamp.with(most, low), self());
  }

  /** this + weight · (end − this). */
  default Tensor lerp(Tensor end, Number weight) {
    return self().add(end.sub(self()).mul(weight));
  }

  /** The value where the mask holds, this elsewhere. */
  default Tensor maskedFill(Tensor mask, Number value) {
    Tensor filler = Tensor.full(Shape.SCALAR, value, self().dtype(), self().device());
    return Tensor.where(mask, filler, self());
  }
}
