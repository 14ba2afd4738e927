package dev.ladera.testkit.conformance;

import static dev.ladera.testkit.conformance.OperatorCase.NUMBERS;

import dev.ladera.DType;
import dev.ladera.DTypeException;
import dev.ladera.ShapeException;
import dev.ladera.testkit.conformance.OperatorCase.Call;
import dev.ladera.testkit.conformance.OperatorCase.Sample;
import dev.ladera.testkit.conformance.OperatorCase.Smoothness;
import java.util.List;
import java.util.function.IntFunction;

/** Products of vectors and matrices. */
final class LinearAlgebraCases {
  /** For sums of products: each backend has its own order. */
  static final Tolerance PRODUCTS = Tolerance.unitsOfLargest(32);

  private static final Call MATMUL = (_, in) -> List.of(in.get(0).matmul(in.get(1)));
  private static final Call DOT = (_, in) -> List.of(in.get(0).dot(in.get(1)));
  private static final Call OUTER = (_, in) -> List.of(in.get(0).outer(in.get(1)));
  private static final Call LINEAR = (_, in) -> List.of(in.get(0).linear(in.get(1), in.get(2)));

  private LinearAlgebraCases() {}

  static List<OperatorCase> all() {
    return List.of(matmul(), dot(), outer(), linear());
  }

  private static Sample product(String label, Operand left, Operand right) {
    return Sample.of(label, MATMUL, left, right);
  }

  private static OperatorCase matmul() {
    return line(
            "matmul(Tensor)",
            List.of(
                product("matrices", Operand.of(3, 4), Operand.of(4, 5)),
                product("vectors", Operand.of(6), Operand.of(6)),
                product("vector left", Operand.of(4), Operand.of(4, 5)),
                product("vector right", Operand.of(3, 4), Operand.of(4)),
                product("vector by batch", Operand.of(4), Operand.of(2, 4, 3)),
                product("batch by vector", Operand.of(2, 3, 4), Operand.of(4)),
                product("batches", Operand.of(2, 3, 4), Operand.of(2, 4, 2)),
                product("batch by matrix", Operand.of(2, 3, 4), Operand.of(4, 2)),
                product("matrix by batch", Operand.of(3, 4), Operand.of(2, 4, 2)),
                product("broadcast", Operand.of(2, 1, 3, 4), Operand.of(3, 4, 2)),
                product("crossed", Operand.of(3, 1, 2, 4), Operand.of(1, 2, 4, 3)),
                product("one column", Operand.of(5, 3), Operand.of(3, 1)),
                product("one row", Operand.of(1, 3), Operand.of(3, 5)),
                product("outer", Operand.of(5, 1), Operand.of(1, 4)),
                product("nothing to sum", Operand.of(3, 0), Operand.of(0, 2)),
                product("no rows", Operand.of(0, 3), Operand.of(3, 2)),
                product("no batch", Operand.of(0, 3, 2), Operand.of(2, 2)),
                product("deep", Operand.of(5, 531), Operand.of(531, 3)),
                product(
                    "types", Operand.of(3, 4).as(DType.INT32), Operand.of(4, 2).as(DType.FLOAT64)),
                Sample.of(
                    "of transposes",
                    (_, in) -> List.of(in.get(0).t().matmul(in.get(1).t())),
                    Operand.of(4, 3),
                    Operand.of(5, 4)),
                Sample.of(
                    "by itself transposed",
                    (_, in) -> List.of(in.get(0).matmul(in.get(0).t())),
                    Operand.of(6, 7))),
            n ->
                n > 1000
                    ? List.of(product("square", Operand.of(316, 40), Operand.of(40, 316)))
                    : List.of(
                        product(n + " rows", Operand.of(n, 3), Operand.of(3, 4)),
                        product(n + " columns", Operand.of(3, 5), Operand.of(5, n)),
                        product(n + " to sum", Operand.of(2, n), Operand.of(n, 3)),
                        product(n + " both", Operand.of(n, 2), Operand.of(2, n))))
        .refusing(
            "inner sizes",
            MATMUL,
            ShapeException.class,
            "inner sizes differ: left (2, 3) has 3 columns, right (4, 5) has 4 rows",
            Operand.of(2, 3),
            Operand.of(4, 5))
        .refusing(
            "hint",
            MATMUL,
            ShapeException.class,
            "transpose right",
            Operand.of(2, 3),
            Operand.of(5, 3))
        .refusing(
            "scalar",
            MATMUL,
            ShapeException.class,
            "use mul for scalars",
            Operand.of(),
            Operand.of(2, 2))
        .refusing(
            "batches",
            MATMUL,
            ShapeException.class,
            "left (2, 3, 4) and right (3, 4, 5) do not broadcast: axis -3",
            Operand.of(2, 3, 4),
            Operand.of(3, 4, 5))
        .refusing(
            "bool",
            MATMUL,
            DTypeException.class,
            "bool has no product",
            Operand.mask(2, 2),
            Operand.mask(2, 2));
  }

  private static OperatorCase dot() {
    return line(
            "dot(Tensor)",
            List.of(
                Sample.of("vectors", DOT, Operand.of(7), Operand.of(7)),
                Sample.of("empty", DOT, Operand.of(0), Operand.of(0))),
            n ->
                List.of(
                    Sample.of(
                        "size " + n, DOT, Operand.within(-0.5, 2, n), Operand.within(-0.5, 2, n))))
        .refusing(
            "matrix", DOT, ShapeException.class, "must be vectors", Operand.of(2, 2), Operand.of(2))
        .refusing(
            "lengths",
            DOT,
            ShapeException.class,
            "inner sizes differ",
            Operand.of(3),
            Operand.of(2));
  }

  private static OperatorCase outer() {
    return line(
            "outer(Tensor)",
            List.of(
                Sample.of("vectors", OUTER, Operand.of(4), Operand.of(5)),
                Sample.of("empty", OUTER, Operand.of(0), Operand.of(5))),
            n -> List.of(Sample.of("size " + n, OUTER, Operand.of(3), Operand.of(n))))
        .refusing(
            "matrix",
            OUTER,
            ShapeException.class,
            "must be vectors",
            Operand.of(2, 2),
            Operand.of(2));
  }

  private static OperatorCase linear() {
    return line(
            "linear(Tensor, Tensor)",
            List.of(
                Sample.of("matrix", LINEAR, Operand.of(3, 4), Operand.of(5, 4), Operand.of(5)),
                Sample.of("vector", LINEAR, Operand.of(4), Operand.of(5, 4), Operand.of(5)),
                Sample.of("batch", LINEAR, Operand.of(2, 3, 4), Operand.of(5, 4), Operand.of(5)),
                Sample.of(
                    "no bias",
                    (_, in) -> List.of(in.get(0).linear(in.get(1), null)),
                    Operand.of(3, 4),
                    Operand.of(5, 4))),
            n ->
                n > 1000
                    ? List.of(
                        Sample.of(
                            "large",
                            LINEAR,
                            Operand.of(100, 30),
                            Operand.of(1000, 30),
                            Operand.of(1000)))
                    : List.of(
                        Sample.of(
                            n + " outputs",
                            LINEAR,
                            Operand.of(3, 2),
                            Operand.of(n, 2),
                            Operand.of(n)),
                        Sample.of(
                            n + " inputs",
                            LINEAR,
                            Operand.of(3, n),
                            Operand.of(2, n),
                            Operand.of(2))))
        .refusing(
            "sizes",
            LINEAR,
            ShapeException.class,
            "input (3, 4) must have 3 features along its last axis, for weight (5, 3)",
            Operand.of(3, 4),
            Operand.of(5, 3),
            Operand.of(5));
  }

  private static OperatorCase line(
      String operation, List<Sample> samples, IntFunction<List<Sample>> sized) {
    return OperatorCase.of(operation, samples)
        .sizedBy(sized)
        .dtypes(NUMBERS)
        .tolerance(PRODUCTS)
        .differentiable(Smoothness.TWICE);
  }
}
