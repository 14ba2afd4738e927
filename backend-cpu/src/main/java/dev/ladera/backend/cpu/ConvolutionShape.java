package dev.ladera.backend.cpu;

/**
 * The sizes of a convolution with up to three spatial axes. Axes that are missing are {@link
 * WindowAxis#NONE}, so that all convolutions have three inside.
 *
 * @param batch the number of images
 * @param inputChannels the channels of the input, of all groups together
 * @param outputChannels the channels of the output, of all groups together
 * @param groups the number of groups; it divides both
 * @param depth the first axis
 * @param height the second axis
 * @param width the last axis, whose elements are neighbours
 */
record ConvolutionShape(
    int batch,
    int inputChannels,
    int outputChannels,
    int groups,
    WindowAxis depth,
    WindowAxis height,
    WindowAxis width) {

  ConvolutionShape {
    if (groups < 1 || inputChannels % groups != 0 || outputChannels % groups != 0) {
      throw new IllegalArgumentException(
          "%d groups do not divide %d input and %d output channels"
              .formatted(groups, inputChannels, outputChannels));
    }
  }

  int inputChannelsOfGroup() {
    return inputChannels / groups;
  }

  int outputChannelsOfGroup() {
    return outputChannels / groups;
  }

  /** The spatial elements of a channel of the input. */
  int inputPlane() {
    return depth.input() * height.input() * width.input();
  }

  /** The spatial elements of a channel of the output. */
  int outputPlane() {
    return depth.output() * height.output() * width.output();
  }

  /** The taps of a kernel in one channel. */
  int taps() {
    return depth.kernel() * height.kernel() * width.kernel();
  }
}
