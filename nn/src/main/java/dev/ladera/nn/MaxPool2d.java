package dev.ladera.nn;

import dev.ladera.Tensor;

/**
 * The largest element under a window that slides over images: (batch, channels, height, width), or
 * without the batch.
 */
public final class MaxPool2d extends Pooling {
  private Extent dilation = Extent.square("maxPool2d", "dilation", 1, 1);

  /**
   * A square window whose stride is its size.
   *
   * @throws dev.ladera.ArgumentException if the size is not positive
   */
  public MaxPool2d(int kernel) {
    super("maxPool2d", Extent.square("maxPool2d", "kernel", kernel, 1));
  }

  /**
   * A window whose stride is its size.
   *
   * @throws dev.ladera.ArgumentException if a size is not positive
   */
  public MaxPool2d(int kernelHeight, int kernelWidth) {
    super("maxPool2d", Extent.of("maxPool2d", "kernel", kernelHeight, kernelWidth, 1));
  }

  /** Sets the distance of the window's steps along both axes. */
  public MaxPool2d stride(int size) {
    stride = Extent.square(operation, "stride", size, 1);
    return this;
  }

  /** Sets the distance of the window's steps. */
  public MaxPool2d stride(int vertical, int horizontal) {
    stride = Extent.of(operation, "stride", vertical, horizontal, 1);
    return this;
  }

  /** Sets the places put on all sides, which are no values; at most half the kernel. */
  public MaxPool2d padding(int size) {
    padding = Extent.square(operation, "padding", size, 0);
    return this;
  }

  /** Sets the places put above and below, and left and right; at most half the kernel. */
  public MaxPool2d padding(int vertical, int horizontal) {
    padding = Extent.of(operation, "padding", vertical, horizontal, 0);
    return this;
  }

  /** Sets the distance of the window's taps along both axes. */
  public MaxPool2d dilation(int size) {
    dilation = Extent.square(operation, "dilation", size, 1);
    return this;
  }

  /** Sets the distance of the window's taps. */
  public MaxPool2d dilation(int vertical, int horizontal) {
    dilation = Extent.of(operation, "dilation", vertical, horizontal, 1);
    return this;
  }

  /** Sets whether a last window may hang over the end. */
  public MaxPool2d ceilMode(boolean on) {
    ceilMode = on;
    return this;
  }

  @Override
  Tensor pool(Tensor images) {
    return images
        .maxPool(kernel.sizes(), stride.sizes(), padding.sizes(), dilation.sizes(), ceilMode)
        .values();
  }

  @Override
  protected String describe() {
    return "kernel_size="
        + kernel
        + ", stride="
        + stride
        + ", padding="
        + padding
        + ", dilation="
        + dilation
        + ", ceil_mode="
        + PythonText.bool(ceilMode);
  }
}
