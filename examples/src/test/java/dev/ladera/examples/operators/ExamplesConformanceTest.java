package dev.ladera.examples.operators;

import static dev.ladera.testkit.conformance.OperatorCase.Smoothness.NONE;

import dev.ladera.DType;
import dev.ladera.DTypeException;
import dev.ladera.Device;
import dev.ladera.ShapeException;
import dev.ladera.Tensor;
import dev.ladera.testkit.conformance.Operand;
import dev.ladera.testkit.conformance.OperatorCase;
import dev.ladera.testkit.conformance.OperatorConformance;
import dev.ladera.testkit.conformance.Tolerance;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** The worked examples do what built-in operations must. */
class ExamplesConformanceTest {
  private static final OperatorCase[] CASES = {
    OperatorCase.of(Lambdas.MISH)
        .reference(in -> in.get(0).mul(in.get(0).softplus().tanh()))
        .sample("matrix", Operand.of(3, 4))
        .sample("scalar", Operand.of())
        .sized(n -> List.of(Operand.of(n))),
    OperatorCase.of(Lambdas.HYPOTENUSE)
        .sample("broadcast", Operand.within(0.5, 2, 3, 1), Operand.within(0.5, 2, 4))
        .sized(n -> List.of(Operand.within(0.5, 2, n), Operand.within(0.5, 2))),
    OperatorCase.of(Lambdas.BLEND)
        .sample(
            "several types",
            Operand.mask(3),
            Operand.of(2, 1).as(DType.INT32),
            Operand.of(3),
            Operand.of())
        .sized(n -> List.of(Operand.mask(n), Operand.of(n), Operand.of(1), Operand.of(n))),
    OperatorCase.of("clipped", in -> Functions.CLIPPED.call(in.get(0)))
        .sample("long", Operand.within(1, 2, 5))
        .sample("short", Operand.within(0.01, 0.1, 2, 3))
        .sized(n -> List.of(Operand.within(1, 2, n))),
    OperatorCase.of("squareRoot", in -> Functions.SQUARE_ROOT.call(in.get(0)))
        .sample("matrix", Operand.within(0.5, 4, 3, 4))
        .sample("scalar", Operand.within(0.5, 4))
        .sized(n -> List.of(Operand.within(0.5, 4, n))),
    OperatorCase.of("straightThroughRound", in -> Functions.STRAIGHT_THROUGH_ROUND.call(in.get(0)))
        .reference(in -> in.get(0).round())
        .sample("matrix", Operand.of(3, 4))
        .sized(n -> List.of(Operand.of(n)))
        .tolerance(Tolerance.EXACT)
        .differentiable(NONE),
    OperatorCase.of("range", (_, in) -> Functions.RANGE.callAll(in.toArray(new Tensor[0])))
        .sample("matrix", Operand.of(3, 4))
        .tolerance(Tolerance.EXACT)
        .differentiable(NONE),
    OperatorCase.of(new RmsNorm(0.1))
        .sample("matrix", Operand.of(3, 4))
        .sample("images", Operand.of(2, 3, 2, 5))
        .sample("row", Operand.of(7))
        .sized(n -> List.of(Operand.of(2, n)))
        .refusing("integers", DTypeException.class, "int64", Operand.of(3).as(DType.INT64))
        .refusing("no axes", ShapeException.class, "no axes", Operand.of())
  };

  @TestFactory
  Stream<DynamicTest> onTheCpu() {
    return OperatorConformance.of(Device.of("cpu"), CASES);
  }

  @TestFactory
  Stream<DynamicTest> onTheReference() {
    return OperatorConformance.of(Device.of("reference"), CASES);
  }
}
