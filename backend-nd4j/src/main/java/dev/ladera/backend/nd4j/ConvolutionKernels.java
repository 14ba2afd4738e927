package dev.ladera.backend.nd4j;

import dev.ladera.Shape;
import dev.ladera.Tensor;
import dev.ladera.backend.nd4j.Gemm.Matrix;
import dev.ladera.op.BinaryOp;
import dev.ladera.op.Convolution;
import dev.ladera.op.Operator;

/**
 * Convolution and its gradients as matrix products, one image and one group at a time, so that the
 * windows of one image are all that is ever laid out. ND4J's own convolutions do the same, but know
 * neither groups nor dilation in all of one to three axes.
 */
final class ConvolutionKernels {
  private final Windows windows;
  private final int groups;
  private final int images;
  private final int channels;
  private final int outputs;
  private final Block image;
  private final Block weight;
  private final Block out;
  private final Block matrix;

  private ConvolutionKernels(
      Convolution convolution,
      Scratch scratch,
      Shape imageShape,
      Shape weightShape,
      Shape outShape,
      Block image,
      Block weight,
      Block out) {
    this.windows =
        Windows.of(
            imageShape,
            Windows.spatial(weightShape),
            outShape,
            convolution.stride(),
            convolution.padding(),
            convolution.dilation());
    this.groups = convolution.groups();
    this.images = imageShape.size(0);
    this.channels = imageShape.size(1);
    this.outputs = outShape.size(1);
    this.image = image;
    this.weight = weight;
    this.out = out;
    this.matrix =
        windows.areElements()
            ? image
            : scratch.block(image.dtype, (long) channels * windows.taps() * windows.places());
  }

  static void forward(Operator operator, Tensor[] inputs, Tensor[] outputs) {
    Tensor x = inputs[0];
    Tensor w = inputs[1];
    Tensor y = outputs[0];
    Block out = Block.whole(y);
    if (w.elements() == 0) {
      out.fill(0L);
      return;
    }
    try (Scratch scratch = new Scratch()) {
      new ConvolutionKernels(
              (Convolution) operator,
              scratch,
              x.shape(),
              w.shape(),
              y.shape(),
              Block.of(x, scratch),
              Block.of(w, scratch),
              out)
          .forward();
    }
  }

  static void inputGradient(Operator operator, Tensor[] inputs, Tensor[] outputs) {
    Tensor g = inputs[0];
    Tensor w = inputs[1];
    Tensor dx = outputs[0];
    Block image = Block.whole(dx);
    image.fill(0L);
    if (g.elements() == 0 || w.elements() == 0) {
      return;
    }
    try (Scratch scratch = new Scratch()) {
      new ConvolutionKernels(
              ((Convolution.InputGradient) operator).convolution(),
              scratch,
              dx.shape(),
              w.shape(),
              g.shape(),
              image,
              Block.of(w, scratch),
              Block.of(g, scratch))
          .inputGradient();
    }
  }

  static void weightGradient(Operator operator, Tensor[] inputs, Tensor[] outputs) {
    Tensor g = inputs[0];
    Tensor x = inputs[1];
    Tensor dw = outputs[0];
    Block weight = Block.whole(dw);
    weight.fill(0L);
    if (g.elements() == 0) {
      return;
    }
    try (Scratch scratch = new Scratch()) {
      new ConvolutionKernels(
              ((Convolution.WeightGradient) operator).convolution(),
              scratch,
              x.shape(),
              dw.shape(),
              g.shape(),
              Block.of(x, scratch),
              weight,
              Block.of(g, scratch))
          .weightGradient(scratch);
    }
  }

  private Patches patches() {
    return new Patches(windows, channels, matrix);
  }

  /** Rows of the matrix that belong to a group. */
  private long rows() {
    return (long) channels / groups * windows.taps();
  }

  private Matrix patches(int n, int group) {
    long from = group * rows() * windows.places();
    long image = windows.areElements() ? (long) n * channels * windows.plane() : 0;
    return Matrix.dense(matrix, image + from, rows(), windows.places());
  }

  private Matrix weight(Block block, int group) {
    long kernels = (long) outputs / groups;
    return Matrix.dense(block, group * kernels * rows(), kernels, rows());
  }

  private Matrix out(int n, int group) {
    long kernels = (long) outputs / groups;
    long at = (n * (long) outputs + group * kernels) * windows.places();
    return Matrix.dense(out, at, kernels, windows.places());
  }

  private void unfold(int n) {
    if (!windows.areElements()) {
      patches().unfold(image, (long) n * channels * windows.plane());
    }
  }

  private void forward() {
    for (int n = 0; n < images; n++) {
      unfold(n);
      for (int group = 0; group < groups; group++) {
        Gemm.multiply(weight(weight, group), patches(n, group), out(n, group));
      }
    }
  }

  private void inputGradient() {
    for (int n = 0; n < images; n++) {
      for (int group = 0; group < groups; group++) {
        Gemm.multiply(weight(weight, group).transposed(), out(n, group), patches(n, group));
      }
      if (!windows.areElements()) {
        patches().fold(image, (long) n * channels * windows.plane());
      }
    }
  }

  private void weightGradient(Scratch scratch) {
    Block part = scratch.block(weight.dtype, weight.count);
    for (int n = 0; n < images; n++) {
      unfold(n);
      for (int group = 0; group < groups; group++) {
        Gemm.multiply(out(n, group), patches(n, group).transposed(), weight(part, group));
      }
      NativeOps.binary(BinaryOp.ADD, weight, part, weight);
    }
  }
}
