package dev.ladera.testkit.conformance;

import dev.ladera.DType;
import dev.ladera.Shape;
import dev.ladera.testkit.conformance.OperatorCase.Sample;
import dev.ladera.testkit.conformance.OperatorCase.Smoothness;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * The samples of the table that PyTorch is asked for, and its answers: a case's name is operation,
 * label and kind of inputs, its tensors are {@code in.0}, {@code out.0}, {@code grad.0} and so on.
 * Gradients are of the sum of all outputs of the inputs' type, the element at row-major place i
 * weighted by cos i; {@code second.0} and so on those of the gradients' sum, weighted alike.
 */
final class PyTorchValues {
  private static final String RESOURCE = "pytorch.txt";
  private static final String AT_KINKS = "float64 kinks";

  private static final int MOST_ELEMENTS = 600;

  private static final HostValue FEW =
      vector(
          new double[] {
            0,
            -0.0,
            Double.NaN,
            Double.POSITIVE_INFINITY,
            Double.NEGATIVE_INFINITY,
            1,
            -1,
            2.5,
            -2.5,
            -3,
            1e30
          });

  /** Neither 0 nor the least one, by which PyTorch cannot divide. */
  private static final HostValue FEW_INTEGERS = vector(new double[] {1, -1, 3, -7, 2, 2147483647});

  /** Where functions of one number have corners, and gradients have to choose. */
  private static final HostValue KINKS =
      vector(new double[] {0, -0.0, 1, -1, 0.5, -0.5, 2, -2, 0.3, -0.7, 2.5, 3});

  /** And functions of two. */
  private static final HostValue FEW_KINKS = vector(new double[] {0, 1, -1, 2, -2, 0.5});

  private static final int MOST_ELEMENTS_OF_TIES = 48;

  private PyTorchValues() {}

  private static HostValue vector(double[] values) {
    return new HostValue(values, Shape.of(values.length));
  }

  /** The name of a sample's case. */
  private static String id(OperatorCase line, Sample sample, String inputs) {
    return line.operation() + "/" + sample.label() + "/" + inputs;
  }

  /** All answers, by name. */
  static Map<String, PyTorchCase> read() {
    return PyTorchCase.read(PyTorchValues.class, RESOURCE);
  }

  /**
   * The samples that PyTorch is asked for, by name: all in the first type, one in each other,
   * elementwise functions of special values and at their corners, and others of equal elements.
   */
  static Map<String, Asked> asked() {
    Map<String, Asked> asked = new TreeMap<>();
    for (OperatorCase line : OperatorCases.all()) {
      List<DType> dtypes = line.dtypes().stream().sorted().toList();
      DType first = dtypes.contains(DType.FLOAT64) ? DType.FLOAT64 : dtypes.getFirst();
      boolean others = false;
      for (Sample sample : line.samples()) {
        long elements = elements(sample);
        if (elements <= MOST_ELEMENTS) {
          put(asked, line, sample, first);
        }
        if (!others && elements > 2 && elements < 40 && !sample.isOfOneType()) {
          others = true;
          for (DType dtype : dtypes) {
            put(asked, line, sample, dtype);
          }
        }
      }
    }
    SpecialValueChecks.elementwise()
        .filter(line -> !line.name().startsWith("shift"))
        .forEach(line -> putSpecials(asked, line));
    SpecialValueChecks.elementwise().forEach(line -> putKinks(asked, line));
    Stream.of(ReductionCases.all(), IndexingCases.all(), NeuralCases.all())
        .flatMap(List::stream)
        .forEach(line -> putTies(asked, line));
    return Collections.unmodifiableMap(asked);
  }

  private static void put(Map<String, Asked> asked, OperatorCase line, Sample sample, DType dtype) {
    asked.put(
        id(line, sample, dtype.toString()),
        new Asked(line, sample, Runs.inputs(line, sample, dtype)));
  }

  private static void putSpecials(Map<String, Asked> asked, OperatorCase line) {
    for (Sample sample : SpecialValueChecks.samples(line)) {
      for (DType dtype : List.of(DType.FLOAT64, DType.INT32, DType.INT64)) {
        if (line.dtypes().contains(dtype)) {
          HostValue few = dtype.isFloating() ? FEW : FEW_INTEGERS.as(dtype);
          asked.put(
              id(line, sample, dtype + " special"),
              new Asked(line, sample, SpecialValueChecks.inputs(sample, few)));
        }
      }
    }
  }

  private static void putKinks(Map<String, Asked> asked, OperatorCase line) {
    if (line.smoothness() != Smoothness.NONE) {
      for (Sample sample : SpecialValueChecks.samples(line)) {
        HostValue kinks = sample.operands().size() == 1 ? KINKS : FEW_KINKS;
        asked.put(
            id(line, sample, AT_KINKS),
            new Asked(line, sample, SpecialValueChecks.inputs(sample, kinks)));
      }
    }
  }

  /** Whole numbers are often equal, and often 0. */
  private static void putTies(Map<String, Asked> asked, OperatorCase line) {
    for (Sample sample : line.samples()) {
      if (line.smoothness() != Smoothness.NONE && elements(sample) <= MOST_ELEMENTS_OF_TIES) {
        List<HostValue> inputs = Runs.inputs(line, sample, DType.FLOAT64);
        asked.put(
            id(line, sample, AT_KINKS),
            new Asked(line, sample, inputs.stream().map(PyTorchValues::whole).toList()));
      }
    }
  }

  private static HostValue whole(HostValue value) {
    return value.dtype().isFloating() ? value.as(DType.INT64).as(value.dtype()) : value;
  }

  private static long elements(Sample sample) {
    return sample.operands().stream().mapToLong(o -> o.shape().elements()).sum();
  }

  /**
   * A sample with its inputs.
   *
   * @param line the operation
   * @param sample how it is called
   * @param inputs what it is given
   */
  record Asked(OperatorCase line, Sample sample, List<HostValue> inputs) {}
}
