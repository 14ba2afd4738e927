package dev.ladera.data;

import dev.ladera.Device;
import dev.ladera.ShapeException;
import dev.ladera.Tensor;

/**
 * Several examples; axis 0 counts them in both tensors.
 *
 * @param inputs of shape (size, …)
 * @param targets of shape (size, …)
 */
public record Batch(Tensor inputs, Tensor targets) {
  /**
   * Makes a batch.
   *
   * @throws ShapeException if a tensor has no axes, or the first axes differ in size
   */
  public Batch {
    checkFirstAxis("Batch", inputs, targets);
  }

  static void checkFirstAxis(String operation, Tensor inputs, Tensor targets) {
    if (inputs.rank() == 0 || targets.rank() == 0 || inputs.size(0) != targets.size(0)) {
      throw new ShapeException(
          operation,
          "axis 0 counts the samples and must be of one size: inputs "
              + inputs.shape()
              + ", targets "
              + targets.shape(),
          inputs.shape(),
          targets.shape());
    }
  }

  /** The number of examples. */
  public int size() {
    return inputs.size(0);
  }

  /** This batch on another device; the same tensors where they are there already. */
  public Batch to(Device device) {
    return new Batch(inputs.to(device), targets.to(device));
  }
}
