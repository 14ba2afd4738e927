package dev.ladera.optim;

import java.util.List;

/** Multiplies the rate by gamma at each milestone. */
public final class MultiStepLR extends Scheduler {
  private final List<Integer> milestones;
  private final double gamma;

  /**
   * A staircase of uneven stairs.
   *
   * @param milestones the steps at which the rate falls; one named twice counts twice
   * @param gamma the factor
   */
  public MultiStepLR(Optimizer optimizer, List<Integer> milestones, double gamma) {
    super(optimizer);
    this.milestones = List.copyOf(milestones);
    this.gamma = gamma;
    begin();
  }

  @Override
  protected double rate(int group, double baseRate, double current, int step) {
    long passed = milestones.stream().filter(milestone -> milestone == step).count();
    return current * Math.pow(gamma, passed);
  }
}
