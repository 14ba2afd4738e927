package dev.ladera.backend.cpu;

import dev.ladera.backend.cpu.PatchSource.Window;

/**
 * How an image with its padding is laid out so that, for any tap of the window, neighbouring
 * positions read neighbouring elements.
 *
 * <p>Element v of an axis is what tap t at position o reads if v = o * stride + t * dilation. Rows
 * are stored in as many phases as the stride along the width is large, elements 0, s, 2s first,
 * then 1, s + 1 and so on: so a tap, whatever the stride, begins somewhere in its phase and goes on
 * one by one. An image without padding and stride needs no copy.
 */
final class PaddedImage<A> {

  private final PatchSource<A> patches;
  private final Elements<A> elements;
  private final int channels;
  private final Window depth;
  private final Window height;
  private final Window width;
  private final boolean plain;
  private final int depthExtent;
  private final int heightExtent;
  private final int phase;
  private final int pitch;

  /** The layout of a band of {@code bandRows} rows of positions, at all depths. */
  PaddedImage(PatchSource<A> patches, int bandRows) {
    this.patches = patches;
    this.elements = patches.elements();
    this.channels = patches.channels();
    this.depth = patches.depth();
    this.height = patches.height();
    this.width = patches.width();
    this.plain = depth.isInside() && height.isInside() && width.isInside() && width.stride() == 1;
    this.depthExtent = plain ? depth.source() : depth.extent();
    this.heightExtent = plain ? height.source() : height.withPositions(bandRows).extent();
    int widthExtent = plain ? width.source() : width.extent();
    this.phase = (widthExtent + width.stride() - 1) / width.stride();
    this.pitch = phase * width.stride();
  }

  /** Whether the image as it is has this layout. */
  boolean isPlain() {
    return plain;
  }

  /** The elements of all channels. */
  int size() {
    return channels * depthExtent * heightExtent * pitch;
  }

  /** Where each tap of each channel reads, relative to {@link #position}. */
  int[] tapOffsets() {
    int[] offsets = new int[channels * depth.taps() * height.taps() * width.taps()];
    int at = 0;
    for (int channel = 0; channel < channels; channel++) {
      for (int z = 0; z < depth.taps(); z++) {
        for (int y = 0; y < height.taps(); y++) {
          int plane = channel * depthExtent + z * depth.dilation();
          int row = plane * heightExtent + y * height.dilation();
          for (int x = 0; x < width.taps(); x++) {
            int shift = x * width.dilation();
            offsets[at++] = row * pitch + shift % width.stride() * phase + shift / width.stride();
          }
        }
      }
    }
    return offsets;
  }

  /**
   * Where the first position of a row reads its first tap. In a plain image rows count from its
   * top, else from the top of the band.
   */
  int position(int z, int y) {
    return (z * depth.stride() * heightExtent + y * height.stride()) * pitch;
  }

  /**
   * Copies the band that begins at row {@code firstRow} of the positions to a buffer, from {@code
   * at} on. It must have been zero at first and only been filled by this method since.
   */
  void fill(int image, int firstRow, A buffer, int at) {
    int source = patches.offset() + image * patches.imageStride();
    for (int channel = 0; channel < channels; channel++) {
      for (int z = 0; z < depthExtent; z++) {
        int fromZ = depth.elementAt(z);
        for (int y = 0; y < heightExtent; y++) {
          int fromY = height.elementAt(firstRow * height.stride() + y);
          int to = at + ((channel * depthExtent + z) * heightExtent + y) * pitch;
          if (fromZ < 0 || fromY < 0) {
            elements.clear(buffer, to, 1, pitch);
          } else {
            int row = (channel * depth.source() + fromZ) * height.source() + fromY;
            fillRow(source + row * width.source(), buffer, to);
          }
        }
      }
    }
  }

  private void fillRow(int from, A buffer, int to) {
    A source = patches.array();
    int step = width.sourceStep();
    int stride = width.stride();
    // The elements whose places lie inside the extent.
    int first = width.pad() >= 0 ? 0 : (-width.pad() + step - 1) / step;
    int end = Math.min(width.source(), (width.extent() - width.pad() + step - 1) / step);
    if (stride == 1) {
      if (end > first) {
        elements.copy(source, from + first, 1, buffer, to + width.place(first), step, end - first);
      }
      return;
    }
    for (int i = first; i < Math.min(end, first + stride); i++) {
      int place = width.place(i);
      int count = (end - i + stride - 1) / stride;
      elements.copy(
          source, from + i, stride, buffer, to + place % stride * phase + place / stride, 1, count);
    }
  }
}
