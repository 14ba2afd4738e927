package dev.ladera.optim;

/**
 * Follows half a cosine from the base rate down to a least one (Loshchilov and Hutter, "SGDR",
 * 2017), and on with its period.
 */
public final class CosineAnnealingLR extends Scheduler {
  private final int half;
  private final double least;

  /**
   * A cosine.
   *
   * @param half how many steps down, at least 1
   * @param least the least rate
   */
  public CosineAnnealingLR(Optimizer optimizer, int half, double least) {
    super(optimizer);
    this.half = atLeastOne("CosineAnnealingLR", "half", half);
    this.least = least;
    begin();
  }

  @Override
  protected double rate(int group, double baseRate, double current, int step) {
    if (step == 0) {
      return current;
    }
    if (Math.floorMod(step - 1, 2 * half) == half) {
      // From the least rate, which no factor leads away from.
      return current + (baseRate - least) * height(half + 1);
    }
    return least + (current - least) * (height(step) / height(step - 1));
  }

  /** Where on the cosine a step stands, from 0 to 1. */
  private double height(int step) {
    return (1 + Math.cos(Math.PI * step / half)) / 2;
  }
}
