package dev.ladera.nn;

/**
 * Cross-correlation over one spatial axis: (batch, channels, length), or without the batch. Weight
 * (outputs, channels / groups, kernel) and bias (outputs) begin uniformly within ±1 / √fan-in.
 */
public final class Conv1d extends Convolutional {
  /**
   * A convolution of stride 1, without padding, with bias.
   *
   * @throws dev.ladera.ArgumentException if a size is not positive
   */
  public Conv1d(int inChannels, int outChannels, int kernel) {
    super("conv1d", inChannels, outChannels, kernel);
  }

  /** Sets the distance of the kernel's steps. */
  public Conv1d stride(int stride) {
    setStride(stride);
    return this;
  }

  /** Sets the number of zeros put before and after. */
  public Conv1d padding(int padding) {
    setPadding(padding);
    return this;
  }

  /**
   * Puts so many zeros around that the output has the input's size: PyTorch's {@code
   * padding='same'}. Where their number is odd, the last one comes at the end.
   *
   * @throws dev.ladera.ArgumentException if the stride is not 1, now or later
   */
  public Conv1d paddingSame() {
    setPaddingSame();
    return this;
  }

  /** Sets the distance of the kernel's taps. */
  public Conv1d dilation(int dilation) {
    setDilation(dilation);
    return this;
  }

  /**
   * Cuts the channels into independent parts; the parameters are drawn again.
   *
   * @throws dev.ladera.ArgumentException if the number does not divide inputs and outputs
   */
  public Conv1d groups(int groups) {
    setGroups(groups);
    return this;
  }

  /** Sets whether a bias is added. */
  public Conv1d bias(boolean on) {
    setBias(on);
    return this;
  }
}
