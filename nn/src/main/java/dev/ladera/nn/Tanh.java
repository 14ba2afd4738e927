package dev.ladera.nn;

import dev.ladera.Tensor;

/** The hyperbolic tangent. */
public final class Tanh extends Layer {
  /** Makes the layer. */
  public Tanh() {}

  @Override
  protected Tensor compute(Tensor input) {
    return input.tanh();
  }
}
