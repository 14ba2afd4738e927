package dev.ladera.nn;

import dev.ladera.Tensor;

/** max(x, 0). */
public final class ReLU extends Layer {
  /** Makes the layer. */
  public ReLU() {}

  @Override
  protected Tensor compute(Tensor input) {
    return input.relu();
  }
}
