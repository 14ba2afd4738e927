package dev.ladera.backend.cpu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class ConvolutionTest {

  private static final WindowAxis NONE = WindowAxis.NONE;

  static Stream<Arguments> shapes() {
    Stream<ConvolutionShape> shapes =
        Stream.of(
            // One pixel, one tap.
            shape(1, 1, 1, 1, NONE, NONE, axis(1, 1, 1, 0, 0, 1)),
            // One spatial axis, padding on one side only.
            shape(3, 4, 5, 1, NONE, NONE, axis(17, 3, 1, 2, 0, 1)),
            shape(2, 3, 4, 1, NONE, NONE, axis(20, 4, 3, 1, 2, 2)),
            // The layers of LeNet.
            shape(5, 1, 6, 1, NONE, axis(28, 5, 1, 2, 2, 1), axis(28, 5, 1, 2, 2, 1)),
            shape(5, 6, 16, 1, NONE, axis(14, 5, 1, 0, 0, 1), axis(14, 5, 1, 0, 0, 1)),
            // Stride, dilation, padding, all uneven.
            shape(2, 3, 7, 1, NONE, axis(13, 3, 2, 1, 0, 2), axis(15, 2, 3, 0, 2, 3)),
            shape(2, 4, 6, 1, NONE, axis(9, 3, 2, 1, 1, 1), axis(10, 3, 2, 1, 1, 1)),
            shape(1, 2, 3, 1, NONE, axis(4, 1, 3, 0, 0, 1), axis(5, 2, 4, 0, 0, 1)),
            // More padding than kernel.
            shape(2, 2, 2, 1, NONE, axis(3, 2, 1, 4, 3, 1), axis(3, 2, 2, 3, 4, 1)),
            // Groups, and one group for each channel.
            shape(2, 6, 9, 3, NONE, axis(8, 3, 1, 1, 1, 1), axis(7, 3, 1, 1, 1, 1)),
            shape(2, 5, 10, 5, NONE, axis(8, 3, 2, 1, 1, 1), axis(9, 3, 1, 1, 1, 1)),
            // Three spatial axes.
            shape(
                2, 3, 4, 1, axis(5, 3, 1, 1, 1, 1), axis(6, 2, 2, 0, 1, 1), axis(7, 3, 1, 1, 0, 2)),
            // Wide enough for several blocks of depth and tiles that cross images.
            shape(3, 40, 30, 1, NONE, axis(7, 3, 1, 1, 1, 1), axis(7, 3, 1, 1, 1, 1)),
            shape(2, 16, 24, 1, NONE, axis(40, 3, 1, 1, 1, 1), axis(70, 3, 1, 1, 1, 1)),
            // Lanes of images: a panel and a part of one, stride, dilation, padding, one tap.
            shape(32, 1, 6, 1, NONE, axis(8, 5, 1, 2, 2, 1), axis(9, 5, 1, 2, 2, 1)),
            shape(60, 3, 7, 1, NONE, axis(7, 3, 2, 1, 0, 1), axis(8, 2, 3, 0, 2, 2)),
            shape(25, 6, 16, 2, NONE, axis(6, 3, 1, 0, 0, 1), axis(5, 3, 1, 3, 1, 1)),
            shape(64, 5, 3, 1, NONE, NONE, axis(11, 4, 2, 1, 1, 1)),
            shape(32, 2, 3, 1, NONE, axis(3, 2, 1, 4, 3, 1), axis(4, 3, 1, 3, 1, 2)),
            shape(32, 3, 2, 1, NONE, axis(7, 3, 2, 1, 2, 3), axis(2, 5, 1, 3, 4, 1)),
            shape(31, 8, 12, 1, NONE, axis(3, 1, 1, 0, 0, 1), axis(4, 1, 1, 0, 0, 1)),
            // Minimal filtering: odd sizes, little padding, several tasks, uneven panels.
            shape(3, 16, 17, 1, NONE, axis(6, 3, 1, 0, 0, 1), axis(9, 3, 1, 0, 0, 1)),
            shape(1, 19, 16, 1, NONE, axis(4, 3, 1, 1, 1, 1), axis(4, 3, 1, 1, 1, 1)),
            shape(2, 34, 48, 2, NONE, axis(11, 3, 1, 2, 1, 1), axis(37, 3, 1, 0, 2, 1)),
            shape(9, 32, 64, 1, NONE, axis(14, 3, 1, 1, 1, 1), axis(14, 3, 1, 1, 1, 1)),
            // More taps than a block of depth, few and short rows.
            shape(2, 70, 9, 1, NONE, axis(5, 3, 1, 1, 1, 1), axis(12, 3, 1, 1, 1, 1)),
            shape(1, 200, 3, 1, NONE, axis(9, 3, 1, 1, 1, 1), axis(33, 3, 2, 1, 1, 1)),
            // Windows of one tap.
            shape(3, 20, 17, 1, NONE, axis(9, 1, 1, 0, 0, 1), axis(11, 1, 1, 0, 0, 1)),
            // Strided, with more products than are kept at a time.
            shape(2, 64, 3, 1, NONE, axis(97, 3, 2, 1, 1, 1), axis(95, 3, 2, 1, 1, 1)),
            // More rows than are read in place, in several blocks of depth.
            shape(2, 5, 40, 1, NONE, axis(37, 3, 2, 1, 0, 2), axis(41, 2, 1, 0, 1, 2)),
            // Nothing but padding.
            shape(1, 2, 3, 1, NONE, NONE, axis(0, 1, 2, 1, 1, 1)),
            // Nothing at all.
            shape(0, 2, 3, 1, NONE, NONE, axis(5, 3, 1, 0, 0, 1)),
            shape(2, 2, 3, 1, NONE, NONE, axis(2, 3, 1, 0, 0, 1)));
    return shapes.flatMap(
        shape -> Engines.elementTypes().map(elements -> Arguments.of(elements, shape)));
  }

  private static WindowAxis axis(
      int input, int kernel, int stride, int padBegin, int padEnd, int dilation) {
    return WindowAxis.of(input, kernel, stride, padBegin, padEnd, dilation);
  }

  private static ConvolutionShape shape(
      int batch,
      int in,
      int out,
      int groups,
      WindowAxis depth,
      WindowAxis height,
      WindowAxis width) {
    return new ConvolutionShape(batch, in, out, groups, depth, height, width);
  }

  @ParameterizedTest
  @MethodSource("shapes")
  <A> void allThreeAgreeWithLoopsAndAreTheSameBitsInEveryEngine(
      Elements<A> elements, ConvolutionShape shape) {
    int inputSize = shape.batch() * shape.inputChannels() * shape.inputPlane();
    int weightSize = shape.outputChannels() * shape.inputChannelsOfGroup() * shape.taps();
    int outputSize = shape.batch() * shape.outputChannels() * shape.outputPlane();
    A input = Numbers.random(elements, inputSize + 3, 1);
    A weight = Numbers.random(elements, weightSize + 2, 2);
    A gradient = Numbers.random(elements, outputSize + 1, 3);
    double[] output = new double[outputSize];
    double[] inputGradient = new double[inputSize];
    double[] weightGradient = new double[weightSize];
    loops(shape, input, 3, weight, 2, gradient, 1, output, inputGradient, weightGradient);

    Results<A> first = results(Engines.all(elements).getFirst(), shape, input, weight, gradient);
    compare(elements, first.output, output, shape.inputChannelsOfGroup() * shape.taps());
    compare(
        elements, first.inputGradient, inputGradient, shape.outputChannelsOfGroup() * shape.taps());
    compare(elements, first.weightGradient, weightGradient, shape.batch() * shape.outputPlane());
    for (Gemm<A> gemm : Engines.all(elements)) {
      Results<A> results = results(gemm, shape, input, weight, gradient);
      assertThat((Object) results.output).isEqualTo(first.output);
      assertThat((Object) results.inputGradient).isEqualTo(first.inputGradient);
      assertThat((Object) results.weightGradient).isEqualTo(first.weightGradient);
    }
  }

  private record Results<A>(A output, A inputGradient, A weightGradient) {}

  /** All three, each at offset 4 of its array. */
  private static <A> Results<A> results(
      Gemm<A> gemm, ConvolutionShape shape, A input, A weight, A gradient) {
    Elements<A> elements = gemm.elements();
    Convolution<A> convolution = new Convolution<>(gemm);
    A output = Numbers.poison(elements, elements.length(gradient) + 3);
    convolution.forward(shape, input, 3, weight, 2, output, 4);
    A inputGradient = Numbers.poison(elements, elements.length(input) + 1);
    convolution.inputGradient(shape, gradient, 1, weight, 2, inputGradient, 4);
    A weightGradient = Numbers.poison(elements, elements.length(weight) + 2);
    convolution.weightGradient(shape, input, 3, gradient, 1, weightGradient, 4);
    return new Results<>(output, inputGradient, weightGradient);
  }

  private static <A> void compare(Elements<A> elements, A actual, double[] expected, int terms) {
    double[] shifted = new double[expected.length + 4];
    Arrays.fill(shifted, 0, 4, Double.NaN);
    System.arraycopy(expected, 0, shifted, 4, expected.length);
    Numbers.assertClose(actual, shifted, Numbers.tolerance(elements, terms));
  }

  /** The definition: every output, every tap, three results at once. */
  private static void loops(
      ConvolutionShape shape,
      Object input,
      int inputAt,
      Object weight,
      int weightAt,
      Object gradient,
      int gradientAt,
      double[] output,
      double[] inputGradient,
      double[] weightGradient) {
    int inputs = shape.inputChannelsOfGroup();
    int outputs = shape.outputChannelsOfGroup();
    for (int image = 0; image < shape.batch(); image++) {
      for (int channel = 0; channel < shape.outputChannels(); channel++) {
        for (int position = 0; position < shape.outputPlane(); position++) {
          int to = (image * shape.outputChannels() + channel) * shape.outputPlane() + position;
          for (int c = 0; c < inputs; c++) {
            int inputChannel = channel / outputs * inputs + c;
            for (int tap = 0; tap < shape.taps(); tap++) {
              int element = element(shape, position, tap);
              if (element < 0) {
                continue;
              }
              int from =
                  (image * shape.inputChannels() + inputChannel) * shape.inputPlane() + element;
              int by = (channel * inputs + c) * shape.taps() + tap;
              double x = Numbers.get(input, inputAt + from);
              double w = Numbers.get(weight, weightAt + by);
              double g = Numbers.get(gradient, gradientAt + to);
              output[to] += x * w;
              inputGradient[from] += g * w;
              weightGradient[by] += g * x;
            }
          }
        }
      }
    }
  }

  private static int element(ConvolutionShape shape, int position, int tap) {
    WindowAxis height = shape.height();
    WindowAxis width = shape.width();
    int x = along(width, position % width.output(), tap % width.kernel());
    int y =
        along(
            height,
            position / width.output() % height.output(),
            tap / width.kernel() % height.kernel());
    int z =
        along(
            shape.depth(),
            position / width.output() / height.output(),
            tap / width.kernel() / height.kernel());
    return x < 0 || y < 0 || z < 0 ? -1 : (z * height.input() + y) * width.input() + x;
  }

  private static int along(WindowAxis axis, int position, int tap) {
    int at = position * axis.stride() - axis.padBegin() + tap * axis.dilation();
    return at < axis.input() ? at : -1;
  }

  @Test
  void anInfinityReachesOnlyTheOutputsThatSeeIt() {
    int channels = 16;
    int size = 8;
    ConvolutionShape shape =
        shape(1, channels, 16, 1, NONE, axis(size, 3, 1, 1, 1, 1), axis(size, 3, 1, 1, 1, 1));
    float[] input = Numbers.random(FloatElements.INSTANCE, channels * size * size, 1);
    float[] weight = Numbers.random(FloatElements.INSTANCE, 16 * channels * 9, 2);
    input[0] = Float.POSITIVE_INFINITY;
    for (Gemm<float[]> gemm : Engines.all(FloatElements.INSTANCE)) {
      float[] output = new float[16 * size * size];
      new Convolution<>(gemm).forward(shape, input, 0, weight, 0, output, 0);
      for (int i = 0; i < output.length; i++) {
        boolean sees = i % size < 2 && i / size % size < 2;
        assertThat(Float.isFinite(output[i])).as("output %d", i).isEqualTo(!sees);
      }
    }
  }

  @Test
  void sizesThatCannotBeAreRefused() {
    assertThatThrownBy(() -> shape(1, 4, 6, 4, NONE, NONE, NONE))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("4 groups do not divide 4 input and 6 output channels");
    assertThatThrownBy(() -> axis(5, 3, 0, 0, 0, 1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("stride 0");
  }
}
