package dev.ladera.data;

import dev.ladera.IndexException;
import dev.ladera.Shape;
import dev.ladera.ShapeException;
import dev.ladera.Tensor;

/**
 * A dataset whose samples lie in two tensors, one after the other along axis 0.
 *
 * <p>Batches are picked by index in one operation. A sample, and a batch of consecutive samples, is
 * a view: what overwrites it by {@link Tensor#assign} overwrites the dataset.
 */
public final class TensorDataset implements Dataset {
  private final Tensor inputs;
  private final Tensor targets;

  /**
   * A dataset of these samples; nothing is copied.
   *
   * @param inputs of shape (samples, …)
   * @param targets of shape (samples, …)
   * @throws ShapeException if a tensor has no axes, or the first axes differ in size
   */
  public TensorDataset(Tensor inputs, Tensor targets) {
    Batch.checkFirstAxis("TensorDataset", inputs, targets);
    this.inputs = inputs;
    this.targets = targets;
  }

  /** All inputs, of shape (samples, …). */
  public Tensor inputs() {
    return inputs;
  }

  /** All targets, of shape (samples, …). */
  public Tensor targets() {
    return targets;
  }

  @Override
  public int size() {
    return inputs.size(0);
  }

  @Override
  public Sample get(int index) {
    Batches.checkIndex("get", index, size());
    return new Sample(inputs.select(0, index), targets.select(0, index));
  }

  /**
   * Samples in the order given.
   *
   * @throws IndexException if there is no sample of an index
   */
  @Override
  public Batch batch(int... indices) {
    Batches.checkSome(indices);
    boolean consecutive = true;
    for (int i = 0; i < indices.length; i++) {
      Batches.checkIndex("batch", indices[i], size());
      consecutive &= indices[i] - i == indices[0];
    }
    return consecutive
        ? new Batch(
            inputs.narrow(0, indices[0], indices.length),
            targets.narrow(0, indices[0], indices.length))
        : new Batch(pick(inputs, indices), pick(targets, indices));
  }

  private static Tensor pick(Tensor from, int[] indices) {
    return from.indexSelect(0, Tensor.ofArray(indices, Shape.of(indices.length), from.device()));
  }
}
