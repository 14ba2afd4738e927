package dev.ladera.testkit.conformance;

import static dev.ladera.testkit.conformance.OperatorCase.FLOATING;

import dev.ladera.ArgumentException;
import dev.ladera.DType;
import dev.ladera.DTypeException;
import dev.ladera.Generator;
import dev.ladera.IndexException;
import dev.ladera.NeuralOps.Normalized;
import dev.ladera.ShapeException;
import dev.ladera.Tensor;
import dev.ladera.testkit.conformance.OperatorCase.Call;
import dev.ladera.testkit.conformance.OperatorCase.Sample;
import dev.ladera.testkit.conformance.OperatorCase.Smoothness;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiFunction;
import java.util.function.IntFunction;

/** Softmax, normalisation and dropout; windows stand in {@link WindowCases}. */
final class NeuralCases {
  private static final Tolerance COMPOSED = Tolerance.unitsOfLargest(64);

  /** So large that the rounding of an even row's mean is not made much of. */
  private static final double EPS = 0.1;

  private static final Operand CUBE = Operand.of(3, 4, 5);

  private NeuralCases() {}

  static List<OperatorCase> all() {
    List<OperatorCase> cases =
        new ArrayList<>(
            List.of(
                alongAxis("softmax(int)", Tensor::softmax),
                alongAxis("logSoftmax(int)", Tensor::logSoftmax),
                layerNorm(),
                batchNorm(),
                dropout()));
    cases.addAll(WindowCases.all());
    return cases;
  }

  private static Call call(BiFunction<Tensor, Integer, Tensor> body, int axis) {
    return (_, in) -> List.of(body.apply(in.get(0), axis));
  }

  private static OperatorCase alongAxis(
      String operation, BiFunction<Tensor, Integer, Tensor> body) {
    return OperatorCase.of(
            operation,
            List.of(
                Sample.of("vector", call(body, 0), Operand.of(7)),
                Sample.of("first", call(body, 0), CUBE),
                Sample.of("middle", call(body, 1), CUBE),
                Sample.of("last", call(body, -1), CUBE),
                Sample.of("size 1", call(body, 1), Operand.of(3, 1)),
                Sample.of("far apart", call(body, 1), Operand.within(-300, 300, 3, 9)),
                Sample.of("empty", call(body, 1), Operand.of(0, 3)),
                Sample.of("empty axis", call(body, 1), Operand.of(3, 0))))
        .sizedBy(n ->
            n > 1000
                ? List.of(
                    Sample.of("wide", call(body, 1), Operand.of(n / 100, 100)),
                    Sample.of("tall", call(body, 0), Operand.of(100, n / 100)))
                : List.of(
                    Sample.of("rows of " + n, call(body, 1), Operand.of(3, n)),
                    Sample.of("columns of " + n, call(body, 0), Operand.of(n, 3)),
                    Sample.of(n + " columns", call(body, 0), Operand.of(3, n))))
        .dtypes(FLOATING)
        .tolerance(COMPOSED)
        .differentiable(Smoothness.TWICE)
        .refusing(
            "integers",
            call(body, 0),
            DTypeException.class,
            "floating type is needed",
            CUBE.as(DType.INT32))
        .refusing("axis", call(body, 3), IndexException.class, "3", CUBE);
  }

  private static OperatorCase layerNorm() {
    Call plain = (_, in) -> List.of(in.get(0).layerNorm(1, null, null, EPS));
    Call affine = (_, in) -> List.of(in.get(0).layerNorm(1, in.get(1), in.get(2), EPS));
    return OperatorCase.of(
            "layerNorm(int, Tensor, Tensor, double)",
            List.of(
                Sample.of("plain", plain, CUBE),
                Sample.of("affine", affine, CUBE, Operand.of(5), Operand.of(5)),
                Sample.of(
                    "two axes",
                    (_, in) -> List.of(in.get(0).layerNorm(2, in.get(1), null, 0.1)),
                    CUBE,
                    Operand.of(4, 5)),
                Sample.of("vector", plain, Operand.of(9)),
                Sample.of("empty", plain, Operand.of(0, 4))))
        .sizedBy(rows(plain, affine))
        .dtypes(FLOATING)
        .tolerance(COMPOSED)
        .differentiable(Smoothness.TWICE)
        .refusing(
            "integers",
            plain,
            DTypeException.class,
            "floating type is needed",
            CUBE.as(DType.INT64))
        .refusing(
            "axes",
            (_, in) -> List.of(in.get(0).layerNorm(4, null, null, 1e-5)),
            ArgumentException.class,
            "must be from 1 to the 3",
            CUBE);
  }

  private static IntFunction<List<Sample>> rows(Call plain, Call affine) {
    return n ->
        n > 1000
            ? List.of(Sample.of("large", plain, Operand.of(n / 100, 100)))
            : List.of(
                // A row of two would be all signs, of one all zeros.
                Sample.of("rows of " + n, plain, Operand.of(3, n + 2)),
                Sample.of(n + " rows", affine, Operand.of(n, 5), Operand.of(5), Operand.of(5)));
  }

  private static OperatorCase batchNorm() {
    Call call =
        (_, in) -> {
          Normalized found = in.get(0).batchNorm(EPS);
          return List.of(found.output(), found.mean(), found.variance());
        };
    return OperatorCase.of(
            "batchNorm(double)",
            List.of(
                Sample.of("matrix", call, Operand.of(6, 4)),
                Sample.of("signals", call, Operand.of(3, 2, 5)),
                Sample.of("images", call, Operand.of(3, 2, 4, 5)),
                Sample.of("volumes", call, Operand.of(2, 3, 2, 2, 3)),
                Sample.of("one channel", call, Operand.of(4, 1, 3, 3))))
        .sizedBy(n ->
            n > 1000
                ? List.of(Sample.of("large", call, Operand.of(20, n / 2000, 10, 10)))
                : List.of(
                    Sample.of(n + " channels", call, Operand.of(5, n)),
                    Sample.of("lines of " + n, call, Operand.of(3, 2, n)),
                    Sample.of("batch of " + n, call, Operand.of(n + 2, 3))))
        .dtypes(FLOATING)
        .tolerance(COMPOSED)
        .differentiable(Smoothness.TWICE)
        .refusing(
            "integers", call, DTypeException.class, "floating type is needed", CUBE.as(DType.INT32))
        .refusing("vector", call, ShapeException.class, "at least 2", Operand.of(4))
        .refusing("empty", call, ShapeException.class, "no elements", Operand.of(0, 4));
  }

  private static OperatorCase dropout() {
    Call call = dropping(0.3);
    return OperatorCase.of(
            "dropout(double)",
            List.of(
                Sample.of("some", call, Operand.of(6, 7)),
                Sample.of("none", dropping(0), Operand.of(6, 7)),
                Sample.of("all", dropping(1), Operand.of(6, 7)),
                Sample.of("empty", call, Operand.of(0))))
        .sizedBy(n -> List.of(Sample.of("size " + n, call, Operand.of(n))))
        .dtypes(FLOATING)
        .tolerance(Tolerance.units(1))
        .differentiable(Smoothness.TWICE)
        .refusing("p", dropping(1.5), ArgumentException.class, "must be from 0 to 1", CUBE);
  }

  private static Call dropping(double p) {
    return (_, in) -> {
      Generator.manualSeed(5);
      return List.of(in.get(0).dropout(p));
    };
  }
}
