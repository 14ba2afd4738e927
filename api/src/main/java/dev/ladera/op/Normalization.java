package dev.ladera.op;

import dev.ladera.Tensor;

/**
 * What layer and batch normalisation share. All but the output have the normalised axes with size
 * 1.
 *
 * @param output the normalised tensor
 * @param mean over the normalised axes
 * @param variance over the normalised axes, by the number of elements
 * @param scale 1 / √(variance + eps)
 */
record Normalization(Tensor output, Tensor mean, Tensor variance, Tensor scale) {
  private static final Pointwise SPREAD =
      Pointwise.of("spread", (x, mean) -> x.sub(mean).mul(x.sub(mean)));
  private static final Pointwise NORMAL =
      Pointwise.of("normal", 3, in -> in.get(0).sub(in.get(1)).mul(in.get(2)));
  private static final Pointwise GRADIENT =
      Pointwise.of(
          "normalGradient",
          5,
          in -> in.get(0).sub(in.get(2)).sub(in.get(1).mul(in.get(3))).mul(in.get(4)));

  /** Normalises over some axes. */
  static Normalization of(Tensor x, double eps, int... axes) {
    Tensor mean = x.mean(true, axes);
    Tensor variance = SPREAD.call(x, mean).mean(true, axes);
    Tensor scale = variance.add(eps).rsqrt();
    return new Normalization(NORMAL.call(x, mean, scale), mean, variance, scale);
  }

  /** scale · (g − mean(g) − y · mean(g · y)), means over the normalised axes. */
  static Tensor gradient(Tensor gradient, Tensor output, Tensor scale, int... axes) {
    Tensor along = gradient.mul(output).mean(true, axes);
    return GRADIENT.call(gradient, output, gradient.mean(true, axes), along, scale);
  }
}
