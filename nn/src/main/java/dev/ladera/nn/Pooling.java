package dev.ladera.nn;

import dev.ladera.ShapeException;
import dev.ladera.Tensor;

/** What layers that slide a window over images share. */
abstract sealed class Pooling extends Layer permits MaxPool2d, AvgPool2d {
  final String operation;
  final Extent kernel;
  Extent stride;
  Extent padding;
  boolean ceilMode;

  Pooling(String operation, Extent kernel) {
    this.operation = operation;
    this.kernel = kernel;
    this.stride = kernel;
    this.padding = Extent.square(operation, "padding", 0, 0);
  }

  /** The window applied to (batch, channels, height, width). */
  abstract Tensor pool(Tensor images);

  @Override
  protected final Tensor compute(Tensor input) {
    if (input.rank() != 3 && input.rank() != 4) {
      throw new ShapeException(
          operation,
          "input " + input.shape() + " must be (batch, channels, height, width)",
          input.shape());
    }
    return input.rank() == 4 ? pool(input) : pool(input.unsqueeze(0)).squeeze(0);
  }
}
