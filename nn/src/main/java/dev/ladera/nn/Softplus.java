package dev.ladera.nn;

import dev.ladera.Tensor;

/** log(1 + e to the power of beta · x) / beta; x itself where beta · x is above a threshold. */
public final class Softplus extends Layer {
  private final double beta;
  private final double threshold;

  /** With beta 1 and threshold 20. */
  public Softplus() {
    this(1, 20);
  }

  /**
   * With this steepness and this threshold.
   *
   * @throws dev.ladera.ArgumentException if beta is not above 0
   */
  public Softplus(double beta, double threshold) {
    this.beta = Arguments.positive("softplus", "beta", beta);
    this.threshold = threshold;
  }

  @Override
  protected Tensor compute(Tensor input) {
    return input.softplus(beta, threshold);
  }

  @Override
  protected String describe() {
    return "beta=" + PythonText.number(beta) + ", threshold=" + PythonText.number(threshold);
  }
}
