package dev.ladera.nn;

import dev.ladera.Tensor;

/** x where positive, slope · x elsewhere (Maas, Hannun and Ng, 2013). */
public final class LeakyReLU extends Layer {
  private final double slope;

  /** With slope 0.01. */
  public LeakyReLU() {
    this(0.01);
  }

  /** With this slope of the negative side. */
  public LeakyReLU(double slope) {
    this.slope = slope;
  }

  @Override
  protected Tensor compute(Tensor input) {
    return input.leakyRelu(slope);
  }

  @Override
  protected String describe() {
    return "negative_slope=" + PythonText.number(slope);
  }
}
