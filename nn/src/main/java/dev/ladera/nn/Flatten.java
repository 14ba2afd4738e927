package dev.ladera.nn;

import dev.ladera.Tensor;

/** Neighbouring axes made one. */
public final class Flatten extends Layer {
  private final int first;
  private final int last;

  /** All axes but the first, the batch. */
  public Flatten() {
    this(1, -1);
  }

  /** The axes from first to last, both included; negative ones count from the end. */
  public Flatten(int first, int last) {
    this.first = first;
    this.last = last;
  }

  @Override
  protected Tensor compute(Tensor input) {
    return input.flatten(first, last);
  }

  @Override
  protected String describe() {
    return "start_dim=" + first + ", end_dim=" + last;
  }
}
