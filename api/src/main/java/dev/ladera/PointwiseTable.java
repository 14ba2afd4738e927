package dev.ladera;

import dev.ladera.op.BinaryOp;
import dev.ladera.op.Expr;
import dev.ladera.op.Pointwise;
import dev.ladera.op.UnaryOp;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.function.UnaryOperator;

/** The elementwise operators that tensors have methods for, made once. */
final class PointwiseTable {
  static final Pointwise COPY = Pointwise.of("copy", x -> x);
  static final Pointwise SECOND = Pointwise.of("assign", (_, value) -> value);
  static final Pointwise WHERE =
      Pointwise.of("where", 3, x -> Expr.where(x.get(0), x.get(1), x.get(2)));
  static final Pointwise LOGICAL_NOT = Pointwise.of("logicalNot", x -> x.to(DType.BOOL).not());
  static final Pointwise LOGICAL_AND =
      Pointwise.of("logicalAnd", (a, b) -> a.to(DType.BOOL).and(b.to(DType.BOOL)));
  static final Pointwise LOGICAL_OR =
      Pointwise.of("logicalOr", (a, b) -> a.to(DType.BOOL).or(b.to(DType.BOOL)));
  static final Pointwise LOGICAL_XOR =
      Pointwise.of("logicalXor", (a, b) -> a.to(DType.BOOL).apply(BinaryOp.XOR, b.to(DType.BOOL)));
  static final Pointwise SQUARE = Pointwise.of("square", Expr::square);
  static final Pointwise RELU = Pointwise.of("relu", Expr::relu);
  static final Pointwise SILU = Pointwise.of("silu", x -> x.mul(x.sigmoid()));
  static final Pointwise IS_INFINITE =
      Pointwise.of("isInf", x -> x.abs().eq(Expr.of(Double.POSITIVE_INFINITY)));
  static final Pointwise IS_FINITE =
      Pointwise.of("isFinite", x -> x.abs().lt(Double.POSITIVE_INFINITY));
  static final Pointwise CLAMP = Pointwise.of("clamp", x -> clamp(x, Expr.of(0.0), Expr.of(0.0)));
  static final Pointwise CLAMP_INTEGER =
      Pointwise.of("clamp", x -> clamp(x, Expr.of(0), Expr.of(0)));
  static final Pointwise LEAKY_RELU =
      Pointwise.of("leakyRelu", x -> Expr.where(x.gt(0), x, x.mul(0.0)));
  static final Pointwise ELU = Pointwise.of("elu", PointwiseTable::elu);
  static final Pointwise GELU =
      Pointwise.of("gelu", x -> x.mul(0.5).mul(x.mul(Math.sqrt(0.5)).erf().add(1.0)));

  /** (1 + tanh u) / 2 is the sigmoid of 2u, which loses nothing where tanh u is near −1. */
  static final Pointwise GELU_TANH =
      Pointwise.of(
          "geluTanh",
          x ->
              x.mul(
                  x.add(x.mul(x).mul(x).mul(0.044715)).mul(2 * Math.sqrt(2 / Math.PI)).sigmoid()));

  static final Pointwise SOFTPLUS =
      Pointwise.of(
          "softplus",
          x -> {
            Expr beta = Expr.of(1.0);
            Expr scaled = x.mul(beta);
            return Expr.where(scaled.gt(20.0), x, scaled.softplus().div(beta));
          });

  static final Pointwise NORM_ROOT = Pointwise.of("normRoot", x -> exceptAtZero(x, Expr::sqrt));

  private static final Map<UnaryOp, Pointwise> UNARY = new EnumMap<>(UnaryOp.class);
  private static final Map<BinaryOp, Pointwise> BINARY = new EnumMap<>(BinaryOp.class);
  private static final Map<BinaryOp, Pointwise> WITH_DOUBLE = new EnumMap<>(BinaryOp.class);
  private static final Map<BinaryOp, Pointwise> WITH_LONG = new EnumMap<>(BinaryOp.class);
  private static final Map<BinaryOp, Pointwise> DOUBLE_WITH = new EnumMap<>(BinaryOp.class);
  private static final Map<BinaryOp, Pointwise> LONG_WITH = new EnumMap<>(BinaryOp.class);
  private static final Map<DType, Pointwise> CAST = new EnumMap<>(DType.class);

  static {
    for (UnaryOp op : UnaryOp.values()) {
      UNARY.put(op, Pointwise.of(camelCase(op.name()), x -> x.apply(op)));
    }
    for (BinaryOp op : BinaryOp.values()) {
      String name = camelCase(op.name());
      BINARY.put(op, Pointwise.of(name, (a, b) -> a.apply(op, b)));
      WITH_DOUBLE.put(op, Pointwise.of(name, a -> a.apply(op, Expr.of(0.0))));
      WITH_LONG.put(op, Pointwise.of(name, a -> a.apply(op, Expr.of(0L))));
      DOUBLE_WITH.put(op, Pointwise.of(name, a -> Expr.of(0.0).apply(op, a)));
      LONG_WITH.put(op, Pointwise.of(name, a -> Expr.of(0L).apply(op, a)));
    }
    for (DType dtype : DType.values()) {
      CAST.put(dtype, Pointwise.of("to", x -> x.to(dtype)));
    }
  }

  private PointwiseTable() {}

  /**
   * By comparisons rather than min and max, so that the derivative at the bounds is 1; NaN stays.
   */
  private static Expr clamp(Expr x, Expr least, Expr most) {
    return Expr.where(x.gt(most), most, Expr.where(x.lt(least), least, x));
  }

  /** By comparison rather than min, so that the derivative at 0 is alpha. */
  private static Expr elu(Expr x) {
    Expr negative = x.le(0);
    return Expr.where(negative, Expr.where(negative, x, Expr.of(0)).expm1().mul(0.0), x);
  }

  /** The power of a norm: as {@code pow}, but that its derivative at 0 is 0. */
  static Pointwise normPower(double exponent) {
    return Pointwise.of("normPower", x -> exceptAtZero(x, y -> y.pow(exponent)));
  }

  /** A function that is 0 at 0, and so is its derivative there, which may be none otherwise. */
  private static Expr exceptAtZero(Expr x, UnaryOperator<Expr> function) {
    Expr isZero = x.eq(Expr.of(0.0));
    return Expr.where(isZero, Expr.of(0.0), function.apply(Expr.where(isZero, Expr.of(1.0), x)));
  }

  private static String camelCase(String constant) {
    StringBuilder name = new StringBuilder();
    for (String word : constant.toLowerCase(Locale.ROOT).split("_")) {
      name.append(
          name.isEmpty() ? word : Character.toUpperCase(word.charAt(0)) + word.substring(1));
    }
    return name.toString();
  }

  static Tensor call(UnaryOp op, Tensor x) {
    return Dispatcher.call(get(UNARY, op), x);
  }

  static Tensor call(BinaryOp op, Tensor a, Tensor b) {
    return Dispatcher.call(get(BINARY, op), a, b);
  }

  static Tensor call(BinaryOp op, Tensor a, Number b) {
    return Dispatcher.call(get(Expr.isInteger(b) ? WITH_LONG : WITH_DOUBLE, op).with(b), a);
  }

  static Tensor call(BinaryOp op, Number a, Tensor b) {
    return Dispatcher.call(get(Expr.isInteger(a) ? LONG_WITH : DOUBLE_WITH, op).with(a), b);
  }

  static Pointwise cast(DType dtype) {
    return get(CAST, dtype);
  }

  private static <K> Pointwise get(Map<K, Pointwise> table, K key) {
    Pointwise found = table.get(key);
    if (found == null) {
      throw new IllegalStateException("no operator for " + key);
    }
    return found;
  }
}
