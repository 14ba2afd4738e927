package dev.ladera.op;

import dev.ladera.Tensor;

/**
 * What layer and batch normalisation share.
 *
 * @param output the normalised tensor
 * @param scale 1 / √(variance + eps), of a size that broadcasts
 */
record Normalization(Tensor output, Tensor scale) {

  /** Normalises over some axes. */
  static Normalization of(Tensor x, double eps, int... axes) {
    Tensor centred = x.sub(x.mean(true, axes));
    Tensor scale = centred.square().mean(true, axes).add(eps).rsqrt();
    return new Normalization(centred.mul(scale), scale);
  }

  /** scale · (g − mean(g) − y · mean(g · y)), means over the normalised axes. */
  Tensor gradient(Tensor gradient, int... axes) {
    Tensor along = gradient.mul(output).mean(true, axes);
    return gradient.sub(gradient.mean(true, axes)).sub(output.mul(along)).mul(scale);
  }
}
