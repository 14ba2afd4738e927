package dev.ladera.backend.cpu;

/**
 * How windows slide along one spatial axis, of a convolution or a pooling.
 *
 * @param input the size of the axis
 * @param output the number of windows
 * @param kernel the number of taps of a window
 * @param stride the distance of windows
 * @param padBegin the padding before the axis
 * @param padEnd the padding after it
 * @param dilation the distance of taps
 */
record WindowAxis(
    int input, int output, int kernel, int stride, int padBegin, int padEnd, int dilation) {

  /** An axis that is not there. */
  static final WindowAxis NONE = new WindowAxis(1, 1, 1, 1, 0, 0, 1);

  WindowAxis {
    if (input < 0 || output < 0 || kernel < 1 || stride < 1 || dilation < 1) {
      throw new IllegalArgumentException(
          "input and output must not be negative, kernel, stride and dilation must be at least 1; were "
              + "input %d, output %d, kernel %d, stride %d, dilation %d"
                  .formatted(input, output, kernel, stride, dilation));
    }
  }

  /** An axis with as many windows as fit into the padded input. */
  static WindowAxis of(int input, int kernel, int stride, int padBegin, int padEnd, int dilation) {
    int span = dilation * (kernel - 1) + 1;
    int room = input + padBegin + padEnd - span;
    return new WindowAxis(
        input,
        room < 0 ? 0 : room / Math.max(1, stride) + 1,
        kernel,
        stride,
        padBegin,
        padEnd,
        dilation);
  }

  /** The element of the input that a tap of a window reads; outside of the input in the padding. */
  int place(int window, int tap) {
    return window * stride - padBegin + tap * dilation;
  }

  /** The first window whose tap does not lie before the input. */
  int firstInside(int tap) {
    return Math.max(0, Math.ceilDiv(padBegin - tap * dilation, stride));
  }

  /** One past the last window whose tap does not lie behind the input. */
  int endInside(int tap) {
    return Math.min(output, Math.floorDiv(input - 1 + padBegin - tap * dilation, stride) + 1);
  }
}
