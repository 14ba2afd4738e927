package dev.ladera.backend.cpu;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class PoolingTest {

  private static final float NAN = Float.NaN;

  static Stream<PoolShape> shapes() {
    WindowAxis none = WindowAxis.NONE;
    return Stream.of(
        new PoolShape(1, none, none, WindowAxis.of(4, 2, 2, 0, 0, 1)),
        new PoolShape(
            600, none, WindowAxis.of(28, 2, 2, 0, 0, 1), WindowAxis.of(28, 2, 2, 0, 0, 1)),
        new PoolShape(5, none, WindowAxis.of(9, 3, 2, 1, 1, 1), WindowAxis.of(8, 3, 1, 1, 0, 1)),
        // As with ceiling: the last window sticks out, on one axis beyond the padding.
        new PoolShape(
            3, none, new WindowAxis(6, 3, 3, 2, 0, 0, 1), new WindowAxis(7, 4, 3, 2, 1, 1, 1)),
        new PoolShape(
            4,
            WindowAxis.of(5, 2, 1, 1, 1, 1),
            WindowAxis.of(4, 3, 2, 1, 1, 1),
            WindowAxis.of(6, 2, 2, 0, 0, 1)),
        new PoolShape(0, none, none, WindowAxis.of(4, 2, 2, 0, 0, 1)));
  }

  @ParameterizedTest
  @MethodSource("shapes")
  void theMaximumAndItsGradientAgreeWithLoops(PoolShape shape) {
    int size = shape.planes() * shape.outputPlane();
    int inputSize = shape.planes() * shape.inputPlane();
    float[] input = Numbers.random(FloatElements.INSTANCE, inputSize + 2, 1);
    float[] gradient = Numbers.random(FloatElements.INSTANCE, size + 1, 2);
    double[] wide = new double[input.length];
    double[] wideGradient = new double[gradient.length];
    widen(input, wide);
    widen(gradient, wideGradient);
    for (int threads = 1; threads <= 3; threads++) {
      Pooling pooling = pooling(threads, VectorSupport.detect());
      float[] output = new float[size];
      long[] indices = new long[size];
      pooling.max(shape, input, 2, output, 0, indices, 0);
      double[] wideOutput = new double[size];
      long[] wideIndices = new long[size];
      pooling.max(shape, wide, 2, wideOutput, 0, wideIndices, 0);
      double[] expectedOutput = new double[size];
      long[] expectedIndices = new long[size];
      double[] expectedGradient = new double[inputSize];
      for (int i = 0; i < size; i++) {
        int plane = i / shape.outputPlane();
        double best = Double.NEGATIVE_INFINITY;
        int bestAt = -1;
        for (int tap = 0; tap < taps(shape); tap++) {
          int element = element(shape, i % shape.outputPlane(), tap);
          if (element >= 0 && input[2 + plane * shape.inputPlane() + element] > best) {
            best = input[2 + plane * shape.inputPlane() + element];
            bestAt = element;
          }
        }
        expectedOutput[i] = best;
        expectedIndices[i] = bestAt;
        expectedGradient[plane * shape.inputPlane() + bestAt] += gradient[1 + i];
      }
      Numbers.assertClose(output, expectedOutput, 0);
      assertThat(wideOutput).isEqualTo(expectedOutput);
      assertThat(indices).isEqualTo(expectedIndices);
      assertThat(wideIndices).isEqualTo(expectedIndices);
      float[] result = Numbers.poison(FloatElements.INSTANCE, inputSize);
      pooling.maxGradient(shape, gradient, 1, indices, 0, result, 0);
      double[] wideResult = Numbers.poison(DoubleElements.INSTANCE, inputSize);
      pooling.maxGradient(shape, wideGradient, 1, indices, 0, wideResult, 0);
      Numbers.assertClose(result, expectedGradient, 1e-5);
      Numbers.assertClose(wideResult, expectedGradient, 1e-12);
    }
  }

  @ParameterizedTest
  @MethodSource("shapes")
  void theAverageAndItsGradientAgreeWithLoops(PoolShape shape) {
    int size = shape.planes() * shape.outputPlane();
    int inputSize = shape.planes() * shape.inputPlane();
    float[] input = Numbers.random(FloatElements.INSTANCE, inputSize, 1);
    float[] gradient = Numbers.random(FloatElements.INSTANCE, size, 2);
    double[] wide = new double[inputSize];
    double[] wideGradient = new double[size];
    widen(input, wide);
    widen(gradient, wideGradient);
    for (boolean countIncludePad : new boolean[] {true, false}) {
      double[] expected = new double[size];
      double[] expectedGradient = new double[inputSize];
      for (int i = 0; i < size; i++) {
        int base = i / shape.outputPlane() * shape.inputPlane();
        int inside = 0;
        int padded = 0;
        for (int tap = 0; tap < taps(shape); tap++) {
          int element = element(shape, i % shape.outputPlane(), tap);
          inside += element >= 0 ? 1 : 0;
          padded += element >= -1 ? 1 : 0;
          expected[i] += element >= 0 ? input[base + element] : 0;
        }
        int count = countIncludePad ? padded : inside;
        expected[i] /= count;
        for (int tap = 0; tap < taps(shape); tap++) {
          int element = element(shape, i % shape.outputPlane(), tap);
          if (element >= 0) {
            expectedGradient[base + element] += gradient[i] / (double) count;
          }
        }
      }
      for (int threads = 1; threads <= 3; threads++) {
        Pooling pooling = pooling(threads, VectorSupport.detect());
        float[] output = new float[size];
        double[] wideOutput = new double[size];
        pooling.average(shape, countIncludePad, input, 0, output, 0);
        pooling.average(shape, countIncludePad, wide, 0, wideOutput, 0);
        Numbers.assertClose(output, expected, 1e-6);
        Numbers.assertClose(wideOutput, expected, 1e-14);
        float[] result = Numbers.poison(FloatElements.INSTANCE, inputSize);
        double[] wideResult = Numbers.poison(DoubleElements.INSTANCE, inputSize);
        pooling.averageGradient(shape, countIncludePad, gradient, 0, result, 0);
        pooling.averageGradient(shape, countIncludePad, wideGradient, 0, wideResult, 0);
        Numbers.assertClose(result, expectedGradient, 1e-5);
        Numbers.assertClose(wideResult, expectedGradient, 1e-13);
      }
    }
  }

  private static Pooling pooling(int threads, VectorSupport support) {
    return new Pooling(
        new Parallel(threads),
        new PairMaxima(support, KernelSet.Warmth.AT_ONCE, new WarmUpQueue()));
  }

  @ParameterizedTest
  @ValueSource(ints = {2, 5, 10, 14, 28, 31, 32, 33, 64, 70, 130})
  void maximaOfPairsAreTheSameByVectorsAndByLoops(int columns) {
    WindowAxis none = WindowAxis.NONE;
    PoolShape shape =
        new PoolShape(
            7, none, WindowAxis.of(21, 2, 2, 0, 0, 1), WindowAxis.of(columns, 2, 2, 0, 0, 1));
    float[] input = Numbers.random(FloatElements.INSTANCE, 7 * shape.inputPlane() + 3, columns);
    float[] odd = {NAN, 0f, -0f, Float.NEGATIVE_INFINITY, Float.POSITIVE_INFINITY, 0.5f, 0.5f};
    for (int i = 0; i < input.length; i++) {
      if (i % 3 == 0) {
        input[i] = odd[i * 31 % 7];
      }
    }
    float[] output = new float[7 * shape.outputPlane()];
    long[] indices = new long[output.length];
    pooling(2, VectorSupport.detect()).max(shape, input, 3, output, 0, indices, 0);
    float[] expected = new float[output.length];
    long[] expectedIndices = new long[output.length];
    pooling(1, VectorSupport.none("a test")).max(shape, input, 3, expected, 0, expectedIndices, 0);
    assertThat(output).isEqualTo(expected);
    assertThat(indices).isEqualTo(expectedIndices);
  }

  @Test
  void theFirstOfEqualMaximaWinsAndTheLastNaN() {
    PoolShape shape =
        new PoolShape(3, WindowAxis.NONE, WindowAxis.NONE, WindowAxis.of(4, 4, 4, 0, 0, 1));
    float none = Float.NEGATIVE_INFINITY;
    float[] input = {1, 3, 3, 2, 1, NAN, 5, NAN, none, none, none, none};
    float[] output = new float[3];
    long[] indices = new long[3];
    pooling(1, VectorSupport.detect()).max(shape, input, 0, output, 0, indices, 0);
    assertThat(output).containsExactly(3, NAN, none);
    assertThat(indices).containsExactly(1, 3, 0);
  }

  @Test
  void maximaMayHaveDilatedWindows() {
    PoolShape shape =
        new PoolShape(1, WindowAxis.NONE, WindowAxis.NONE, WindowAxis.of(6, 2, 1, 1, 1, 3));
    double[] input = {1, 2, 3, 4, 5, 6};
    double[] output = new double[5];
    long[] indices = new long[5];
    pooling(1, VectorSupport.detect()).max(shape, input, 0, output, 0, indices, 0);
    assertThat(output).containsExactly(3, 4, 5, 6, 4);
    assertThat(indices).containsExactly(2, 3, 4, 5, 3);
  }

  private static int taps(PoolShape shape) {
    return shape.depth().kernel() * shape.height().kernel() * shape.width().kernel();
  }

  /** The element that a tap reads, -1 if it lies in the padding, -2 if beyond. */
  private static int element(PoolShape shape, int position, int tap) {
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
    int least = Math.min(x, Math.min(y, z));
    return least < 0 ? least : (z * height.input() + y) * width.input() + x;
  }

  private static int along(WindowAxis axis, int position, int tap) {
    int at = position * axis.stride() - axis.padBegin() + tap * axis.dilation();
    if (at >= 0 && at < axis.input()) {
      return at;
    }
    return at < axis.input() + axis.padEnd() ? -1 : -2;
  }

  private static void widen(float[] from, double[] to) {
    for (int i = 0; i < from.length; i++) {
      to[i] = from[i];
    }
  }
}
