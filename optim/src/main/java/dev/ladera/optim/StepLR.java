package dev.ladera.optim;

/** Multiplies the rate by gamma every so many steps. */
public final class StepLR extends Scheduler {
  private final int every;
  private final double gamma;

  /**
   * A staircase.
   *
   * @param every how many steps a stair is long, at least 1
   * @param gamma the factor
   */
  public StepLR(Optimizer optimizer, int every, double gamma) {
    super(optimizer);
    this.every = atLeastOne("StepLR", "every", every);
    this.gamma = gamma;
    begin();
  }

  @Override
  protected double rate(int group, double baseRate, double current, int step) {
    return step > 0 && step % every == 0 ? current * gamma : current;
  }
}
