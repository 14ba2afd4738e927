package dev.ladera.nn;

import dev.ladera.Dispatcher;
import dev.ladera.Tensor;
import dev.ladera.op.Pointwise;
import org.jspecify.annotations.Nullable;

/** x · factor + summand in one kernel. */
final class Affine {
  private static final Pointwise BOTH =
      Pointwise.of("affine", 3, x -> x.get(0).mul(x.get(1)).add(x.get(2)));

  private Affine() {}

  static Tensor apply(Tensor x, @Nullable Tensor factor, @Nullable Tensor summand) {
    if (factor == null) {
      return summand == null ? x : x.add(summand);
    }
    return summand == null ? x.mul(factor) : Dispatcher.call(BOTH, x, factor, summand);
  }
}
