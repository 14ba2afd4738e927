package dev.ladera.testkit.conformance;

import static dev.ladera.testkit.conformance.OperatorCase.ALL;
import static dev.ladera.testkit.conformance.OperatorCase.NUMBERS;
import static dev.ladera.testkit.conformance.Tolerance.EXACT;

import dev.ladera.ArgumentException;
import dev.ladera.DType;
import dev.ladera.IndexException;
import dev.ladera.LaderaException;
import dev.ladera.Shape;
import dev.ladera.ShapeException;
import dev.ladera.Tensor;
import dev.ladera.testkit.conformance.OperatorCase.Call;
import dev.ladera.testkit.conformance.OperatorCase.Sample;
import dev.ladera.testkit.conformance.OperatorCase.Smoothness;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.function.UnaryOperator;

/** Operations on axes. Views are computed with, so that kernels meet their layouts. */
final class ShapeCases {
  private static final Operand MATRIX = Operand.of(4, 6);
  private static final Operand CUBE = Operand.of(2, 3, 4);

  private ShapeCases() {}

  static List<OperatorCase> all() {
    List<OperatorCase> cases = new ArrayList<>(arrangements());
    cases.addAll(parts());
    cases.addAll(surroundings());
    return cases;
  }

  private static List<OperatorCase> arrangements() {
    return List.of(
        line(
                "reshape(int...)",
                x -> x.reshape(3, -1),
                Operand.of(4, 3),
                0,
                by("of a transposed view", x -> x.t().reshape(3, -1), Operand.of(4, 6)),
                by("of a slice", x -> x.slice(1, 1, 5, 2).reshape(8), MATRIX),
                by("empty", x -> x.reshape(3, 0), Operand.of(0, 2)),
                by("scalar", x -> x.reshape(1, 1), Operand.of()))
            .refusing(
                "elements", call(x -> x.reshape(5, 5)), ShapeException.class, "(4, 6)", MATRIX)
            .refusing(
                "two open",
                call(x -> x.reshape(-1, -1)),
                ArgumentException.class,
                "only one size",
                MATRIX)
            .refusing(
                "no divisor", call(x -> x.reshape(-1, 7)), ShapeException.class, "24", MATRIX),
        line(
            "reshape(Shape)",
            x -> x.reshape(Shape.of(2, (int) x.elements() / 2)),
            Operand.of(3, 4),
            0),
        line("flatten()", Tensor::flatten, CUBE, 1, by("scalar", Tensor::flatten, Operand.of())),
        line(
                "flatten(int, int)",
                x -> x.flatten(1, -1),
                CUBE,
                2,
                by("first two", x -> x.flatten(0, 1), CUBE),
                by("permuted", x -> x.permute(2, 0, 1).flatten(0, 1), CUBE))
            .refusing(
                "crossed",
                call(x -> x.flatten(2, 1)),
                ArgumentException.class,
                "lies before",
                CUBE),
        line(
                "permute(int...)",
                x -> x.permute(2, 0, 1),
                CUBE,
                2,
                by("negative", x -> x.permute(-1, -3, -2), CUBE))
            .refusing(
                "twice", call(x -> x.permute(0, 0, 1)), LaderaException.class, "permute", CUBE),
        line("transpose(int, int)", x -> x.transpose(0, -1), CUBE, 1)
            .refusing("axis", call(x -> x.transpose(0, 3)), IndexException.class, "3", CUBE),
        line(
            "t()",
            Tensor::t,
            MATRIX,
            1,
            by("cube", Tensor::t, CUBE),
            by("vector", Tensor::t, Operand.of(3))),
        line("squeeze()", Tensor::squeeze, Operand.of(1, 3, 1, 2), 1),
        line(
            "squeeze(int)",
            x -> x.squeeze(-2),
            Operand.of(3, 1, 2),
            2,
            by("not 1", x -> x.squeeze(0), MATRIX)),
        line(
                "unsqueeze(int)",
                x -> x.unsqueeze(1),
                MATRIX,
                1,
                by("last", x -> x.unsqueeze(-1), MATRIX),
                by("scalar", x -> x.unsqueeze(0), Operand.of()))
            .refusing(
                "place",
                call(x -> x.unsqueeze(4)),
                IndexException.class,
                "no place for a new axis",
                MATRIX),
        line(
                "expand(int...)",
                x -> x.expand(2, -1, 5),
                Operand.of(3, 1),
                0,
                by("kept", x -> x.expand(-1, 4), Operand.of(3, 1)),
                by("to nothing", x -> x.expand(0, 3), Operand.of(1, 3)))
            .refusing("size", call(x -> x.expand(4, 7)), ShapeException.class, "(4, 6)", MATRIX),
        line("expand(Shape)", x -> x.expand(Shape.of(2).concat(x.shape())), Operand.of(3), 0),
        line("flip(int...)", x -> x.flip(0, -1), CUBE, 2, by("one", x -> x.flip(1), CUBE)),
        line(
                "sumTo(Shape)",
                x -> x.sumTo(Shape.of(3, 1)),
                Operand.within(-0.5, 2, 2, 3, 4),
                2,
                NUMBERS,
                Tolerance.unitsOfLargest(64),
                by("scalar", x -> x.sumTo(Shape.SCALAR), Operand.within(-0.5, 2, 3, 4)),
                by("same", x -> x.sumTo(x.shape()), CUBE))
            .refusing(
                "shape",
                call(x -> x.sumTo(Shape.of(5))),
                ShapeException.class,
                "does not broadcast",
                CUBE));
  }

  private static List<OperatorCase> parts() {
    return List.of(
        line(
            "slice(int, int, int)",
            x -> x.slice(-1, 1, -1),
            MATRIX,
            1,
            by("clipped", x -> x.slice(0, -100, 100), MATRIX),
            by("empty", x -> x.slice(0, 3, 1), MATRIX)),
        line(
                "slice(int, int, int, int)",
                x -> x.slice(1, 1, 6, 2),
                MATRIX,
                0,
                by("backwards", x -> x.slice(1, -1, -7, -1), MATRIX),
                by("backwards by 3", x -> x.slice(1, 5, 0, -3), MATRIX),
                by("of a slice", x -> x.slice(1, 5, 0, -2).slice(0, 0, 4, 3), MATRIX),
                by("empty backwards", x -> x.slice(0, 1, 3, -1), MATRIX))
            .refusing(
                "step",
                call(x -> x.slice(0, 0, 2, 0)),
                ArgumentException.class,
                "must not be 0",
                MATRIX),
        line("narrow(int, int, int)", x -> x.narrow(1, -4, 3), MATRIX, 0)
            .refusing("length", call(x -> x.narrow(1, 4, 3)), LaderaException.class, "6", MATRIX),
        line(
                "select(int, int)",
                x -> x.select(1, -2),
                CUBE,
                2,
                by("to a scalar", x -> x.select(0, 3), Operand.of(5)))
            .refusing(
                "index",
                call(x -> x.select(0, 4)),
                IndexException.class,
                "index 4 is outside axis 0",
                MATRIX),
        several("split(int, int)", x -> x.split(4, 1), MATRIX, 0)
            .refusing(
                "size",
                call(x -> x.split(0, 1).getFirst()),
                ArgumentException.class,
                "at least 1",
                MATRIX),
        several("chunk(int, int)", x -> x.chunk(4, 1), MATRIX, 0)
            .refusing(
                "parts",
                call(x -> x.chunk(0, 1).getFirst()),
                ArgumentException.class,
                "at least 1",
                MATRIX),
        several("unbind(int)", x -> x.unbind(1), Operand.of(2, 3), 0),
        line(
            "roll(int, int)",
            x -> x.roll(2, 1),
            MATRIX,
            1,
            by("back", x -> x.roll(-7, 0), MATRIX)));
  }

  private static List<OperatorCase> surroundings() {
    Call join = (_, in) -> List.of(Tensor.concat(-1, in.toArray(new Tensor[0])));
    Call stack = (_, in) -> List.of(Tensor.stack(1, in.toArray(new Tensor[0])));
    return List.of(
        line(
                "pad(double, int...)",
                x -> x.pad(0.75, 1, 2, 0, 1),
                MATRIX,
                1,
                by("cut", x -> x.pad(2, -1, 3, 1, -2), MATRIX),
                by("last axis", x -> x.pad(-1, 0, 2), CUBE),
                by("around nothing", x -> x.pad(3, 2, 1), Operand.of(0)))
            .refusing("cut", call(x -> x.pad(0, -4, -3)), ShapeException.class, "cut more", MATRIX)
            .refusing("odd", call(x -> x.pad(0, 1)), ArgumentException.class, "pairs", MATRIX),
        line(
                "repeat(int...)",
                x -> x.repeat(2, 1, 3),
                Operand.of(2, 3),
                1,
                by("not at all", x -> x.repeat(0), Operand.of(3)))
            .refusing("times", call(x -> x.repeat(2)), ArgumentException.class, "times", MATRIX),
        line(
                "tril(int)",
                x -> x.tril(0),
                CUBE,
                2,
                by("above", x -> x.tril(2), MATRIX),
                by("below", x -> x.tril(-2), MATRIX))
            .refusing(
                "vector", call(x -> x.tril(0)), ShapeException.class, "no matrices", Operand.of(3)),
        line(
            "triu(int)",
            x -> x.triu(0),
            CUBE,
            1,
            by("above", x -> x.triu(2), MATRIX),
            by("below", x -> x.triu(-2), MATRIX)),
        OperatorCase.of(
                "concat(int, Tensor[])",
                List.of(
                    Sample.of("three", join, Operand.of(2, 3), Operand.of(2, 1), Operand.of(2, 4)),
                    Sample.of("one", join, Operand.of(3)),
                    Sample.of("with nothing", join, Operand.of(2, 0), Operand.of(2, 2)),
                    Sample.of(
                        "first axis",
                        (_, in) -> List.of(Tensor.concat(0, in.get(0), in.get(1), in.get(0))),
                        Operand.of(2, 3),
                        Operand.of(4, 3)),
                    Sample.of(
                        "types",
                        join,
                        Operand.of(3).as(DType.INT32),
                        Operand.of(2).as(DType.FLOAT32))))
            .sizedBy(n ->
                List.of(
                    Sample.of("vectors of " + n, join, Operand.of(n), Operand.of(n)),
                    Sample.of("rows of " + n, join, Operand.of(2, n), Operand.of(2, 3))))
            .dtypes(ALL)
            .tolerance(EXACT)
            .differentiable(Smoothness.TWICE)
            .refusing(
                "shapes",
                join,
                ShapeException.class,
                "differ off axis",
                Operand.of(2, 3),
                Operand.of(3, 3)),
        OperatorCase.of(
                "stack(int, Tensor[])",
                List.of(
                    Sample.of("three", stack, Operand.of(2, 3), Operand.of(2, 3), Operand.of(2, 3)),
                    Sample.of(
                        "scalars",
                        (_, in) -> List.of(Tensor.stack(-1, in.get(0), in.get(1))),
                        Operand.of(),
                        Operand.of())))
            .sizedBy(n -> List.of(Sample.of("size " + n, stack, Operand.of(n), Operand.of(n))))
            .dtypes(ALL)
            .tolerance(EXACT)
            .differentiable(Smoothness.TWICE)
            .refusing(
                "shapes",
                stack,
                ShapeException.class,
                "must have one shape",
                Operand.of(2, 3),
                Operand.of(3, 2)));
  }

  private static Call call(UnaryOperator<Tensor> body) {
    return (_, in) -> List.of(body.apply(in.get(0)));
  }

  private static Sample by(String label, UnaryOperator<Tensor> body, Operand operand) {
    return Sample.of(label, (_, in) -> computed(List.of(body.apply(in.get(0)))), operand);
  }

  /** The operand with n places along an axis, or with about n elements if that is many. */
  private static Operand grown(Operand operand, int axis, int n) {
    long others = operand.shape().without(axis).elements();
    int size = n > 1000 ? (int) (n / others) : n;
    return new Operand(
        operand.shape().with(axis, size), operand.dtype(), operand.low(), operand.high());
  }

  /** The views, and something computed from each. */
  private static List<Tensor> computed(List<Tensor> views) {
    List<Tensor> results = new ArrayList<>(views);
    views.forEach(view -> results.add(view.mul(view)));
    return results;
  }

  private static OperatorCase line(
      String operation, UnaryOperator<Tensor> body, Operand operand, int grows, Sample... further) {
    return line(operation, body, operand, grows, ALL, EXACT, further);
  }

  private static OperatorCase line(
      String operation,
      UnaryOperator<Tensor> body,
      Operand operand,
      int grows,
      Set<DType> dtypes,
      Tolerance tolerance,
      Sample... further) {
    return OperatorCase.of(operation, List.of(by("plain", body, operand)))
        .sizedBy(n -> List.of(by("size " + n, body, grown(operand, grows, n))))
        .dtypes(dtypes)
        .tolerance(tolerance)
        .differentiable(Smoothness.TWICE)
        .alsoBy(further);
  }

  private static OperatorCase several(
      String operation, Function<Tensor, List<Tensor>> body, Operand operand, int grows) {
    Call call = (_, in) -> computed(body.apply(in.get(0)));
    return OperatorCase.of(operation, List.of(Sample.of("plain", call, operand)))
        .sizedBy(n -> List.of(Sample.of("size " + n, call, grown(operand, grows, n))))
        .dtypes(ALL)
        .tolerance(EXACT)
        .differentiable(Smoothness.TWICE);
  }
}
