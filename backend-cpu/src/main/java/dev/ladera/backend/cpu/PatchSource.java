package dev.ladera.backend.cpu;

/**
 * The patches of a batch of images, as a matrix that is never in memory: one column for each
 * position of the window in each image, one row for each tap of the window in each channel.
 *
 * <p>Images lie at {@code offset}, {@code imageStride} apart; their channels are neighbouring
 * planes. It packs with positions as lanes and taps as depth. Elements are copied by runs: the
 * neighbouring positions in one row of the output read, for a given tap, elements of one row of the
 * image.
 */
record PatchSource<A>(
    Elements<A> elements,
    A array,
    int offset,
    int imageStride,
    int channels,
    Window depth,
    Window height,
    Window width)
    implements PackSource<A> {

  /**
   * A window on one axis. Tap t at position o reads element {@code (o * stride - pad + t *
   * dilation) / sourceStep} of the source, or zero where that is outside or not whole.
   */
  record Window(
      int source, int positions, int taps, int stride, int pad, int dilation, int sourceStep) {

    /** The windows of a convolution's input. */
    static Window forward(WindowAxis axis) {
      return new Window(
          axis.input(),
          axis.output(),
          axis.kernel(),
          axis.stride(),
          axis.padBegin(),
          axis.dilation(),
          1);
    }

    /** The windows of a gradient of the output, which has gaps where the stride skipped. */
    static Window backward(WindowAxis axis) {
      return new Window(
          axis.output(),
          axis.input(),
          axis.kernel(),
          1,
          axis.dilation() * (axis.kernel() - 1) - axis.padBegin(),
          axis.dilation(),
          axis.stride());
    }

    /** One past the last place that a window reaches, counted from the first one's begin. */
    int extent() {
      return Math.max(0, (positions - 1) * stride + (taps - 1) * dilation + 1);
    }

    /** Where an element of the source lies, counted like {@link #extent}. */
    int place(int element) {
      return element * sourceStep + pad;
    }

    /** The element of the source that lies at a place, or -1 for a zero. */
    int elementAt(int place) {
      int at = place - pad;
      if (at < 0 || at % sourceStep != 0) {
        return -1;
      }
      int element = at / sourceStep;
      return element < source ? element : -1;
    }

    /** The first tap at a position that does not lie before the source; at most all taps. */
    int firstTap(int position) {
      int before = pad - position * stride;
      return Math.clamp((before + dilation - 1) / dilation, 0, taps);
    }

    /** One past the last tap at a position that does not lie behind the source. */
    int endTap(int position) {
      int left = pad + (source - 1) * sourceStep - position * stride;
      return left < 0 ? 0 : Math.min(taps, left / dilation + 1);
    }

    /** Whether no window reads anything but elements of the source. */
    boolean isInside() {
      return pad == 0 && sourceStep == 1 && extent() <= source;
    }

    /** Whether each position reads the one element at its place. */
    boolean isIdentity() {
      return taps == 1 && stride == 1 && isInside() && positions == source;
    }

    /** The element read, or -1 for a zero. */
    int element(int position, int tap) {
      return elementAt(position * stride + tap * dilation);
    }

    /** The same window at fewer positions. */
    Window withPositions(int count) {
      return new Window(source, count, taps, stride, pad, dilation, sourceStep);
    }
  }

  /** The patches of the images from one on. */
  PatchSource<A> fromImage(int image) {
    return new PatchSource<>(
        elements, array, offset + image * imageStride, imageStride, channels, depth, height, width);
  }

  /** The positions of the window in an image. */
  int positions() {
    return depth.positions * height.positions * width.positions;
  }

  /** The taps of the window in all channels: the inner index of a product with the weights. */
  int depthOfProduct() {
    return channels * depth.taps * height.taps * width.taps;
  }

  /** The spatial elements of a channel. */
  private int plane() {
    return depth.source * height.source * width.source;
  }

  /** Patches of one element each are a matrix in memory: one row of positions. */
  PatchSource<A> flattened() {
    Window one = new Window(1, 1, 1, 1, 0, 1, 1);
    int size = plane();
    return depth.isIdentity() && height.isIdentity() && width.isIdentity()
        ? new PatchSource<>(
            elements,
            array,
            offset,
            imageStride,
            channels,
            one,
            one,
            new Window(size, size, 1, 1, 0, 1, 1))
        : this;
  }

  @Override
  public void pack(
      int firstPosition,
      int count,
      int firstTap,
      int taps,
      int panelWidth,
      A panel,
      int panelOffset) {
    blocks(firstPosition, count, firstTap, taps, panel, panelOffset, 1, panelWidth);
  }

  /** Writes position i and tap t to {@code panelOffset + i * positionStep + t * tapStep}. */
  private void blocks(
      int firstPosition,
      int count,
      int firstTap,
      int taps,
      A panel,
      int panelOffset,
      int positionStep,
      int tapStep) {
    int done = 0;
    while (done < count) {
      int position = firstPosition + done;
      int x = position % width.positions;
      int run = Math.min(count - done, width.positions - x);
      allTaps(
          position,
          x,
          run,
          firstTap,
          taps,
          panel,
          panelOffset + done * positionStep,
          positionStep,
          tapStep);
      done += run;
    }
  }

  /** Writes, for some neighbouring positions of one row, all taps. */
  private void allTaps(
      int position,
      int x,
      int run,
      int firstTap,
      int taps,
      A panel,
      int at,
      int positionStep,
      int tapStep) {
    int positions = positions();
    int image = position / positions;
    int row = position % positions / width.positions;
    int z = row / height.positions;
    int y = row % height.positions;
    int tapX = firstTap % width.taps;
    int tapRow = firstTap / width.taps;
    int base = offset + image * imageStride;
    int start = rowStart(base, z, y, tapRow);
    for (int tap = 0; tap < taps; tap++) {
      int to = at + tap * tapStep;
      if (start < 0) {
        elements.clear(panel, to, positionStep, run);
      } else {
        int first = x * width.stride - width.pad + tapX * width.dilation;
        oneTap(start, first, run, panel, to, positionStep);
      }
      if (++tapX == width.taps) {
        tapX = 0;
        tapRow++;
        start = rowStart(base, z, y, tapRow);
      }
    }
  }

  /** The index of the image's row that a row of taps reads, or -1 if it reads zeros. */
  private int rowStart(int base, int z, int y, int tapRow) {
    int tapY = tapRow % height.taps;
    int tapPlane = tapRow / height.taps;
    int sourceZ = depth.element(z, tapPlane % depth.taps);
    int sourceY = height.element(y, tapY);
    if (sourceZ < 0 || sourceY < 0) {
      return -1;
    }
    int channel = tapPlane / depth.taps;
    return base + channel * plane() + (sourceZ * height.source + sourceY) * width.source;
  }

  /**
   * Writes {@code run} elements of a row: those at {@code first}, {@code first + stride} and so on,
   * zeros where they lie outside.
   */
  private void oneTap(int start, int first, int run, A panel, int to, int step) {
    if (width.sourceStep > 1) {
      oneTapWithGaps(start, first, run, panel, to, step);
      return;
    }
    int stride = width.stride;
    int before = first >= 0 ? 0 : Math.min(run, (-first + stride - 1) / stride);
    int end = Math.clamp((width.source - first + stride - 1L) / stride, before, run);
    if (before > 0) {
      elements.clear(panel, to, step, before);
    }
    if (end > before) {
      elements.copy(
          array,
          start + first + before * stride,
          stride,
          panel,
          to + before * step,
          step,
          end - before);
    }
    if (run > end) {
      elements.clear(panel, to + end * step, step, run - end);
    }
  }

  /** The same for a source whose elements lie {@code sourceStep} apart with zeros between. */
  private void oneTapWithGaps(int start, int first, int run, A panel, int to, int step) {
    elements.clear(panel, to, step, run);
    int gap = width.sourceStep;
    int element = first <= 0 ? 0 : (first + gap - 1) / gap;
    int position = element * gap - first;
    int count = Math.min((run - position + gap - 1) / gap, width.source - element);
    if (position < run && count > 0) {
      elements.copy(array, start + element, 1, panel, to + position * step, step * gap, count);
    }
  }
}
