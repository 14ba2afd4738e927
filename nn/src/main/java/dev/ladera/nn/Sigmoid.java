package dev.ladera.nn;

import dev.ladera.Tensor;

/** 1 / (1 + e to the power of −x). */
public final class Sigmoid extends Layer {
  /** Makes the layer. */
  public Sigmoid() {}

  @Override
  protected Tensor compute(Tensor input) {
    return input.sigmoid();
  }
}
