package dev.ladera.nn;

/**
 * Cross-correlation over two spatial axes: (batch, channels, height, width), or without the batch.
 * Weight (outputs, channels / groups, kernel height, kernel width) and bias (outputs) begin
 * uniformly within ±1 / √fan-in.
 */
public final class Conv2d extends Convolutional {
  /**
   * A convolution by a square kernel, of stride 1, without padding, with bias.
   *
   * @throws dev.ladera.ArgumentException if a size is not positive
   */
  public Conv2d(int inChannels, int outChannels, int kernel) {
    this(inChannels, outChannels, kernel, kernel);
  }

  /**
   * A convolution of stride 1, without padding, with bias.
   *
   * @throws dev.ladera.ArgumentException if a size is not positive
   */
  public Conv2d(int inChannels, int outChannels, int kernelHeight, int kernelWidth) {
    super("conv2d", inChannels, outChannels, kernelHeight, kernelWidth);
  }

  /** Sets the distance of the kernel's steps along both axes. */
  public Conv2d stride(int stride) {
    return stride(stride, stride);
  }

  /** Sets the distance of the kernel's steps. */
  public Conv2d stride(int vertical, int horizontal) {
    setStride(vertical, horizontal);
    return this;
  }

  /** Sets the number of zeros put on all sides. */
  public Conv2d padding(int padding) {
    return padding(padding, padding);
  }

  /** Sets the number of zeros put above and below, and left and right. */
  public Conv2d padding(int vertical, int horizontal) {
    setPadding(vertical, horizontal);
    return this;
  }

  /**
   * Puts so many zeros around that the output has the input's size: PyTorch's {@code
   * padding='same'}. Where their number is odd, the last one comes at the end.
   *
   * @throws dev.ladera.ArgumentException if the stride is not 1, now or later
   */
  public Conv2d paddingSame() {
    setPaddingSame();
    return this;
  }

  /** Sets the distance of the kernel's taps along both axes. */
  public Conv2d dilation(int dilation) {
    return dilation(dilation, dilation);
  }

  /** Sets the distance of the kernel's taps. */
  public Conv2d dilation(int vertical, int horizontal) {
    setDilation(vertical, horizontal);
    return this;
  }

  /**
   * Cuts the channels into independent parts; the parameters are drawn again.
   *
   * @throws dev.ladera.ArgumentException if the number does not divide inputs and outputs
   */
  public Conv2d groups(int groups) {
    setGroups(groups);
    return this;
  }

  /** Sets whether a bias is added. */
  public Conv2d bias(boolean on) {
    setBias(on);
    return this;
  }
}
