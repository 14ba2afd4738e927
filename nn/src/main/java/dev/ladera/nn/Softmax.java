package dev.ladera.nn;

import dev.ladera.Tensor;

/** Exponentials along an axis, divided by their sum. */
public final class Softmax extends Layer {
  private final int axis;

  /** Along an axis; negative ones count from the end. */
  public Softmax(int axis) {
    this.axis = axis;
  }

  @Override
  protected Tensor compute(Tensor input) {
    return input.softmax(axis);
  }

  @Override
  protected String describe() {
    return "dim=" + axis;
  }
}
