package dev.ladera.optim;

import dev.ladera.ArgumentException;

/** Warms up, or cools down: the factor of the base rate goes evenly from one number to another. */
public final class LinearLR extends Scheduler {
  private final double from;
  private final double to;
  private final int total;

  /**
   * A ramp.
   *
   * @param from the factor at step 0, above 0
   * @param to the factor at the end
   * @param total how many steps it takes, at least 1
   */
  public LinearLR(Optimizer optimizer, double from, double to, int total) {
    super(optimizer);
    if (!(from > 0 && from <= 1)) {
      throw new ArgumentException("LinearLR", "from", "must be above 0 and at most 1, not " + from);
    }
    this.from = from;
    this.to = to;
    this.total = atLeastOne("LinearLR", "total", total);
    begin();
  }

  @Override
  protected double rate(int group, double baseRate, double current, int step) {
    if (step == 0) {
      return current * from;
    }
    return step > total ? current : current * (factor(step) / factor(step - 1));
  }

  private double factor(int step) {
    return from + (to - from) * step / total;
  }
}
