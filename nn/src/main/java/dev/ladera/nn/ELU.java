package dev.ladera.nn;

import dev.ladera.Tensor;

/**
 * x where positive, alpha · (e to the power of x − 1) elsewhere (Clevert, Unterthiner and
 * Hochreiter, 2015).
 */
public final class ELU extends Layer {
  private final double alpha;

  /** With alpha 1.0. */
  public ELU() {
    this(1.0);
  }

  /** With this negative limit. */
  public ELU(double alpha) {
    this.alpha = alpha;
  }

  @Override
  protected Tensor compute(Tensor input) {
    return input.elu(alpha);
  }

  @Override
  protected String describe() {
    return "alpha=" + PythonText.number(alpha);
  }
}
