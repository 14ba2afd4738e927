package dev.ladera.testkit.conformance;

import dev.ladera.DType;
import dev.ladera.Shape;
import dev.ladera.testkit.conformance.OperatorCase.Sample;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

/**
 * What PyTorch answers for the samples of the table, from a text resource: an entry begins with
 * {@code case} and its id, which is operation, label and type, and has a line {@code in}, {@code
 * out} or {@code grad} for each input, output and gradient, of type, shape and values.
 */
final class PyTorchValues {
  private static final String RESOURCE = "pytorch.txt";

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

  private PyTorchValues() {}

  private static HostValue vector(double[] values) {
    return new HostValue(values, Shape.of(values.length));
  }

  /**
   * One call.
   *
   * @param inputs what it was given
   * @param outputs what PyTorch answered
   * @param gradients one an input of floating type, of the sum of all outputs of the inputs' type,
   *     the element at row-major place i weighted by cos i; empty where PyTorch has none
   */
  record Entry(List<HostValue> inputs, List<HostValue> outputs, List<HostValue> gradients) {}

  /** The id of a sample's entry. */
  private static String id(OperatorCase line, Sample sample, String inputs) {
    return line.operation() + "/" + sample.label() + "/" + inputs;
  }

  /** All entries of the resource, by id. */
  static Map<String, Entry> read() {
    try (InputStream in = PyTorchValues.class.getResourceAsStream(RESOURCE)) {
      return parse(
          new String(Objects.requireNonNull(in, RESOURCE).readAllBytes(), StandardCharsets.UTF_8));
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  static Map<String, Entry> parse(String text) {
    Map<String, Entry> entries = new LinkedHashMap<>();
    Entry current = new Entry(List.of(), List.of(), List.of());
    for (String line : text.lines().toList()) {
      if (line.startsWith("case ")) {
        current = new Entry(new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
        entries.put(line.substring(5), current);
      } else if (!line.isEmpty() && !line.startsWith("#")) {
        String[] words = line.split(" ");
        List<HostValue> list =
            switch (words[0]) {
              case "in" -> current.inputs();
              case "out" -> current.outputs();
              case "grad" -> current.gradients();
              default -> throw new IllegalArgumentException(line);
            };
        list.add(value(words));
      }
    }
    return entries;
  }

  private static HostValue value(String[] words) {
    int[] sizes =
        words[2].equals("-")
            ? new int[0]
            : Arrays.stream(words[2].split("x")).mapToInt(Integer::parseInt).toArray();
    String[] values = Arrays.copyOfRange(words, 3, words.length);
    Object array =
        switch (DType.valueOf(words[1].toUpperCase(Locale.ROOT))) {
          case FLOAT32 -> {
            float[] floats = new float[values.length];
            for (int i = 0; i < floats.length; i++) {
              floats[i] = (float) number(values[i]);
            }
            yield floats;
          }
          case FLOAT64 -> Arrays.stream(values).mapToDouble(PyTorchValues::number).toArray();
          case INT32 -> Arrays.stream(values).mapToInt(Integer::parseInt).toArray();
          case INT64 -> Arrays.stream(values).mapToLong(Long::parseLong).toArray();
          case BOOL -> {
            boolean[] truths = new boolean[values.length];
            for (int i = 0; i < truths.length; i++) {
              truths[i] = values[i].equals("1");
            }
            yield truths;
          }
        };
    return new HostValue(array, Shape.of(sizes));
  }

  private static double number(String word) {
    return switch (word) {
      case "inf" -> Double.POSITIVE_INFINITY;
      case "-inf" -> Double.NEGATIVE_INFINITY;
      case "nan" -> Double.NaN;
      default -> Double.parseDouble(word);
    };
  }

  /**
   * The samples that PyTorch is asked for, by id: all in the first type, one in each other, and
   * elementwise functions of special values.
   */
  static Map<String, Asked> asked() {
    Map<String, Asked> asked = new TreeMap<>();
    for (OperatorCase line : OperatorCases.all()) {
      List<DType> dtypes = line.dtypes().stream().sorted().toList();
      DType first = dtypes.contains(DType.FLOAT64) ? DType.FLOAT64 : dtypes.getFirst();
      boolean others = false;
      for (Sample sample : line.samples()) {
        long elements = sample.operands().stream().mapToLong(o -> o.shape().elements()).sum();
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

  /**
   * A sample with its inputs.
   *
   * @param line the operation
   * @param sample how it is called
   * @param inputs what it is given
   */
  record Asked(OperatorCase line, Sample sample, List<HostValue> inputs) {}
}
