package dev.ladera.backend.cpu;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class GemmTest {

  private static final int[][] SIZES = {
    {1, 1, 1},
    {1, 5, 1},
    {5, 1, 1},
    {2, 3, 4},
    {3, 2, 0},
    {0, 3, 2},
    {3, 0, 2},
    {1, 1, 5000},
    {1, 300, 40},
    {300, 1, 40},
    {1, 40, 6000},
    {9, 1, 5000},
    {6, 15, 16},
    {6, 16, 16},
    {6, 17, 64},
    {11, 31, 33},
    {12, 32, 256},
    {13, 33, 257},
    {12, 64, 128},
    {5, 129, 127},
    {7, 65, 300},
    {16, 16, 16},
    {17, 17, 17},
    {24, 64, 512},
    {25, 65, 513},
    {64, 64, 64},
    {65, 127, 129},
    {241, 33, 40},
    {250, 260, 270},
    {481, 97, 300},
    {20, 3100, 9},
    {6, 25, 20000},
    {100, 90, 3000},
  };

  static Stream<Arguments> sizes() {
    return Engines.elementTypes()
        .flatMap(elements ->
            Stream.of(SIZES).map(size -> Arguments.of(elements, size[0], size[1], size[2])));
  }

  @ParameterizedTest(name = "{1}x{2} over {3}")
  @MethodSource("sizes")
  <A> void productsAreRightAndTheSameBitsInEveryEngine(Elements<A> elements, int m, int n, int k) {
    A a = Numbers.random(elements, m * k, 1);
    A b = Numbers.random(elements, k * n, 2);
    check(elements, m, n, k, a, 0, k, 1, b, 0, 1, n, null);
  }

  @ParameterizedTest(name = "{1}x{2} over {3}")
  @MethodSource("sizes")
  <A> void transposedProductsAreRight(Elements<A> elements, int m, int n, int k) {
    A a = Numbers.random(elements, m * k + 3, 3);
    A b = Numbers.random(elements, k * n + 5, 4);
    check(elements, m, n, k, a, 3, 1, m, b, 5, k, 1, null);
  }

  @ParameterizedTest(name = "{1}x{2} over {3}")
  @MethodSource("sizes")
  <A> void aSummandIsAddedToEachRow(Elements<A> elements, int m, int n, int k) {
    A a = Numbers.random(elements, m * k, 13);
    A b = Numbers.random(elements, k * n, 14);
    Summand<A> summand = new Summand<>(Numbers.random(elements, n + 4, 15), 3);
    check(elements, m, n, k, a, 0, k, 1, b, 0, k, 1, summand);
  }

  @ParameterizedTest(name = "{1}x{2} over {3}")
  @MethodSource("sizes")
  <A> void oddZeroAndNegativeStridesAreRight(Elements<A> elements, int m, int n, int k) {
    A a = Numbers.random(elements, m * 3 + k * m * 7 + 1, 5);
    A b = Numbers.random(elements, 2 * k + 1, 6);
    check(elements, m, n, k, a, 2, 3, 3 * m, b, 2 * k, 0, -2, null);
  }

  private static <A> void check(
      Elements<A> elements,
      int m,
      int n,
      int k,
      A a,
      int aOffset,
      int aRow,
      int aColumn,
      A b,
      int bOffset,
      int bColumn,
      int bRow,
      @Nullable Summand<A> summand) {
    int stride = n + 3;
    int offset = 2;
    var left = new StridedSource<>(elements, a, aOffset, aRow, aColumn);
    var right = new StridedSource<>(elements, b, bOffset, bColumn, bRow);
    A first = Numbers.poison(elements, offset + m * stride);
    Engines.all(elements).getFirst().multiply(m, n, k, left, right, first, offset, stride, summand);
    for (Gemm<A> gemm : Engines.all(elements)) {
      A c = Numbers.poison(elements, offset + m * stride);
      gemm.multiply(m, n, k, left, right, c, offset, stride, summand);
      assertThat((Object) c).isEqualTo(first);
    }
    double[] expected = new double[offset + m * stride];
    Arrays.fill(expected, Double.NaN);
    for (int i = 0; i < m; i++) {
      for (int j = 0; j < n; j++) {
        double sum = summand == null ? 0 : Numbers.get(summand.array(), summand.offset() + j);
        for (int p = 0; p < k; p++) {
          sum +=
              Numbers.get(a, aOffset + i * aRow + p * aColumn)
                  * Numbers.get(b, bOffset + p * bRow + j * bColumn);
        }
        expected[offset + i * stride + j] = sum;
      }
    }
    Numbers.assertClose(first, expected, Numbers.tolerance(elements, k));
  }

  @Test
  void anElementIsOneChainOfFusedMultiplyAdds() {
    int m = 30;
    int n = 70;
    int k = 600;
    float[] a = Numbers.random(FloatElements.INSTANCE, m * k, 7);
    float[] b = Numbers.random(FloatElements.INSTANCE, k * n, 8);
    float[] expected = new float[m * n];
    for (int i = 0; i < m; i++) {
      for (int j = 0; j < n; j++) {
        for (int p = 0; p < k; p++) {
          expected[i * n + j] = Math.fma(a[i * k + p], b[p * n + j], expected[i * n + j]);
        }
      }
    }
    for (Gemm<float[]> gemm : Engines.all(FloatElements.INSTANCE)) {
      float[] c = new float[m * n];
      gemm.multiply(
          m,
          n,
          k,
          new StridedSource<>(FloatElements.INSTANCE, a, 0, k, 1),
          new StridedSource<>(FloatElements.INSTANCE, b, 0, 1, n),
          c,
          0,
          n,
          null);
      assertThat(c).isEqualTo(expected);
    }
  }

  @Test
  void infinitiesAndNaNStayInTheirRowsAndColumns() {
    int size = 40;
    float[] a = Numbers.random(FloatElements.INSTANCE, size * size, 9);
    float[] b = Numbers.random(FloatElements.INSTANCE, size * size, 10);
    a[5 * size + 7] = Float.NaN;
    b[3 * size + 11] = Float.POSITIVE_INFINITY;
    for (Gemm<float[]> gemm : Engines.all(FloatElements.INSTANCE)) {
      float[] c = new float[size * size];
      gemm.multiply(
          size,
          size,
          size,
          new StridedSource<>(FloatElements.INSTANCE, a, 0, size, 1),
          new StridedSource<>(FloatElements.INSTANCE, b, 0, 1, size),
          c,
          0,
          size,
          null);
      for (int i = 0; i < size; i++) {
        for (int j = 0; j < size; j++) {
          assertThat(Float.isNaN(c[i * size + j])).isEqualTo(i == 5);
          assertThat(Float.isInfinite(c[i * size + j])).isEqualTo(i != 5 && j == 11);
        }
      }
    }
  }

  @Test
  void aProgramMayMultiplyWhileKernelsWarmUp() {
    var kernels =
        new KernelSet<>(
            FloatElements.INSTANCE, VectorSupport.detect(), KernelSet.Warmth.BACKGROUND);
    Gemm<float[]> gemm = new Gemm<>(kernels, new Parallel(2));
    Gemm<float[]> plain = Engines.loops(FloatElements.INSTANCE, new Parallel(1));
    int size = 70;
    float[] a = Numbers.random(FloatElements.INSTANCE, size * size, 11);
    var left = new StridedSource<>(FloatElements.INSTANCE, a, 0, size, 1);
    var right = new StridedSource<>(FloatElements.INSTANCE, a, 0, 1, size);
    float[] expected = new float[size * size];
    plain.multiply(size, size, size, left, right, expected, 0, size, null);
    for (int round = 0; round < 300; round++) {
      float[] c = new float[size * size];
      gemm.multiply(size, size, size, left, right, c, 0, size, null);
      assertThat(c).isEqualTo(expected);
    }
  }

  @Test
  void vectorsAreFoundWhereTheModuleIsPresent() {
    VectorSupport support = VectorSupport.detect();
    assertThat(support.available())
        .isEqualTo(ModuleLayer.boot().findModule("jdk.incubator.vector").isPresent());
    assertThat(support.warning().isPresent()).isEqualTo(!support.available());
    assertThat(VectorSupport.none("no reason").warning().orElseThrow())
        .contains("no reason")
        .contains("--add-modules jdk.incubator.vector");
  }

  @Test
  void integerProductsWrapAround() {
    int greatest = Integer.parseInt("2147483647");
    long greatestLong = Long.parseLong("9223372036854775807");
    var a = new IntegerProducts.Matrix<>(new int[] {1, 2, greatest, 4}, 0, 2, 1);
    var transposed = new IntegerProducts.Matrix<>(new int[] {5, 6, 7, 8}, 0, 1, 2);
    var longs = new IntegerProducts.Matrix<>(new long[] {1, 2, greatestLong, 4}, 0, 2, 1);
    var longsTransposed = new IntegerProducts.Matrix<>(new long[] {5, 6, 7, 8}, 0, 1, 2);
    for (int threads : List.of(1, 3)) {
      var products = new IntegerProducts(new Parallel(threads));
      int[] c = new int[5];
      products.multiply(2, 2, 2, a, transposed, c, 1, 2);
      assertThat(c).containsExactly(0, 17, 23, greatest * 5 + 24, greatest * 7 + 32);
      long[] d = new long[4];
      products.multiply(2, 2, 2, longs, longsTransposed, d, 0, 2);
      assertThat(d).containsExactly(17, 23, greatestLong * 5 + 24, greatestLong * 7 + 32);
    }
  }
}
