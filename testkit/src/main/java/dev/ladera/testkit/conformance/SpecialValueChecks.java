package dev.ladera.testkit.conformance;

import dev.ladera.DType;
import dev.ladera.Device;
import dev.ladera.Shape;
import dev.ladera.testkit.conformance.OperatorCase.Sample;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/**
 * NaN, infinities, signed zeros, subnormal and huge numbers, and the ends of integers, against the
 * reference: all of them, and all pairs, in elementwise functions; NaN and infinities amid other
 * numbers in all else.
 */
final class SpecialValueChecks {
  private static final double[] FLOATING = {
    0.0,
    -0.0,
    1,
    -1,
    0.5,
    -0.5,
    1.5,
    2.5,
    -2.5,
    3,
    -3,
    1e-4,
    -1e-4,
    20.5,
    -20.5,
    88.7,
    -88.7,
    -104,
    709.7,
    -745.5,
    8388607.5,
    2147483648.0,
    -2147483648.0,
    1e10,
    -9.3e18,
    1e-30,
    -1e-30,
    1e30,
    Float.MIN_VALUE,
    -Float.MIN_VALUE,
    1e-40,
    Float.MIN_NORMAL,
    Float.MAX_VALUE,
    -Float.MAX_VALUE,
    Double.NaN,
    Double.POSITIVE_INFINITY,
    Double.NEGATIVE_INFINITY
  };
  private static final double[] ONLY_FLOAT64 = {
    Double.MIN_VALUE,
    -Double.MIN_VALUE,
    1e-310,
    Double.MIN_NORMAL,
    Double.MAX_VALUE,
    -Double.MAX_VALUE,
    1e200,
    0x1p52 + 0.5,
    -0x1p53
  };
  private static final long[] INTEGER = {
    0,
    1,
    -1,
    2,
    -2,
    3,
    7,
    -7,
    31,
    32,
    33,
    63,
    64,
    65,
    -31,
    Integer.MIN_VALUE,
    Integer.MIN_VALUE + 1L,
    Integer.MAX_VALUE,
    46341,
    -46341,
    0x55555555
  };
  private static final long[] ONLY_INT64 = {
    Long.MIN_VALUE, Long.MIN_VALUE + 1, Long.MAX_VALUE, 3037000500L, 1L << 32, (1L << 53) + 1
  };
  private static final double[][] PLANTED = {
    {Double.NaN},
    {Double.POSITIVE_INFINITY},
    {Double.NEGATIVE_INFINITY},
    {Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY},
    {-0.0, 0.0},
    {1e-40, -1e-40, Double.MIN_VALUE}
  };
  private static final double[][] PLANTED_INTEGERS = {
    {Integer.MAX_VALUE, Integer.MIN_VALUE}, {Long.MAX_VALUE, Long.MIN_VALUE, 1L << 40}
  };

  private SpecialValueChecks() {}

  static Stream<Check> of(Device device) {
    return Stream.of(
            elementwise(elementwise().toList(), device),
            planted(ReductionCases.all(), device),
            planted(LinearAlgebraCases.all(), device),
            planted(IndexingCases.all(), device),
            planted(NeuralCases.all(), device))
        .flatMap(checks -> checks);
  }

  private static Stream<Check> elementwise(List<OperatorCase> table, Device device) {
    List<Check> checks = new ArrayList<>();
    for (OperatorCase line : table) {
      for (DType dtype : line.dtypes().stream().sorted().toList()) {
        if (dtype != DType.BOOL) {
          checks.add(Check.of("specials", line, dtype, () -> elementwise(line, dtype, device)));
        }
      }
    }
    return checks.stream();
  }

  private static void elementwise(OperatorCase line, DType dtype, Device device) {
    HostValue specials = specials(dtype);
    for (Sample sample : samples(line)) {
      List<HostValue> inputs = inputs(sample, specials);
      Comparison.close(
          sample.label(),
          Runs.outputs(sample, device, inputs, Placement.CONTIGUOUS),
          Runs.expected(line, sample, inputs),
          line.tolerance(),
          i -> inputs.stream().map(input -> input.text(i)).toList().toString());
    }
  }

  /** The lines that special values are given to as they are. */
  static Stream<OperatorCase> elementwise() {
    return Stream.of(PointwiseCases.all(), BinaryCases.all()).flatMap(List::stream);
  }

  /** One sample of each way to call an operation whose inputs all have the type asked for. */
  static List<Sample> samples(OperatorCase line) {
    Set<OperatorCase.Call> done = new HashSet<>();
    return line.samples().stream()
        .filter(sample -> sample.operands().stream().allMatch(operand -> operand.dtype() == null))
        .filter(sample -> done.add(sample.call()))
        .toList();
  }

  /** The values, or all pairs of them. */
  static List<HostValue> inputs(Sample sample, HostValue values) {
    return sample.operands().size() == 1 ? List.of(values) : pairs(values);
  }

  private static HostValue specials(DType dtype) {
    return switch (dtype) {
      case FLOAT32 -> {
        float[] values = new float[FLOATING.length];
        for (int i = 0; i < values.length; i++) {
          values[i] = (float) FLOATING[i];
        }
        yield vector(values, values.length);
      }
      case FLOAT64 -> {
        double[] values =
            Stream.of(FLOATING, ONLY_FLOAT64).flatMapToDouble(Arrays::stream).toArray();
        yield vector(values, values.length);
      }
      case INT32 -> {
        int[] values = Arrays.stream(INTEGER).mapToInt(value -> (int) value).toArray();
        yield vector(values, values.length);
      }
      case INT64 -> {
        long[] values = Stream.of(INTEGER, ONLY_INT64).flatMapToLong(Arrays::stream).toArray();
        yield vector(values, values.length);
      }
      case BOOL -> vector(new boolean[] {false, true}, 2);
    };
  }

  private static HostValue vector(Object array, int length) {
    return new HostValue(array, Shape.of(length));
  }

  /** Every value with every other, itself included. */
  private static List<HostValue> pairs(HostValue values) {
    int count = (int) values.shape().elements();
    Object left = values.dtype().newArray(count * count);
    Object right = values.dtype().newArray(count * count);
    for (int i = 0; i < count; i++) {
      for (int j = 0; j < count; j++) {
        System.arraycopy(values.array(), i, left, i * count + j, 1);
        System.arraycopy(values.array(), j, right, i * count + j, 1);
      }
    }
    return List.of(vector(left, count * count), vector(right, count * count));
  }

  /** NaN, infinities and such, or the ends of integers, amid the other numbers of one input. */
  static Stream<Check> planted(List<OperatorCase> table, Device device) {
    List<Check> checks = new ArrayList<>();
    for (OperatorCase line : table) {
      for (DType dtype : line.dtypes().stream().sorted().toList()) {
        if (dtype != DType.BOOL) {
          checks.add(Check.of("specials", line, dtype, () -> planted(line, dtype, device)));
        }
      }
    }
    return checks.stream();
  }

  private static void planted(OperatorCase line, DType dtype, Device device) {
    for (Sample sample : line.samples()) {
      for (double[] values : dtype.isFloating() ? PLANTED : PLANTED_INTEGERS) {
        List<HostValue> inputs = new ArrayList<>(Runs.inputs(line, sample, dtype));
        for (int i = 0; i < inputs.size(); i++) {
          if (sample.operands().get(i).dtype() == null) {
            inputs.set(i, inputs.get(i).planted(values, 1, 7));
            break;
          }
        }
        Comparison.close(
            sample.label() + " with " + Arrays.toString(values),
            Runs.outputs(sample, device, inputs, Placement.CONTIGUOUS),
            Runs.expected(line, sample, inputs),
            line.tolerance());
      }
    }
  }
}
