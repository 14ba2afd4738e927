package dev.ladera.backend.cpu;

import dev.ladera.backend.cpu.PatchSource.Window;
import java.util.function.BooleanSupplier;
import java.util.function.Function;

/**
 * Convolutions of channels-first images and their two gradients, for one element type.
 *
 * <p>All three are matrix products with a matrix of patches that is read through {@link
 * PatchSource} and never put into memory. Writing K for the taps of all channels of a group and P
 * for the positions of all images:
 *
 * <ul>
 *   <li>output (channels x P) = weights (channels x K) times patches of the input (K x P);
 *   <li>gradient of the input = flipped weights times patches of the output's gradient;
 *   <li>gradient of the weights (channels x K) = gradient of the output (channels x P) times
 *       patches of the input, transposed (P x K).
 * </ul>
 *
 * All arrays are contiguous from their offset on, and results must not overlap operands.
 *
 * @param <A> {@code float[]} or {@code double[]}
 */
final class Convolution<A> {

  private final Gemm<A> gemm;
  private final Elements<A> elements;

  Convolution(Gemm<A> gemm) {
    this.gemm = gemm;
    this.elements = gemm.elements();
  }

  /**
   * The convolution itself (in the sense of deep learning: the kernel is not flipped).
   *
   * @param shape the sizes
   * @param input batch, input channels, spatial axes
   * @param weight output channels, input channels of a group, kernel axes
   * @param output batch, output channels, spatial axes
   */
  void forward(
      ConvolutionShape shape,
      A input,
      int inputOffset,
      A weight,
      int weightOffset,
      A output,
      int outputOffset) {
    int channels = shape.outputChannelsOfGroup();
    int depth = shape.inputChannelsOfGroup() * shape.taps();
    int plane = shape.outputPlane();
    BooleanSupplier modest =
        () ->
            areModest(
                    input, inputOffset, shape.batch() * shape.inputChannels() * shape.inputPlane())
                && areModest(weight, weightOffset, shape.outputChannels() * depth);
    for (int group = 0; group < shape.groups(); group++) {
      var weights =
          new StridedSource<>(elements, weight, weightOffset + group * channels * depth, depth, 1);
      var target =
          new ProductTarget<>(
              elements,
              output,
              outputOffset + group * channels * plane,
              plane,
              plane,
              shape.outputChannels() * plane);
      product(
          shape.batch(),
          channels,
          depth,
          weights,
          inputPatches(shape, group, input, inputOffset),
          target,
          modest);
    }
  }

  /**
   * The gradient with respect to the input.
   *
   * @param shape the sizes of the convolution
   * @param gradient of the output: batch, output channels, spatial axes
   * @param weight output channels, input channels of a group, kernel axes
   * @param result of the input's shape
   */
  void inputGradient(
      ConvolutionShape shape,
      A gradient,
      int gradientOffset,
      A weight,
      int weightOffset,
      A result,
      int resultOffset) {
    int channels = shape.outputChannelsOfGroup();
    int inputChannels = shape.inputChannelsOfGroup();
    int taps = shape.taps();
    int plane = shape.inputPlane();
    int outputs = shape.batch() * shape.outputChannels() * shape.outputPlane();
    BooleanSupplier modest =
        () ->
            areModest(gradient, gradientOffset, outputs)
                && areModest(weight, weightOffset, shape.outputChannels() * inputChannels * taps);
    for (int group = 0; group < shape.groups(); group++) {
      int firstWeight = weightOffset + group * channels * inputChannels * taps;
      var target =
          new ProductTarget<>(
              elements,
              result,
              resultOffset + group * inputChannels * plane,
              plane,
              plane,
              shape.inputChannels() * plane);
      int firstGradient = gradientOffset + group * channels * shape.outputPlane();
      if (StridedInputGradient.suits(shape)) {
        var weights = new StridedSource<>(elements, weight, firstWeight, 1, inputChannels * taps);
        var gradients = gradientPatches(shape, gradient, firstGradient, StridedInputGradient::each);
        new StridedInputGradient<>(gemm, shape, weights, gradients, target).run();
        continue;
      }
      // Lanes are input channels; depth runs over output channels and, backwards, taps.
      var weights =
          new StridedSource<>(
              elements, weight, firstWeight + taps - 1, taps, -1, taps, inputChannels * taps);
      var patches = gradientPatches(shape, gradient, firstGradient, Window::backward);
      product(shape.batch(), inputChannels, channels * taps, weights, patches, target, modest);
    }
  }

  /**
   * The gradient with respect to the weights.
   *
   * @param shape the sizes of the convolution
   * @param input batch, input channels, spatial axes
   * @param gradient of the output: batch, output channels, spatial axes
   * @param result of the weights' shape
   */
  void weightGradient(
      ConvolutionShape shape,
      A input,
      int inputOffset,
      A gradient,
      int gradientOffset,
      A result,
      int resultOffset) {
    int channels = shape.outputChannelsOfGroup();
    int depth = shape.inputChannelsOfGroup() * shape.taps();
    int plane = shape.outputPlane();
    for (int group = 0; group < shape.groups(); group++) {
      var gradients =
          new StridedSource<>(
              elements,
              gradient,
              gradientOffset + group * channels * plane,
              plane,
              1,
              Math.max(1, plane),
              shape.outputChannels() * plane);
      int firstResult = resultOffset + group * channels * depth;
      PatchSource<A> patches = inputPatches(shape, group, input, inputOffset);
      if (shape.batch() * plane == 0) {
        elements.clear(result, firstResult, 1, channels * depth);
      } else if (channels * depth > 0
          && LaneConvolution.suits(elements, shape.batch(), channels, patches)) {
        new LaneWeightGradient<>(gemm, shape.batch(), channels, gradients, patches)
            .run(result, firstResult);
      } else if (channels * depth > 0) {
        new WeightGradientProduct<>(gemm, shape.batch(), channels, gradients, patches)
            .run(result, firstResult);
      }
    }
  }

  /**
   * Weights times patches: in float32 by minimal filtering where the sizes suit it, else by another
   * of several ways, which the sizes alone choose.
   */
  @SuppressWarnings("unchecked") // only float32 elements have float arrays
  private void product(
      int batch,
      int m,
      int k,
      PackSource<A> weights,
      PatchSource<A> patches,
      ProductTarget<A> target,
      BooleanSupplier modest) {
    int n = batch * patches.positions();
    if (m > 0 && n > 0 && k > 0) {
      if (elements instanceof FloatElements
          && WinogradConvolution.suits(m, patches)
          && modest.getAsBoolean()) {
        new WinogradConvolution(
                (Gemm<float[]>) gemm,
                batch,
                m,
                (PackSource<float[]>) weights,
                (PatchSource<float[]>) patches,
                (ProductTarget<float[]>) target)
            .run();
        return;
      }
      if (LaneConvolution.suits(elements, batch, m, patches)) {
        new LaneConvolution<>(gemm, batch, m, weights, patches, target).run();
        return;
      }
      RowConvolution<A> rows = new RowConvolution<>(gemm, batch, m, weights, patches, target);
      if (rows.isWorthwhile()) {
        rows.run();
        return;
      }
    }
    gemm.multiply(m, n, k, weights, patches, target);
  }

  /** Whether minimal filtering may be used on these numbers. */
  private static boolean areModest(Object array, int from, int count) {
    return array instanceof float[] floats && WinogradConvolution.areModest(floats, from, count);
  }

  private PatchSource<A> gradientPatches(
      ConvolutionShape shape, A gradient, int offset, Function<WindowAxis, Window> window) {
    return new PatchSource<>(
        elements,
        gradient,
        offset,
        shape.outputChannels() * shape.outputPlane(),
        shape.outputChannelsOfGroup(),
        window.apply(shape.depth()),
        window.apply(shape.height()),
        window.apply(shape.width()));
  }

  private PatchSource<A> inputPatches(ConvolutionShape shape, int group, A input, int offset) {
    return new PatchSource<>(
        elements,
        input,
        offset + group * shape.inputChannelsOfGroup() * shape.inputPlane(),
        shape.inputChannels() * shape.inputPlane(),
        shape.inputChannelsOfGroup(),
        Window.forward(shape.depth()),
        Window.forward(shape.height()),
        Window.forward(shape.width()));
  }
}
