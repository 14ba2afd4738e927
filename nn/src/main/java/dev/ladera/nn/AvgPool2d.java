package dev.ladera.nn;

import dev.ladera.Tensor;

/**
 * The average under a window that slides over images: (batch, channels, height, width), or without
 * the batch.
 */
public final class AvgPool2d extends Pooling {
  private boolean countIncludePad = true;

  /**
   * A square window whose stride is its size.
   *
   * @throws dev.ladera.ArgumentException if the size is not positive
   */
  public AvgPool2d(int kernel) {
    super("avgPool2d", Extent.square("avgPool2d", "kernel", kernel, 1));
  }

  /**
   * A window whose stride is its size.
   *
   * @throws dev.ladera.ArgumentException if a size is not positive
   */
  public AvgPool2d(int kernelHeight, int kernelWidth) {
    super("avgPool2d", Extent.of("avgPool2d", "kernel", kernelHeight, kernelWidth, 1));
  }

  /** Sets the distance of the window's steps along both axes. */
  public AvgPool2d stride(int size) {
    stride = Extent.square(operation, "stride", size, 1);
    return this;
  }

  /** Sets the distance of the window's steps. */
  public AvgPool2d stride(int vertical, int horizontal) {
    stride = Extent.of(operation, "stride", vertical, horizontal, 1);
    return this;
  }

  /** Sets the number of zeros put on all sides; at most half the kernel. */
  public AvgPool2d padding(int size) {
    padding = Extent.square(operation, "padding", size, 0);
    return this;
  }

  /** Sets the number of zeros put above and below, and left and right; at most half the kernel. */
  public AvgPool2d padding(int vertical, int horizontal) {
    padding = Extent.of(operation, "padding", vertical, horizontal, 0);
    return this;
  }

  /** Sets whether a last window may hang over the end. */
  public AvgPool2d ceilMode(boolean on) {
    ceilMode = on;
    return this;
  }

  /** Sets whether padding counts in the divisor; it does at first. */
  public AvgPool2d countIncludePad(boolean on) {
    countIncludePad = on;
    return this;
  }

  @Override
  Tensor pool(Tensor images) {
    return images.avgPool(
        kernel.sizes(), stride.sizes(), padding.sizes(), ceilMode, countIncludePad);
  }

  @Override
  protected String describe() {
    return "kernel_size=" + kernel + ", stride=" + stride + ", padding=" + padding;
  }
}
