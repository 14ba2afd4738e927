package dev.ladera.backend.cpu;

import dev.ladera.backend.cpu.PatchSource.Window;

/**
 * Images side by side: {@value #IMAGES} of them as the lanes of vectors, for convolutions of many
 * small images whose channels and rows are too few to fill vectors themselves. In this layout an
 * element of all images is a row of {@value #IMAGES} numbers, and the padding of the window is part
 * of the layout; so every tap of every position is a row at a fixed distance.
 */
final class ImageLanes<A> {
  /** The images in a panel. The last panel's missing images are zeros. */
  static final int IMAGES = 32;

  private final Elements<A> elements;
  private final Packing<A> packing;
  private final Scratch<A> scratch;
  private final PatchSource<A> patches;
  private final int batch;
  private final Window height;
  private final Window width;
  private final int padHeight;
  private final int padWidth;

  ImageLanes(Gemm<A> gemm, PatchSource<A> patches, int batch) {
    this.elements = gemm.elements();
    this.packing = gemm.kernels().packing();
    this.scratch = gemm.scratch();
    this.patches = patches;
    this.batch = batch;
    this.height = patches.height();
    this.width = patches.width();
    this.padHeight = height.extent();
    this.padWidth = width.extent();
  }

  /** The panels of a batch. */
  static int panels(int batch) {
    return (batch + IMAGES - 1) / IMAGES;
  }

  /** The images in a panel. */
  int images(int panel) {
    return Math.min(IMAGES, batch - panel * IMAGES);
  }

  /** The elements of a panel, padding included. */
  int size() {
    return Math.multiplyExact(patches.channels() * padHeight * padWidth, IMAGES);
  }

  /** Where each tap of each channel lies, relative to a position; as many as the panel's taps. */
  int[] taps() {
    int[] taps = new int[patches.depthOfProduct()];
    int at = 0;
    for (int channel = 0; channel < patches.channels(); channel++) {
      for (int y = 0; y < height.taps(); y++) {
        for (int x = 0; x < width.taps(); x++) {
          taps[at++] = tap(channel, y, x);
        }
      }
    }
    return taps;
  }

  /**
   * Where the taps of some columns of the window lie, relative to a position: row after row, in
   * each channel after channel.
   */
  int[] taps(int firstColumn, int endColumn) {
    int[] taps = new int[height.taps() * patches.channels() * (endColumn - firstColumn)];
    int at = 0;
    for (int y = 0; y < height.taps(); y++) {
      for (int channel = 0; channel < patches.channels(); channel++) {
        for (int x = firstColumn; x < endColumn; x++) {
          taps[at++] = tap(channel, y, x);
        }
      }
    }
    return taps;
  }

  private int tap(int channel, int y, int x) {
    int row = channel * padHeight + y * height.dilation();
    return (row * padWidth + x * width.dilation()) * IMAGES;
  }

  /** Where each position's window begins. */
  int[] positions() {
    int[] positions = new int[patches.positions()];
    for (int i = 0; i < positions.length; i++) {
      positions[i] = position(i);
    }
    return positions;
  }

  /** Where a position's window begins. */
  int position(int position) {
    int y = position / width.positions() * height.stride();
    int x = position % width.positions() * width.stride();
    return (y * padWidth + x) * IMAGES;
  }

  /** Brings a panel of images into this layout. */
  void fill(int panel, A to, int toOffset) {
    int sourceHeight = height.source();
    int sourceWidth = width.source();
    int elementsOfImage = patches.channels() * sourceHeight * sourceWidth;
    Scratch.Piece<A> plain = scratch.borrow(elementsOfImage * IMAGES);
    plain(panel, elementsOfImage, plain.array(), plain.at());
    elements.clear(to, toOffset, 1, size());
    for (int channel = 0; channel < patches.channels(); channel++) {
      for (int y = 0; y < sourceHeight; y++) {
        int placeY = height.place(y);
        if (placeY >= 0 && placeY < padHeight) {
          int from = plain.at() + (channel * sourceHeight + y) * sourceWidth * IMAGES;
          row(
              plain.array(),
              from,
              to,
              toOffset + (channel * padHeight + placeY) * padWidth * IMAGES);
        }
      }
    }
    scratch.giveBack(plain);
  }

  private void row(A plain, int from, A to, int at) {
    if (width.sourceStep() == 1) {
      int first = Math.max(0, -width.pad());
      int end = Math.min(width.source(), padWidth - width.pad());
      if (end > first) {
        elements.copy(
            plain,
            from + first * IMAGES,
            1,
            to,
            at + width.place(first) * IMAGES,
            1,
            (end - first) * IMAGES);
      }
      return;
    }
    for (int x = 0; x < width.source(); x++) {
      int place = width.place(x);
      if (place >= 0 && place < padWidth) {
        elements.copy(plain, from + x * IMAGES, 1, to, at + place * IMAGES, 1, IMAGES);
      }
    }
  }

  /** A panel of images without padding: {@code count} elements of each. */
  private void plain(int panel, int count, A to, int toOffset) {
    StridedSource<A> images =
        new StridedSource<>(
            elements,
            patches.array(),
            patches.offset() + panel * IMAGES * patches.imageStride(),
            patches.imageStride(),
            1);
    packing.panels(images, 0, images(panel), IMAGES, 0, count, to, toOffset);
  }
}
