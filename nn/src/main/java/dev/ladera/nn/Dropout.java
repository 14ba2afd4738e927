package dev.ladera.nn;

import dev.ladera.ArgumentException;
import dev.ladera.Tensor;

/**
 * In training, zeros in random places, and the rest divided by the chance to stay (Srivastava and
 * others, 2014); in evaluation, the input. Random numbers are of this thread's generator.
 */
public final class Dropout extends Layer {
  private final double p;

  /** Drops half of all places. */
  public Dropout() {
    this(0.5);
  }

  /**
   * Drops each place by chance.
   *
   * @param p the chance
   * @throws ArgumentException if it is not from 0 to 1
   */
  public Dropout(double p) {
    this.p = Arguments.fraction("dropout", "p", p);
  }

  @Override
  protected Tensor compute(Tensor input) {
    return isTraining() ? input.dropout(p) : input;
  }

  @Override
  protected String describe() {
    return "p=" + PythonText.number(p) + ", inplace=False";
  }
}
