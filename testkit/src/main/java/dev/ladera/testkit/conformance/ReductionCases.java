package dev.ladera.testkit.conformance;

import static dev.ladera.testkit.conformance.OperatorCase.ALL;
import static dev.ladera.testkit.conformance.OperatorCase.FLOATING;
import static dev.ladera.testkit.conformance.OperatorCase.NUMBERS;
import static dev.ladera.testkit.conformance.Tolerance.EXACT;

import dev.ladera.ArgumentException;
import dev.ladera.DType;
import dev.ladera.DTypeException;
import dev.ladera.IndexException;
import dev.ladera.ReductionOps.Found;
import dev.ladera.ShapeException;
import dev.ladera.Tensor;
import dev.ladera.testkit.conformance.OperatorCase.Call;
import dev.ladera.testkit.conformance.OperatorCase.Sample;
import dev.ladera.testkit.conformance.OperatorCase.Smoothness;
import java.util.List;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.function.UnaryOperator;

/** Operations that join elements along axes. */
final class ReductionCases {
  /** For sums: each backend has its own order. */
  private static final Tolerance SUMMED = Tolerance.unitsOfLargest(32);

  private ReductionCases() {}

  /** A reduction with and without keeping its axes. */
  private interface Reduction {
    Tensor of(Tensor x, boolean keepDims, int... axes);
  }

  static List<OperatorCase> all() {
    return List.of(
        sums("sum(int...)", (x, axes) -> x.sum(axes), ALL),
        kept("sum(boolean, int...)", Tensor::sum, ALL, SUMMED, -0.5, 2),
        products("prod(int...)", (x, axes) -> x.prod(axes)),
        kept("prod(boolean, int...)", Tensor::prod, ALL, SUMMED, 0.7, 1.4),
        sums("mean(int...)", (x, axes) -> x.mean(axes), FLOATING)
            .refusing(
                "integers",
                one(x -> x.mean()),
                DTypeException.class,
                "mean",
                Operand.of(3).as(DType.INT32)),
        kept("mean(boolean, int...)", Tensor::mean, FLOATING, SUMMED, -0.5, 2),
        extremes("amax(int...)", (x, axes) -> x.amax(axes)),
        kept("amax(boolean, int...)", Tensor::amax, ALL, EXACT, -2, 2),
        extremes("amin(int...)", (x, axes) -> x.amin(axes)),
        kept("amin(boolean, int...)", Tensor::amin, ALL, EXACT, -2, 2),
        found("max(int)", Tensor::max),
        found("min(int)", Tensor::min),
        places("argmax(int)", Tensor::argmax),
        places("argmax(int, boolean)", (x, axis) -> x.argmax(axis, true)),
        places("argmax()", (x, _) -> x.argmax()),
        places("argmin(int)", Tensor::argmin),
        places("argmin(int, boolean)", (x, axis) -> x.argmin(axis, true)),
        places("argmin()", (x, _) -> x.argmin()),
        tests("any(int...)", (x, axes) -> x.any(axes)),
        tests("all(int...)", (x, axes) -> x.all(axes)),
        tests("countNonzero(int...)", (x, axes) -> x.countNonzero(axes)),
        sums("var(int...)", (x, axes) -> x.var(axes), FLOATING),
        kept(
                "var(int, boolean, int...)",
                (x, keep, axes) -> x.var(0, keep, axes),
                FLOATING,
                SUMMED,
                -0.5,
                2)
            .alsoBy(
                sample("correction 3", x -> x.var(3, true, 1), Operand.of(4, 6)),
                // Four equal values have an exact mean in any order, so that 0 is divided by 0.
                sample("correction of all", x -> x.var(4, false, 1), Operand.of(4, 4))),
        ofSeveral(sums("std(int...)", (x, axes) -> x.std(axes), FLOATING)),
        ofSeveral(
            kept(
                "std(int, boolean, int...)",
                (x, keep, axes) -> x.std(0, keep, axes),
                FLOATING,
                SUMMED,
                -0.5,
                2)),
        sums("norm(int...)", (x, axes) -> x.norm(axes), FLOATING),
        norms(),
        alongAxis("logsumexp(int)", Tensor::logsumexp, FLOATING, SUMMED),
        alongAxis(
            "logsumexp(int, boolean)", (x, axis) -> x.logsumexp(axis, true), FLOATING, SUMMED),
        alongAxis("cumsum(int)", Tensor::cumsum, ALL, SUMMED),
        running());
  }

  private static Call one(UnaryOperator<Tensor> body) {
    return (_, in) -> List.of(body.apply(in.get(0)));
  }

  private static Sample sample(String label, UnaryOperator<Tensor> body, Operand operand) {
    return Sample.of(label, one(body), operand);
  }

  private static OperatorCase sums(
      String operation, BiFunction<Tensor, int[], Tensor> body, Set<DType> dtypes) {
    return kept(operation, (x, _, axes) -> body.apply(x, axes), dtypes, SUMMED, -0.5, 2);
  }

  /** Without single elements, for what has no gradient where all are equal. */
  private static OperatorCase ofSeveral(OperatorCase line) {
    return line.onlyBy(
        sample -> !sample.label().equals("scalar") && !sample.label().equals("size 1"));
  }

  private static OperatorCase products(String operation, BiFunction<Tensor, int[], Tensor> body) {
    return kept(operation, (x, _, axes) -> body.apply(x, axes), ALL, SUMMED, 0.7, 1.4);
  }

  private static OperatorCase extremes(String operation, BiFunction<Tensor, int[], Tensor> body) {
    return kept(operation, (x, _, axes) -> body.apply(x, axes), ALL, EXACT, -2, 2)
        .refusing(
            "empty",
            one(x -> body.apply(x, new int[] {1})),
            ShapeException.class,
            "no elements",
            Operand.of(3, 0));
  }

  private static OperatorCase tests(String operation, BiFunction<Tensor, int[], Tensor> body) {
    OperatorCase line = kept(operation, (x, _, axes) -> body.apply(x, axes), ALL, EXACT, -0.4, 0.4);
    return OperatorCase.of(line.operation(), line.samples())
        .sizedBy(line::sized)
        .dtypes(ALL)
        .tolerance(EXACT)
        .differentiable(Smoothness.NONE)
        .refusing(line.refusals());
  }

  /** Along all axes, one, several, none that is long; kept and not. */
  private static OperatorCase kept(
      String operation,
      Reduction body,
      Set<DType> dtypes,
      Tolerance tolerance,
      double low,
      double high) {
    Operand matrix = Operand.within(low, high, 5, 6);
    Operand cube = Operand.within(low, high, 3, 4, 5);
    return OperatorCase.of(
            operation,
            List.of(
                sample("vector", x -> body.of(x, true), Operand.within(low, high, 9)),
                sample("scalar", x -> body.of(x, true), Operand.within(low, high)),
                sample("all", x -> body.of(x, false), cube),
                sample("first", x -> body.of(x, false, 0), matrix),
                sample("last kept", x -> body.of(x, true, -1), matrix),
                sample("middle", x -> body.of(x, false, 1), cube),
                sample("outer kept", x -> body.of(x, true, -1, 0), cube),
                sample("first two", x -> body.of(x, false, 0, 1), cube),
                sample("last two", x -> body.of(x, false, 2, 1), cube),
                sample("size 1", x -> body.of(x, false, 1), Operand.within(low, high, 4, 1, 3)),
                sample("empty result", x -> body.of(x, false, 1), Operand.of(0, 3)),
                sample(
                    "alternate",
                    x -> body.of(x, true, 0, 2),
                    Operand.within(low, high, 3, 2, 4, 5)),
                sample(
                    "other alternate",
                    x -> body.of(x, false, 1, 3),
                    Operand.within(low, high, 3, 2, 4, 5))))
        .sizedBy(n -> sizes(n, (x, axis) -> body.of(x, false, axis), low, high))
        .dtypes(dtypes)
        .tolerance(tolerance)
        .differentiable(Smoothness.TWICE)
        .refusing("axis", one(x -> body.of(x, false, 2)), IndexException.class, "2", matrix)
        .refusing(
            "axis twice",
            one(x -> body.of(x, false, 0, -2)),
            ArgumentException.class,
            "twice",
            matrix);
  }

  /** So many elements along the reduced axis, and along the others; long ones in parts. */
  private static List<Sample> sizes(
      int n, BiFunction<Tensor, Integer, Tensor> body, double low, double high) {
    if (n > 1000) {
      return List.of(
          sample("wide", x -> body.apply(x, -1), Operand.within(low, high, n / 60, 60)),
          sample("tall", x -> body.apply(x, 0), Operand.within(low, high, 60, n / 60)));
    }
    return List.of(
        sample("vector of " + n, x -> body.apply(x, 0), Operand.within(low, high, n)),
        sample("rows of " + n, x -> body.apply(x, 1), Operand.within(low, high, 3, n)),
        sample("columns of " + n, x -> body.apply(x, 0), Operand.within(low, high, n, 3)),
        sample(n + " columns", x -> body.apply(x, 0), Operand.within(low, high, 3, n)));
  }

  private static OperatorCase alongAxis(
      String operation,
      BiFunction<Tensor, Integer, Tensor> body,
      Set<DType> dtypes,
      Tolerance tolerance) {
    Operand cube = Operand.within(-0.5, 2, 3, 4, 5);
    return OperatorCase.of(
            operation,
            List.of(
                sample("vector", x -> body.apply(x, 0), Operand.within(-0.5, 2, 9)),
                sample("first", x -> body.apply(x, 0), cube),
                sample("middle", x -> body.apply(x, 1), cube),
                sample("last", x -> body.apply(x, -1), cube),
                sample("size 1", x -> body.apply(x, 1), Operand.of(4, 1)),
                sample("empty result", x -> body.apply(x, 1), Operand.of(0, 3))))
        .sizedBy(n -> sizes(n, body, -0.5, 2))
        .dtypes(dtypes)
        .tolerance(tolerance)
        .differentiable(Smoothness.TWICE)
        .refusing("axis", one(x -> body.apply(x, 3)), IndexException.class, "3", cube);
  }

  private static OperatorCase running() {
    OperatorCase line = alongAxis("cumprod(int)", Tensor::cumprod, ALL, SUMMED);
    return OperatorCase.of(line.operation(), line.samples())
        .sizedBy(n -> sizes(n, Tensor::cumprod, 0.8, 1.25))
        .dtypes(ALL)
        .tolerance(SUMMED)
        .differentiable(Smoothness.TWICE)
        .refusing(line.refusals());
  }

  private static OperatorCase places(String operation, BiFunction<Tensor, Integer, Tensor> body) {
    OperatorCase line = alongAxis(operation, body, NUMBERS, EXACT);
    return OperatorCase.of(
            operation,
            operation.endsWith("()")
                ? line.samples().stream().filter(s -> !s.label().startsWith("empty")).toList()
                : line.samples())
        .sizedBy(line::sized)
        .dtypes(NUMBERS)
        .tolerance(EXACT)
        .differentiable(Smoothness.NONE)
        .refusing(operation.endsWith("()") ? List.of() : line.refusals())
        .refusing("empty", one(x -> body.apply(x, 0)), ShapeException.class, "empty", Operand.of(0))
        .refusing(
            "bool", one(x -> body.apply(x, 0)), DTypeException.class, "order", Operand.mask(4));
  }

  private static OperatorCase found(String operation, BiFunction<Tensor, Integer, Found> body) {
    Operand cube = Operand.of(3, 4, 5);
    return OperatorCase.of(
            operation,
            List.of(
                Sample.of("first", both(body, 0), cube),
                Sample.of("middle", both(body, 1), cube),
                Sample.of("last", both(body, -1), cube),
                Sample.of("vector", both(body, 0), Operand.of(9))))
        .sizedBy(n ->
            List.of(
                Sample.of("rows", both(body, 1), Operand.of(2, n)),
                Sample.of("columns", both(body, 0), Operand.of(n, 2))))
        .dtypes(NUMBERS)
        .tolerance(EXACT)
        .differentiable(Smoothness.TWICE);
  }

  private static Call both(BiFunction<Tensor, Integer, Found> body, int axis) {
    return (_, in) -> {
      Found found = body.apply(in.get(0), axis);
      return List.of(found.values(), found.indices());
    };
  }

  private static OperatorCase norms() {
    Operand matrix = Operand.within(0.3, 2, 4, 5);
    return kept(
            "norm(double, boolean, int...)",
            (x, keep, axes) -> x.norm(2, keep, axes),
            FLOATING,
            SUMMED,
            0.3,
            2)
        .alsoBy(
            sample("1", x -> x.norm(1, false, 1), matrix),
            sample("3", x -> x.norm(3, true, 0), matrix),
            sample("0.5", x -> x.norm(0.5, false), matrix),
            sample("largest", x -> x.norm(Double.POSITIVE_INFINITY, false, 1), matrix),
            sample("smallest", x -> x.norm(Double.NEGATIVE_INFINITY, false, 1), matrix),
            sample("not zero", x -> x.relu().norm(0, false, 1), Operand.of(4, 5)))
        .refusing(
            "negative",
            one(x -> x.norm(-1, false)),
            ArgumentException.class,
            "must not be negative",
            matrix);
  }
}
