package dev.ladera.optim;

import dev.ladera.ArgumentException;
import java.util.Collections;
import java.util.List;
import java.util.function.IntToDoubleFunction;

/** Multiplies the base rate by a function of the step. */
public final class LambdaLR extends Scheduler {
  private final List<IntToDoubleFunction> factors;

  /**
   * A schedule of the user's own.
   *
   * @param factor the factor at each step, from 0
   */
  public LambdaLR(Optimizer optimizer, IntToDoubleFunction factor) {
    this(optimizer, Collections.nCopies(optimizer.groups().size(), factor));
  }

  /**
   * A schedule of the user's own for each group.
   *
   * @param factors the factor at each step, from 0; one a group
   * @throws ArgumentException if there are more or fewer than groups
   */
  public LambdaLR(Optimizer optimizer, List<IntToDoubleFunction> factors) {
    super(optimizer);
    this.factors = oneEach("LambdaLR", "factors", factors, optimizer);
    begin();
  }

  @Override
  protected double rate(int group, double baseRate, double current, int step) {
    return baseRate * factors.get(group).applyAsDouble(step);
  }
}
