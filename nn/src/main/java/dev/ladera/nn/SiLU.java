package dev.ladera.nn;

import dev.ladera.Tensor;

/** x · sigmoid(x), also called swish. */
public final class SiLU extends Layer {
  /** Makes the layer. */
  public SiLU() {}

  @Override
  protected Tensor compute(Tensor input) {
    return input.silu();
  }
}
