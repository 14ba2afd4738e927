package dev.ladera.nn;

import dev.ladera.Tensor;

/** The logarithm of {@link Softmax}, without overflow. */
public final class LogSoftmax extends Layer {
  private final int axis;

  /** Along an axis; negative ones count from the end. */
  public LogSoftmax(int axis) {
    this.axis = axis;
  }

  @Override
  protected Tensor compute(Tensor input) {
    return input.logSoftmax(axis);
  }

  @Override
  protected String describe() {
    return "dim=" + axis;
  }
}
