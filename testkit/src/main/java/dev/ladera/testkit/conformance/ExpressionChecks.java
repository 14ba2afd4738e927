package dev.ladera.testkit.conformance;

import dev.ladera.DType;
import dev.ladera.Device;
import dev.ladera.Dispatcher;
import dev.ladera.Generator;
import dev.ladera.Tensor;
import dev.ladera.op.Expr;
import dev.ladera.op.Pointwise;
import dev.ladera.testkit.conformance.OperatorCase.Sample;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Random expressions as one kernel, over broadcasting views of all types, against the reference and
 * against a kernel for each of their parts.
 */
final class ExpressionChecks {
  /** The types of the floating inputs. */
  private static final List<List<DType>> FLOATING =
      List.of(
          List.of(DType.FLOAT32, DType.FLOAT32),
          List.of(DType.FLOAT64, DType.FLOAT64),
          List.of(DType.FLOAT32, DType.FLOAT64));

  private static final int EXPRESSIONS = 60;
  private static final Tolerance CLOSE = Tolerance.unitsOfLargest(64);

  private ExpressionChecks() {}

  static Stream<Check> of(Device device) {
    return IntStream.range(0, FLOATING.size())
        .mapToObj(group ->
            new Check(
                "expressions/" + FLOATING.get(group),
                () -> {
                  for (int i = 0; i < EXPRESSIONS; i++) {
                    check(1000L * group + i, FLOATING.get(group), device);
                  }
                }));
  }

  private static void check(long seed, List<DType> floating, Device device) {
    Generator random = new Generator(seed);
    List<HostValue> inputs = new ArrayList<>();
    int width = 1 + random.nextInt(20);
    List<Operand> operands =
        List.of(
            Operand.of(3, width).as(floating.get(0)),
            Operand.of(2, 1, width).as(floating.get(1)),
            Operand.within(-9, 9, width).as(DType.INT32),
            Operand.within(-9, 9, 3, 1).as(DType.INT64),
            Operand.mask(2, 3, width),
            Operand.of().as(floating.get(1)));
    for (Operand operand : operands) {
      inputs.add(HostValue.random(operand, operand.dtypeWhen(DType.FLOAT32), seed + inputs.size()));
    }
    List<DType> dtypes = inputs.stream().map(HostValue::dtype).toList();
    Expr expr = RandomExpression.of(seed, dtypes);
    Placement placement = Placement.values()[random.nextInt(Placement.values().length)];
    List<HostValue> adapted = Runs.adapted(inputs, placement);
    Sample fused =
        new Sample(
            "fused",
            (_, in) ->
                List.of(
                    Dispatcher.call(
                        Pointwise.of("fused", in.size(), _ -> expr), in.toArray(new Tensor[0]))),
            operands);
    Sample unfused =
        new Sample("unfused", (_, in) -> List.of(RandomExpression.unfused(expr, in)), operands);
    List<HostValue> actual = Runs.outputs(fused, device, adapted, placement);
    String what = "seed " + seed + ", " + dtypes + ", " + placement + ", " + expr;
    close(what, actual, Runs.outputs(fused, Runs.REFERENCE, adapted, Placement.CONTIGUOUS));
    List<HostValue> parts = Runs.outputs(unfused, device, adapted, placement);
    // A part may not read all inputs, and so be of a smaller shape.
    if (parts.getFirst().shape().equals(actual.getFirst().shape())) {
      close(what + ", by parts", actual, parts);
    }
  }

  /** To the precision of float32, which parts of the expression may have had. */
  private static void close(String what, List<HostValue> actual, List<HostValue> expected) {
    HostValue found = actual.getFirst();
    HostValue right = expected.getFirst();
    boolean mixed = what.contains("float32") && found.dtype() == DType.FLOAT64;
    Comparison.close(
        what,
        List.of(mixed && right.dtype() == found.dtype() ? found.as(DType.FLOAT32) : found),
        List.of(mixed && right.dtype() == found.dtype() ? right.as(DType.FLOAT32) : right),
        CLOSE);
  }
}
