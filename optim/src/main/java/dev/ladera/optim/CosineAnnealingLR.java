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
    return least + (baseRate - least) * (1 + Math.cos(Math.PI * step / half)) / 2;
  }
}
