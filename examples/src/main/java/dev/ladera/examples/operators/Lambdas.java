package dev.ladera.examples.operators;

import dev.ladera.op.Expr;
import dev.ladera.op.Pointwise;

/** Depth one: an elementwise operator is a lambda. It is one fused loop, and has its gradient. */
public final class Lambdas {
  /** x · tanh(log(1 + eˣ)) (Misra, "Mish: A self regularized non-monotonic activation", 2019). */
  public static final Pointwise MISH = Pointwise.of("mish", x -> x.mul(x.softplus().tanh()));

  /** √(a² + b²). */
  public static final Pointwise HYPOTENUSE =
      Pointwise.of("hypotenuse", (a, b) -> a.square().add(b.square()).sqrt());

  /** a + t · (b − a) where the mask holds, else a; for a mask, a, b and t in this order. */
  public static final Pointwise BLEND =
      Pointwise.of(
          "blend",
          4,
          in -> {
            Expr a = in.get(1);
            return Expr.where(in.get(0), a.add(in.get(3).mul(in.get(2).sub(a))), a);
          });

  private Lambdas() {}
}
