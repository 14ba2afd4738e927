package dev.ladera.testkit.conformance;

import dev.ladera.DType;
import dev.ladera.Device;
import dev.ladera.Shape;
import dev.ladera.Tensor;
import dev.ladera.testkit.conformance.OperatorCase.Sample;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Tuple;

/**
 * A call drawn at random: which sample of an operation, of which type, with which values, and how
 * each input lies in its storage.
 *
 * @param sample how the operation is called
 * @param dtype the type of the operands without one of their own
 * @param inputs what it is given
 */
record RandomCall(Sample sample, DType dtype, List<Input> inputs) {
  private static final int LARGEST = 70;
  private static final int SHOWN = 24;

  /** Where kernels change from whole vectors to what is left over. */
  private static final Integer[] WIDTHS = {3, 4, 5, 7, 8, 9, 15, 16, 17, 31, 32, 33, 63, 64, 65};

  private static final double[] CORNERS = {
    0, -0.0, 1, -1, 0.5, 1e-20, -1e-20, 1e-40, Float.MIN_VALUE, -1e-310, Double.MIN_VALUE, 1e20
  };

  /**
   * An input.
   *
   * @param value its elements
   * @param placement how they lie
   */
  record Input(HostValue value, Placement placement) {
    private String text() {
      int count = (int) value.shape().elements();
      return value.dtype()
          + " "
          + value.shape()
          + " "
          + placement
          + " "
          + IntStream.range(0, Math.min(count, SHOWN))
              .mapToObj(value::text)
              .collect(Collectors.joining(", ", "[", count > SHOWN ? ", …]" : "]"));
    }
  }

  /** Calls of an operation, of any sample, type, values and layouts. */
  static Arbitrary<RandomCall> of(OperatorCase line) {
    return samples(line)
        .flatMap(
            sample -> evenly(line.dtypes(sample)).flatMap(dtype -> calls(line, sample, dtype)));
  }

  /** Each as often as the others; by itself, jqwik prefers the first and the last. */
  private static <T> Arbitrary<T> evenly(List<T> choices) {
    return Arbitraries.of(choices).withoutEdgeCases();
  }

  private static Arbitrary<RandomCall> calls(OperatorCase line, Sample sample, DType dtype) {
    List<Arbitrary<Input>> inputs = new ArrayList<>();
    for (Operand operand : sample.operands()) {
      List<Placement> placements = line.placements(inputs.size());
      Arbitrary<HostValue> values = values(operand, operand.dtypeWhen(dtype));
      inputs.add(
          Combinators.combine(values, evenly(placements))
              .as((value, placement) -> new Input(placement.adapt(value), placement)));
    }
    return Combinators.combine(inputs).as(drawn -> new RandomCall(sample, dtype, drawn));
  }

  private static Arbitrary<Sample> samples(OperatorCase line) {
    List<Tuple.Tuple2<Integer, Arbitrary<Sample>>> ways = new ArrayList<>();
    ways.add(Tuple.of(2, evenly(line.samples())));
    if (!line.sized(1).isEmpty()) {
      ways.add(Tuple.of(3, sizes().flatMap(n -> evenly(line.sized(n)))));
    }
    if (line.broadcasts()) {
      ways.add(
          Tuple.of(
              3,
              evenly(line.samples().stream().filter(sample -> !sample.isOfOneType()).toList())
                  .flatMap(RandomCall::broadcasting)));
    }
    return Arbitraries.frequencyOf(ways).withoutEdgeCases();
  }

  private static Arbitrary<Integer> sizes() {
    return Arbitraries.oneOf(Arbitraries.integers().between(0, LARGEST), evenly(List.of(WIDTHS)));
  }

  /**
   * The operands in shapes that broadcast to a common one: axes of size 1, leading axes missing.
   */
  private static Arbitrary<Sample> broadcasting(Sample sample) {
    Arbitrary<Shape> common =
        Combinators.combine(Arbitraries.integers().between(0, 5).list().ofMaxSize(3), sizes())
            .as((leading, last) -> Shape.of(leading).concat(Shape.of(last)));
    return common.flatMap(shape -> {
      List<Arbitrary<Operand>> operands = new ArrayList<>();
      for (Operand operand : sample.operands()) {
        operands.add(
            Combinators.combine(
                    Arbitraries.integers().between(0, shape.rank()),
                    Arbitraries.integers().between(0, (1 << shape.rank()) - 1))
                .as((missing, ones) -> operand.shaped(part(shape, missing, ones))));
      }
      return Combinators.combine(operands)
          .as(drawn -> new Sample(sample.label() + ", broadcast", sample.call(), drawn));
    });
  }

  /** A shape without some leading axes, and with size 1 where a bit is set. */
  private static Shape part(Shape shape, int missing, int ones) {
    Shape part = shape.slice(missing, shape.rank());
    for (int axis = 0; axis < part.rank(); axis++) {
      part = (ones >> axis & 1) == 1 ? part.with(axis, 1) : part;
    }
    return part;
  }

  /**
   * Values spread over the operand's domain, some replaced by few that are drawn with the domain's
   * corners among them: so there are duplicates, and arrays of one value.
   */
  private static Arbitrary<HostValue> values(Operand operand, DType dtype) {
    return Combinators.combine(
            Arbitraries.longs(),
            corners(operand, dtype).list().ofMinSize(1).ofMaxSize(6),
            Arbitraries.of(3, 1, 2, 5, Integer.MAX_VALUE))
        .as((seed, few, distance) -> {
          HostValue spread = HostValue.random(operand, dtype, seed);
          return spread.planted(few.stream().mapToDouble(value -> value).toArray(), 0, distance);
        });
  }

  private static Arbitrary<Double> corners(Operand operand, DType dtype) {
    if (!dtype.isFloating()) {
      int scale = HostValue.scale(operand);
      int low = dtype == DType.BOOL ? 0 : (int) Math.ceil(operand.low() * scale);
      int high = dtype == DType.BOOL ? 1 : (int) Math.floor(operand.high() * scale);
      return Arbitraries.integers().between(low, Math.max(low, high)).map(Integer::doubleValue);
    }
    double low = operand.low();
    double high = operand.high();
    Arbitrary<Double> anywhere =
        Arbitraries.doubles()
            .between(0, 1)
            .ofScale(6)
            .map(share -> share == 1 ? high : low + share * (high - low));
    List<Double> inside = new ArrayList<>();
    for (double corner : CORNERS) {
      if (low <= corner && corner <= high) {
        inside.add(corner);
      }
    }
    return inside.isEmpty() ? anywhere : Arbitraries.oneOf(anywhere, Arbitraries.of(inside));
  }

  List<HostValue> values() {
    return inputs.stream().map(Input::value).toList();
  }

  /** The inputs on a device, each placed as drawn. */
  List<Tensor> on(Device device) {
    return inputs.stream().map(input -> input.placement().place(input.value(), device)).toList();
  }

  /** All that is needed to repeat the call. */
  @Override
  public String toString() {
    return "sample '"
        + sample.label()
        + "', "
        + dtype
        + inputs.stream().map(input -> "\n  " + input.text()).collect(Collectors.joining());
  }
}
