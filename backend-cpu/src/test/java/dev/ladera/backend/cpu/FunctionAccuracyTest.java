package dev.ladera.backend.cpu;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ladera.DType;
import dev.ladera.Shape;
import dev.ladera.Tensor;
import java.math.BigDecimal;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.UnaryOperator;
import java.util.stream.DoubleStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Functions made of instructions are as near to the exact values as they are said to be. */
class FunctionAccuracyTest {
  private static final int POINTS = 1000;

  /**
   * @param low where the function begins to be interesting
   * @param high where it ceases to be
   * @param units the greatest error, in units in the last place
   */
  private record Function(
      String name,
      UnaryOperator<Tensor> function,
      UnaryOperator<BigDecimal> exact,
      double low,
      double high,
      double units) {
    @Override
    public String toString() {
      return name;
    }
  }

  static Stream<Arguments> functions() {
    return Stream.of(
            new Function("exp", Tensor::exp, ExactMath::exp, -745.2, 709.8, 1),
            new Function("expm1", Tensor::expm1, ExactMath::expm1, -40, 709.8, 1.3),
            new Function("log", Tensor::log, ExactMath::log, 0, 10, 1),
            new Function("log1p", Tensor::log1p, ExactMath::log1p, -1, 10, 1.5),
            new Function("tanh", Tensor::tanh, ExactMath::tanh, -20, 20, 1.7),
            new Function("sigmoid", Tensor::sigmoid, ExactMath::sigmoid, -745.2, 40, 1.8),
            new Function("sinh", Tensor::sinh, ExactMath::sinh, -710.5, 710.5, 1.8),
            new Function("cosh", Tensor::cosh, ExactMath::cosh, -710.5, 710.5, 1.6),
            new Function("erf", Tensor::erf, ExactMath::erf, -6, 6, 1.1))
        .flatMap(function ->
            Stream.of(DType.FLOAT32, DType.FLOAT64).map(dtype -> Arguments.of(function, dtype)));
  }

  /** All over the range, around 0 and 1, and of all sizes. */
  private static DoubleStream points(Function function) {
    SplittableRandom random = new SplittableRandom(7);
    double low = function.low;
    double high = function.high;
    return DoubleStream.generate(() -> random.nextDouble(4))
        .limit(POINTS)
        .map(way ->
            switch ((int) way) {
              case 0 -> random.nextDouble(low, high);
              case 1 -> random.nextDouble(Math.max(low, -1.5), 1.5);
              case 2 -> random.nextDouble(Math.max(low, -10), Math.min(high, 10));
              default -> Math.scalb(random.nextDouble(low < 0 ? -1 : 0, 1), -random.nextInt(60));
            })
        .filter(x -> x > low && x < high);
  }

  @ParameterizedTest
  @MethodSource("functions")
  void valuesAreWithinTheirUnitsOfTheExactOnes(Function function, DType dtype) {
    double[] points = points(function).toArray();
    Tensor x = Tensor.ofArray(points, Shape.of(points.length), Devices.scalar()).to(dtype);
    double[] arguments = x.to(DType.FLOAT64).toDoubleArray();
    double[] values = function.function.apply(x).to(DType.FLOAT64).toDoubleArray();
    assertThat(values).hasSizeGreaterThan(POINTS / 2);
    for (int i = 0; i < values.length; i++) {
      BigDecimal exact = function.exact.apply(new BigDecimal(arguments[i]));
      boolean single = dtype == DType.FLOAT32;
      double nearest = single ? exact.floatValue() : exact.doubleValue();
      if (Double.isInfinite(nearest)) {
        assertThat(values[i]).as("of %s", arguments[i]).isEqualTo(nearest);
        continue;
      }
      double unit = single ? Math.ulp((float) nearest) : Math.ulp(nearest);
      double error = exact.subtract(new BigDecimal(values[i])).abs().doubleValue() / unit;
      assertThat(error)
          .as("units that %s of %s is off", values[i], arguments[i])
          .isLessThan(function.units);
    }
  }

  @Test
  void expOverflowsAndVanishesAtTheLastPossibleNumber() {
    assertThat(exp(88.72283f)).isEqualTo(3.4027985e38f);
    assertThat(exp(Math.nextUp(88.72283f))).isEqualTo(Float.POSITIVE_INFINITY);
    assertThat(exp(-103.97208f)).isEqualTo(Float.MIN_VALUE);
    assertThat(exp(Math.nextDown(-103.97208f))).isZero();
    assertThat(exp(709.782712893384)).isEqualTo(1.7976931348622732e308);
    assertThat(exp(Math.nextUp(709.782712893384))).isEqualTo(Double.POSITIVE_INFINITY);
    assertThat(exp(-745.1332191019411)).isEqualTo(Double.MIN_VALUE);
    assertThat(exp(Math.nextDown(-745.1332191019411))).isZero();
  }

  private static float exp(float x) {
    return Tensor.ofArray(new float[] {x}, Shape.of(1), Devices.scalar()).exp().toFloatArray()[0];
  }

  private static double exp(double x) {
    return Tensor.ofArray(new double[] {x}, Shape.of(1), Devices.scalar()).exp().toDoubleArray()[0];
  }

  @Test
  void tinyNumbersAreWhatOddFunctionsMakeOfThem() {
    List<UnaryOperator<Tensor>> functions =
        List.of(Tensor::expm1, Tensor::log1p, Tensor::tanh, Tensor::sinh);
    double[] tiny = {0.0, -0.0, Double.MIN_VALUE, -Double.MIN_VALUE, 1e-310, -1e-300, 1e-20};
    for (UnaryOperator<Tensor> function : functions) {
      Tensor x = Tensor.ofArray(tiny, Shape.of(tiny.length), Devices.scalar());
      assertThat(function.apply(x).toDoubleArray()).containsExactly(tiny);
    }
  }
}
