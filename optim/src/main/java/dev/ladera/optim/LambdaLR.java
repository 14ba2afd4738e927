package dev.ladera.optim;

import java.util.function.IntToDoubleFunction;

/** Multiplies the base rate by a function of the step. */
public final class LambdaLR extends Scheduler {
  private final IntToDoubleFunction factor;

  /**
   * A schedule of the user's own.
   *
   * @param factor the factor at each step, from 0
   */
  public LambdaLR(Optimizer optimizer, IntToDoubleFunction factor) {
    super(optimizer);
    this.factor = factor;
    begin();
  }

  @Override
  protected double rate(int group, double baseRate, double current, int step) {
    return baseRate * factor.applyAsDouble(step);
  }
}
