package dev.ladera.optim;

/** Multiplies the rate by gamma at every step. */
public final class ExponentialLR extends Scheduler {
  private final double gamma;

  /**
   * A decay.
   *
   * @param gamma the factor
   */
  public ExponentialLR(Optimizer optimizer, double gamma) {
    super(optimizer);
    this.gamma = gamma;
    begin();
  }

  @Override
  protected double rate(int group, double baseRate, double current, int step) {
    return step > 0 ? current * gamma : current;
  }
}
