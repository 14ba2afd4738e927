package dev.ladera.backend.cpu;

import dev.ladera.backend.cpu.PatchSource.Window;

/**
 * The gradient of the input of a convolution whose windows lie more than one element apart.
 *
 * <p>As a convolution of the output's gradient it would multiply weights with the zeros between its
 * elements. Instead weights times gradients gives what each tap of each window adds to the input,
 * and that is added where the tap reads: for each element tap after tap, whatever the threads.
 * Images are taken in groups so that the products stay small.
 */
final class StridedInputGradient<A> {
  /** Elements of the products of a group of images. */
  private static final int GROUP_SIZE = 1 << 21;

  private final Gemm<A> gemm;
  private final Elements<A> elements;
  private final ConvolutionShape shape;
  private final PackSource<A> weights;
  private final PatchSource<A> gradients;
  private final ProductTarget<A> target;
  private final int channels;
  private final int taps;
  private final int plane;

  /**
   * The gradient of one group's input channels.
   *
   * @param weights their taps, channel after channel, as lanes, and the output channels as depth
   * @param gradients of the output, each element a patch
   * @param target the input channels as rows, and the elements of an image as a block of columns
   */
  StridedInputGradient(
      Gemm<A> gemm,
      ConvolutionShape shape,
      PackSource<A> weights,
      PatchSource<A> gradients,
      ProductTarget<A> target) {
    this.gemm = gemm;
    this.elements = gemm.elements();
    this.shape = shape;
    this.weights = weights;
    this.gradients = gradients;
    this.target = target;
    this.channels = shape.inputChannelsOfGroup();
    this.taps = shape.taps();
    this.plane = shape.outputPlane();
  }

  /**
   * Whether a convolution is of this kind, and there is something to add and something to add to.
   */
  static boolean suits(ConvolutionShape shape) {
    boolean strided =
        shape.depth().stride() > 1 || shape.height().stride() > 1 || shape.width().stride() > 1;
    return strided
        && shape.batch() > 0
        && shape.inputChannels() > 0
        && shape.outputChannels() > 0
        && shape.outputPlane() > 0
        && shape.inputPlane() > 0;
  }

  void run() {
    int rows = Math.multiplyExact(channels, taps);
    int group = Math.clamp(GROUP_SIZE / Math.multiplyExact(rows, plane), 1, shape.batch());
    Scratch.Piece<A> products = gemm.scratch().borrow(rows * group * plane);
    for (int first = 0; first < shape.batch(); first += group) {
      int firstImage = first;
      int count = Math.min(group, shape.batch() - first);
      int columns = count * plane;
      gemm.multiply(
          rows,
          columns,
          shape.outputChannelsOfGroup(),
          weights,
          gradients.fromImage(first),
          new ProductTarget<>(elements, products.array(), products.at(), columns));
      gemm.parallel()
          .forEachChunk(
              count * channels,
              (long) rows * columns,
              i -> add(firstImage, i / channels, i % channels, products, columns));
    }
    gemm.scratch().giveBack(products);
  }

  /** Adds up one channel of one image of a group. */
  private void add(int firstImage, int image, int channel, Scratch.Piece<A> products, int columns) {
    WindowAxis along = shape.depth();
    WindowAxis down = shape.height();
    WindowAxis across = shape.width();
    int to = target.index(channel, (firstImage + image) * shape.inputPlane());
    elements.clear(target.array(), to, 1, shape.inputPlane());
    for (int tap = 0; tap < taps; tap++) {
      int from = products.at() + (channel * taps + tap) * columns + image * plane;
      int x = tap % across.kernel();
      int y = tap / across.kernel() % down.kernel();
      int z = tap / across.kernel() / down.kernel();
      int begin = across.firstInside(x);
      int count = across.endInside(x) - begin;
      for (int i = along.firstInside(z); count > 0 && i < along.endInside(z); i++) {
        int slice = along.place(i, z) * down.input();
        for (int j = down.firstInside(y); j < down.endInside(y); j++) {
          elements.add(
              products.array(),
              from + (i * down.output() + j) * across.output() + begin,
              target.array(),
              to + (slice + down.place(j, y)) * across.input() + across.place(begin, x),
              across.stride(),
              count);
        }
      }
    }
  }

  /** The windows by which each element of the output's gradient is a patch of its own. */
  static Window each(WindowAxis axis) {
    return new Window(axis.output(), axis.output(), 1, 1, 0, 1, 1);
  }
}
