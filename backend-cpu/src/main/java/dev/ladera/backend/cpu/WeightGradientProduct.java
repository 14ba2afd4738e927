package dev.ladera.backend.cpu;

import dev.ladera.backend.cpu.PatchSource.Window;
import org.jspecify.annotations.Nullable;

/**
 * The gradient of a convolution's weights: gradients of the output times patches of the input,
 * summed over all positions of all images.
 *
 * <p>Images are copied into the layout with channels last, padding included. There the taps of a
 * row of the window, in all channels, are neighbours: for each position they are a row of B that
 * the micro-kernel reads in place, or that is brought into a panel where there are rows enough to
 * make it worth while. The gradient of the output is packed once, as A. What comes out has its
 * columns in the order (row of taps, tap, channel) and is brought into the order of the weights at
 * the end.
 *
 * <p>The long sum over positions is cut into pieces as {@link Gemm} does it. Images are taken in
 * groups so that the copies stay small.
 */
final class WeightGradientProduct<A> {

  private static final int DEPTH_BLOCK_BYTES = 1024;

  /** Elements of the copies of a group of images. */
  private static final int GROUP_SIZE = 1 << 21;

  private final Elements<A> elements;
  private final Packing<A> packing;
  private final Parallel parallel;
  private final Scratch<A> scratch;
  private final PatchSource<A> patches;
  private final StridedSource<A> gradients;
  private final int batch;
  private final int m;
  private final boolean inPlace;
  private final Tiling<A> tiling;
  private final int half;
  private final int depthExtent;
  private final int heightExtent;
  private final int pitch;
  private final int imageSize;
  private final int[] positions;
  private final int[] rowsOfPanel;
  private final int[] segments;
  private final int segmentLength;
  private final int halvesOfSegment;
  private final int panels;
  private final int depthBlock;

  /**
   * The gradient for {@code m} output channels; {@code gradients} has these as lanes and the
   * positions of an image as a block of depth.
   */
  WeightGradientProduct(
      Gemm<A> gemm, int batch, int m, StridedSource<A> gradients, PatchSource<A> patches) {
    this.elements = gemm.elements();
    this.packing = gemm.kernels().packing();
    this.parallel = gemm.parallel();
    this.scratch = gemm.scratch();
    this.batch = batch;
    this.m = m;
    this.gradients = gradients;
    this.patches = patches;
    Window across = patches.width();
    this.depthExtent = patches.depth().extent();
    this.heightExtent = patches.height().extent();
    this.pitch = across.extent() * patches.channels();
    // Neighbouring taps are neighbours in memory, unless the window has gaps.
    boolean together = across.dilation() == 1;
    this.segmentLength = patches.channels() * (together ? across.taps() : 1);
    this.segments = segmentOffsets(together);
    this.positions = positionOffsets();
    this.inPlace = gemm.kernels().readsInPlace(m);
    this.tiling = gemm.kernels().tiling(m, segmentLength, !inPlace);
    this.half = tiling.half();
    this.imageSize = depthExtent * heightExtent * pitch + half;
    this.halvesOfSegment = (segmentLength + half - 1) / half;
    this.panels = tiling.panels();
    this.depthBlock = Math.min(positions.length, DEPTH_BLOCK_BYTES / elements.bytes());
    this.rowsOfPanel = inPlace ? positions : Gemm.rowTable(2 * half, depthBlock);
  }

  private int[] segmentOffsets(boolean together) {
    Window along = patches.depth();
    Window down = patches.height();
    Window across = patches.width();
    int perRow = together ? 1 : across.taps();
    int[] offsets = new int[along.taps() * down.taps() * perRow];
    for (int i = 0; i < offsets.length; i++) {
      int z = i / perRow / down.taps() * along.dilation();
      int y = i / perRow % down.taps() * down.dilation();
      int x = i % perRow * across.dilation();
      offsets[i] = (z * heightExtent + y) * pitch + x * patches.channels();
    }
    return offsets;
  }

  private int[] positionOffsets() {
    Window along = patches.depth();
    Window down = patches.height();
    Window across = patches.width();
    int[] offsets = new int[patches.positions()];
    for (int i = 0; i < offsets.length; i++) {
      int x = i % across.positions() * across.stride();
      int y = i / across.positions() % down.positions() * down.stride();
      int z = i / across.positions() / down.positions() * along.stride();
      offsets[i] = (z * heightExtent + y) * pitch + x * patches.channels();
    }
    return offsets;
  }

  /** Writes the gradient, row-major, from {@code offset} on. */
  void run(A result, int offset) {
    int tiles = (segments.length * halvesOfSegment + 1) / 2;
    int sumSize = tiles * tiling.paddedRows() * 2 * half;
    int depth = batch * positions.length;
    int pieces = Gemm.pieces(m, segments.length * segmentLength, depth);
    Scratch.Piece<A> sums = scratch.borrow(Math.multiplyExact(pieces, sumSize));
    elements.clear(sums.array(), sums.at(), 1, pieces * sumSize);
    int packedSize = tiling.paddedRows() * positions.length;
    int group = Math.clamp(GROUP_SIZE / (imageSize + packedSize), 1, batch);
    Scratch.Piece<A> images = scratch.borrow(Math.multiplyExact(group, imageSize));
    elements.clear(images.array(), images.at(), 1, group * imageSize);
    Scratch.Piece<A> packed = scratch.borrow(Math.multiplyExact(group, packedSize));
    for (int first = 0; first < batch; first += group) {
      int firstImage = first;
      int count = Math.min(group, batch - first);
      long work = (long) count * m * segments.length * segmentLength * positions.length;
      parallel.forEachChunk(
          count,
          work,
          i -> {
            channelsLast(firstImage + i, images.array(), images.at() + i * imageSize);
            packGradients(firstImage + i, packed.array(), packed.at() + i * packedSize);
          });
      // A task is a piece of the sum for some taps.
      parallel.forEachChunk(
          pieces * tiles,
          work,
          task -> {
            int piece = task / tiles;
            int from = (int) ((long) depth * piece / pieces);
            int to = (int) ((long) depth * (piece + 1) / pieces);
            for (int i = 0; i < count; i++) {
              int start = (firstImage + i) * positions.length;
              int begin = Math.max(0, from - start);
              int end = Math.min(positions.length, to - start);
              tile(
                  task % tiles,
                  begin,
                  end,
                  images.array(),
                  images.at() + i * imageSize,
                  packed.array(),
                  packed.at() + i * packedSize,
                  sums.array(),
                  sums.at() + piece * sumSize);
            }
          });
    }
    for (int piece = 1; piece < pieces; piece++) {
      elements.add(sums.array(), sums.at() + piece * sumSize, sums.array(), sums.at(), 1, sumSize);
    }
    reorder(sums, result, offset);
    scratch.giveBack(packed);
    scratch.giveBack(images);
    scratch.giveBack(sums);
  }

  private void channelsLast(int image, A images, int offset) {
    Window across = patches.width();
    int channels = patches.channels();
    int plane = patches.depth().source() * patches.height().source() * across.source();
    int firstX = Math.max(0, -across.pad());
    int endX = Math.min(across.source(), across.extent() - across.pad());
    for (int z = 0; z < patches.depth().source(); z++) {
      int toZ = patches.depth().place(z);
      for (int y = 0; y < patches.height().source(); y++) {
        int toY = patches.height().place(y);
        if (toZ >= 0 && toZ < depthExtent && toY >= 0 && toY < heightExtent && endX > firstX) {
          int row = (z * patches.height().source() + y) * across.source() + firstX;
          int to = (toZ * heightExtent + toY) * pitch + across.place(firstX) * channels;
          elements.pack(
              patches.array(),
              patches.offset() + image * patches.imageStride() + row,
              plane,
              1,
              channels,
              endX - firstX,
              images,
              offset + to,
              channels);
        }
      }
    }
  }

  /** Block of depth after block of depth, in each panel after panel. */
  private void packGradients(int image, A packed, int offset) {
    for (int at = 0; at < positions.length; at += depthBlock) {
      int count = Math.min(depthBlock, positions.length - at);
      tiling.pack(
          packing,
          gradients,
          m,
          0,
          panels,
          image * positions.length + at,
          count,
          packed,
          offset + at * tiling.paddedRows());
    }
  }

  /** Adds the positions {@code begin} to {@code end} of an image to the sums of one tile. */
  private void tile(
      int tile,
      int begin,
      int end,
      A images,
      int imageOffset,
      A packed,
      int packedOffset,
      A sums,
      int sumsOffset) {
    int last = segments.length * halvesOfSegment - 1;
    int b = offsetOfHalf(2 * tile);
    int bGap = offsetOfHalf(Math.min(2 * tile + 1, last)) - b;
    Scratch.@Nullable Piece<A> panel = inPlace ? null : scratch.borrow(2 * half * depthBlock);
    for (int at = begin / depthBlock * depthBlock; at < end; at += depthBlock) {
      int from = Math.max(begin, at);
      int blockEnd = Math.min(positions.length, at + depthBlock);
      int count = Math.min(end, blockEnd) - from;
      if (panel != null) {
        packHalf(images, imageOffset + b, from, count, panel.array(), panel.at());
        packHalf(images, imageOffset + b + bGap, from, count, panel.array(), panel.at() + half);
      }
      for (int rowPanel = 0; rowPanel < panels; rowPanel++) {
        MicroKernel<A> kernel = tiling.kernel(rowPanel);
        int row = tiling.firstRow(rowPanel);
        int inBlock = row * (blockEnd - at) + (from - at) * kernel.rows();
        int a = packedOffset + at * tiling.paddedRows() + inBlock;
        int sum = sumsOffset + sumOf(2 * tile, row);
        kernel.run(
            count,
            sums,
            sum,
            2 * half,
            half,
            packed,
            a,
            panel == null ? images : panel.array(),
            panel == null ? imageOffset + b : panel.at(),
            panel == null ? bGap : half,
            rowsOfPanel,
            inPlace ? from : 0,
            sums,
            sum,
            2 * half,
            half);
      }
    }
    if (panel != null) {
      scratch.giveBack(panel);
    }
  }

  /** Half a panel's columns, of the positions from one on: run after run of a row. */
  private void packHalf(A images, int offset, int first, int count, A panel, int to) {
    Window across = patches.width();
    int step = across.stride() * patches.channels();
    for (int done = 0; done < count; ) {
      int position = first + done;
      int run = Math.min(count - done, across.positions() - position % across.positions());
      int from = offset + positions[position];
      elements.pack(images, from, 1, step, half, run, panel, to + done * 2 * half, 2 * half);
      done += run;
    }
  }

  /** Where the first position reads a half's first tap. */
  private int offsetOfHalf(int at) {
    return segments[at / halvesOfSegment] + at % halvesOfSegment * half;
  }

  /** Where the sums of a half begin in a row of the result. */
  private int sumOf(int at, int row) {
    return (at / 2 * tiling.paddedRows() + row) * 2 * half + at % 2 * half;
  }

  /** From (row of taps, tap, channel) to (channel, tap). */
  private void reorder(Scratch.Piece<A> sums, A result, int offset) {
    int channels = patches.channels();
    int tapsOfSegment = segmentLength / channels;
    int taps = segments.length * tapsOfSegment;
    for (int row = 0; row < m; row++) {
      for (int segment = 0; segment < segments.length; segment++) {
        for (int i = 0; i < segmentLength; ) {
          int channel = i % channels;
          int run = Math.min(half - i % half, channels - channel);
          int from = sums.at() + sumOf(segment * halvesOfSegment + i / half, row) + i % half;
          int to =
              offset + (row * channels + channel) * taps + segment * tapsOfSegment + i / channels;
          elements.copy(sums.array(), from, 1, result, to, taps, run);
          i += run;
        }
      }
    }
  }
}
