package dev.ladera.backend.cpu;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ladera.DType;
import dev.ladera.Device;
import dev.ladera.Dispatcher;
import dev.ladera.Generator;
import dev.ladera.Shape;
import dev.ladera.Tensor;
import dev.ladera.op.LayerNorm;
import dev.ladera.op.LogSoftmax;
import dev.ladera.op.Softmax;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Vector loops on any number of threads give the bits of plain loops on one. */
class SameBitsTest {
  private static final int[] LENGTHS = {1, 3, 7, 8, 9, 15, 16, 17, 31, 32, 33, 64, 100, 257};

  private static Map<String, UnaryOperator<Tensor>> functions() {
    Map<String, UnaryOperator<Tensor>> functions = new LinkedHashMap<>();
    functions.put("polynomial", x -> x.mul(x).add(3.0).sub(x).div(7.0));
    functions.put("exp", Tensor::exp);
    functions.put("expm1", Tensor::expm1);
    functions.put("log", Tensor::log);
    functions.put("log1p", Tensor::log1p);
    functions.put("tanh", Tensor::tanh);
    functions.put("sigmoid", Tensor::sigmoid);
    functions.put("erf", Tensor::erf);
    functions.put("sin", Tensor::sin);
    functions.put("cos", Tensor::cos);
    functions.put("gelu", Tensor::gelu);
    functions.put("softplus", Tensor::softplus);
    functions.put("relu", Tensor::relu);
    functions.put("sign", Tensor::sign);
    functions.put("round", Tensor::round);
    functions.put("floor", Tensor::floor);
    functions.put("ceil", Tensor::ceil);
    functions.put("trunc", Tensor::trunc);
    functions.put("sqrt", Tensor::sqrt);
    functions.put("rsqrt", Tensor::rsqrt);
    functions.put("abs", x -> x.abs().neg());
    functions.put("clamp", x -> x.clamp(-1.0, 0.5));
    functions.put("maximum", x -> x.maximum(x.neg().mul(0.5)).minimum(2.0));
    functions.put("compare", x -> x.gt(0.25).logicalOr(x.le(-3.0)).logicalXor(x.ne(1.0)));
    functions.put("where", x -> Tensor.where(x.gt(0.0), x.mul(2.0), x.neg()));
    functions.put("isNan", Tensor::isNan);
    functions.put("toInt", x -> x.to(x.dtype() == DType.FLOAT32 ? DType.INT32 : DType.INT64));
    functions.put(
        "throughInt",
        x -> x.to(x.dtype() == DType.FLOAT32 ? DType.INT32 : DType.INT64).to(x.dtype()));
    functions.put("fromBool", x -> x.gt(0.5).to(x.dtype()).add(x));
    functions.put("sum", x -> x.sum(-1));
    functions.put("sumOfAll", Tensor::sum);
    functions.put("sumOfColumns", x -> x.sum(0));
    functions.put("largest", x -> x.amax(0));
    functions.put("softmax", x -> x.softmax(-1));
    functions.put("logSoftmax", x -> x.logSoftmax(-1));
    functions.put("variance", x -> x.var(0));
    return functions;
  }

  static Stream<Arguments> cases() {
    return functions().entrySet().stream()
        .flatMap(entry ->
            Stream.of(DType.FLOAT32, DType.FLOAT64)
                .map(dtype -> Arguments.of(entry.getKey(), dtype)));
  }

  private static Tensor sample(int rows, int columns, DType dtype, Device device) {
    double[] values =
        new Generator(rows * 1000L + columns)
            .normal(Shape.of(rows, columns), DType.FLOAT64, Devices.scalar())
            .mul(4.0)
            .toDoubleArray();
    double[] special = {
      0,
      -0.0,
      Double.NaN,
      Double.POSITIVE_INFINITY,
      Double.NEGATIVE_INFINITY,
      1,
      -1,
      0.5,
      -0.5,
      1.5,
      2.5,
      1e-30,
      -1e-30,
      1e30,
      88.7,
      -88.7,
      -104,
      1e-40,
      0x1p23,
      8388607.5,
      1e10
    };
    for (int i = 0; i < special.length && 5 * i + 2 < values.length; i++) {
      values[5 * i + 2] = special[i];
    }
    return Tensor.ofArray(values, Shape.of(rows, columns), device).to(dtype);
  }

  private static long[] bits(Tensor x) {
    return switch (x.contiguous().toArray()) {
      case float[] values -> {
        long[] bits = new long[values.length];
        for (int i = 0; i < values.length; i++) {
          bits[i] = Float.floatToIntBits(values[i]);
        }
        yield bits;
      }
      case double[] values -> {
        long[] bits = new long[values.length];
        for (int i = 0; i < values.length; i++) {
          bits[i] = Double.doubleToLongBits(values[i]);
        }
        yield bits;
      }
      default -> x.toLongArray();
    };
  }

  @ParameterizedTest
  @MethodSource("cases")
  void vectorsOnAnyNumberOfThreadsGiveTheBitsOfPlainLoops(String name, DType dtype) {
    UnaryOperator<Tensor> function = Objects.requireNonNull(functions().get(name));
    for (int columns : LENGTHS) {
      for (int rows : new int[] {1, 5, 70}) {
        long[] expected = bits(function.apply(sample(rows, columns, dtype, Devices.scalar())));
        long[] turned =
            bits(function.apply(sample(rows, columns, dtype, Devices.scalar()).transpose(0, 1)));
        for (Device device : Devices.vector()) {
          Tensor x = sample(rows, columns, dtype, device);
          assertThat(bits(function.apply(x))).as("%d x %d", rows, columns).isEqualTo(expected);
          assertThat(bits(function.apply(x.transpose(0, 1))))
              .as("%d x %d turned", rows, columns)
              .isEqualTo(turned);
        }
      }
    }
  }

  @Test
  void longInputsGiveTheSameBitsOnAnyNumberOfThreads() {
    functions()
        .forEach((name, function) -> {
          long[] expected =
              bits(function.apply(sample(3, 70_001, DType.FLOAT32, Devices.scalar())));
          for (Device device : Devices.vector()) {
            assertThat(bits(function.apply(sample(3, 70_001, DType.FLOAT32, device))))
                .as(name)
                .isEqualTo(expected);
          }
        });
  }

  /** Without NaN and infinities, before which all sums are the same. */
  @ParameterizedTest
  @ValueSource(ints = {64, 4096, 4097, 9000, 70_001})
  void rowsOfOrdinaryNumbersAreJoinedToTheSameBitsAtAnyWidth(int columns) {
    Map<String, UnaryOperator<Tensor>> joins = new LinkedHashMap<>();
    joins.put("sum", x -> x.sum(1));
    joins.put("sumOfAll", Tensor::sum);
    joins.put("largest", x -> x.amax(1));
    joins.put("softmax", x -> x.softmax(1));
    joins.put("logSoftmax", x -> x.logSoftmax(1));
    joins.put("softmaxGradient", x -> Dispatcher.call(new Softmax.Backward(1), x, x.square()));
    joins.put("logGradient", x -> Dispatcher.call(new LogSoftmax.Backward(1), x, x.neg()));
    joins.put("layerNorm", x -> x.layerNorm(1, x.select(0, 0), x.select(0, 1), 0.1));
    joins.put("layerNorm's input", x -> layerNormGradients(x, x.square())[0]);
    joins.put("layerNorm's factor", x -> layerNormGradients(x, x.square())[1]);
    joins.put("layerNorm's summand", x -> layerNormGradients(x, x.square())[2]);
    double[] values =
        new Generator(columns)
            .normal(Shape.of(3, columns), DType.FLOAT64, Devices.scalar())
            .toDoubleArray();
    for (DType dtype : new DType[] {DType.FLOAT32, DType.FLOAT64}) {
      Tensor plain = Tensor.ofArray(values, Shape.of(3, columns), Devices.scalar()).to(dtype);
      joins.forEach((name, join) -> {
        long[] expected = bits(join.apply(plain));
        Stream.concat(Devices.vector().stream(), Devices.narrower().stream())
            .forEach(device ->
                assertThat(bits(join.apply(plain.to(device))))
                    .as("%s of %s", name, dtype)
                    .isEqualTo(expected));
      });
    }
  }

  /** Rows in several chunks of work, whose sums for factor and summand are joined at the end. */
  @Test
  void layerNormHasTheSameGradientsOnAnyNumberOfThreads() {
    Tensor plain =
        new Generator(3).normal(Shape.of(2003, 40), DType.FLOAT32, Devices.scalar()).add(2.0);
    Tensor[] expected = layerNormGradients(plain, plain.square());
    for (Device device : Devices.vector()) {
      Tensor[] found = layerNormGradients(plain.to(device), plain.square().to(device));
      for (int i = 0; i < expected.length; i++) {
        assertThat(bits(found[i])).as("output %d", i).isEqualTo(bits(expected[i]));
      }
    }
  }

  private static Tensor[] layerNormGradients(Tensor x, Tensor gradient) {
    return Dispatcher.callAll(new LayerNorm.Backward(1, 0.1), gradient, x, x.select(0, 0));
  }

  @Test
  void aTallTableIsSummedToTheSameBitsOnAnyNumberOfThreads() {
    long[] expected =
        bits(sample(20_011, 24, DType.FLOAT32, Devices.scalar()).mul(0.0).add(0.1).sum(0));
    for (Device device : Devices.vector()) {
      Tensor x = sample(20_011, 24, DType.FLOAT32, device).mul(0.0).add(0.1);
      assertThat(bits(x.sum(0))).isEqualTo(expected);
    }
  }

  @Test
  void anExpandedOrShiftedOperandDoesNotChangeBits() {
    for (int columns : LENGTHS) {
      Tensor plain = sample(6, columns, DType.FLOAT32, Devices.scalar());
      long[] expected = bits(plain.add(plain.select(0, 1)).mul(plain.slice(1, 0, 1)));
      for (Device device : Devices.vector()) {
        Tensor wide =
            Tensor.concat(
                1,
                Tensor.zeros(Shape.of(6, 3), DType.FLOAT32, device),
                sample(6, columns, DType.FLOAT32, device));
        Tensor x = wide.slice(1, 3, 3 + columns);
        assertThat(bits(x.add(x.select(0, 1)).mul(x.slice(1, 0, 1)))).isEqualTo(expected);
      }
    }
  }
}
