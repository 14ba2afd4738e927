package dev.ladera.op;

import dev.ladera.Tensor;

/** What layer and batch normalisation share. */
final class Normalization {
  private Normalization() {}

  /** scale · (g − mean(g) − y · mean(g · y)), means over the normalised axes. */
  static Tensor gradient(Tensor gradient, Tensor output, Tensor scale, int[] axes) {
    Tensor along = gradient.mul(output).mean(true, axes);
    return gradient.sub(gradient.mean(true, axes)).sub(output.mul(along)).mul(scale);
  }
}
