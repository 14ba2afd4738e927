package dev.ladera.testkit.conformance;

import static dev.ladera.testkit.conformance.OperatorCase.ALL;
import static dev.ladera.testkit.conformance.OperatorCase.FLOATING;
import static dev.ladera.testkit.conformance.OperatorCase.INTEGER;
import static dev.ladera.testkit.conformance.OperatorCase.calling;
import static dev.ladera.testkit.conformance.Tolerance.EXACT;

import dev.ladera.DType;
import dev.ladera.Dispatcher;
import dev.ladera.Shape;
import dev.ladera.ShapeException;
import dev.ladera.Tensor;
import dev.ladera.op.BinaryOp;
import dev.ladera.op.Convolution;
import dev.ladera.op.Operator;
import dev.ladera.op.Pointwise;
import dev.ladera.op.Pool;
import dev.ladera.op.Primitive;
import dev.ladera.op.TensorType;
import dev.ladera.testkit.conformance.OperatorCase.Call;
import dev.ladera.testkit.conformance.OperatorCase.Sample;
import dev.ladera.testkit.conformance.OperatorCase.Smoothness;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** Operators that no method of a tensor stands for: mostly what gradients are made of. */
final class OperatorRecordCases {
  /** For sums over whole images, of terms that cancel. */
  private static final Tolerance LONG_SUMS = Tolerance.unitsOfLargest(128);

  private OperatorRecordCases() {}

  static List<OperatorCase> all() {
    List<OperatorCase> cases =
        new ArrayList<>(
            List.of(inputGradient(), weightGradient(), maxPoolGradient(), averagePoolGradient()));
    cases.addAll(primitives());
    cases.addAll(CompositeCases.all());
    return cases;
  }

  private static OperatorCase line(
      String name, Set<DType> dtypes, Tolerance tolerance, Sample... samples) {
    return OperatorCase.of(name + "(…)", List.of(samples))
        .dtypes(dtypes)
        .tolerance(tolerance)
        .differentiable(Smoothness.NONE);
  }

  private static final Convolution PLAIN =
      new Convolution(List.of(1, 1), List.of(0, 0), List.of(1, 1), 1);
  private static final Convolution UNEQUAL =
      new Convolution(List.of(2, 3), List.of(1, 2), List.of(2, 1), 1);
  private static final Convolution GROUPED =
      new Convolution(List.of(2, 1), List.of(1, 0), List.of(1, 2), 2);
  private static final Convolution SIGNAL = new Convolution(List.of(2), List.of(1), List.of(2), 1);
  private static final Convolution VOLUME =
      new Convolution(List.of(1, 2, 1), List.of(0, 1, 1), List.of(1, 1, 2), 1);

  /** Gradient and weight, for an input of these spatial sizes. */
  private static Sample toInput(String label, Convolution convolution, Shape input, Shape weight) {
    return gradient(
        label,
        new Convolution.InputGradient(convolution, input.slice(2, input.rank()).toList()),
        output(convolution, input, weight),
        weight);
  }

  /** Gradient and input, for a weight of these spatial sizes. */
  private static Sample toWeight(String label, Convolution convolution, Shape input, Shape weight) {
    return gradient(
        label,
        new Convolution.WeightGradient(convolution, weight.slice(2, weight.rank()).toList()),
        output(convolution, input, weight),
        input);
  }

  private static Sample gradient(String label, Operator operator, Shape first, Shape second) {
    return Sample.of(
        label,
        calling(operator),
        new Operand(first, null, -2, 2),
        new Operand(second, null, -2, 2));
  }

  private static Shape output(Convolution convolution, Shape input, Shape weight) {
    TensorType x = new TensorType(DType.FLOAT32, input);
    return convolution.infer(x, new TensorType(DType.FLOAT32, weight))[0].shape();
  }

  private static OperatorCase inputGradient() {
    return line(
            "Convolution.InputGradient",
            FLOATING,
            LinearAlgebraCases.PRODUCTS,
            toInput("image", PLAIN, Shape.of(2, 3, 7, 6), Shape.of(4, 3, 3, 2)),
            toInput("pointwise", PLAIN, Shape.of(2, 3, 5, 6), Shape.of(4, 3, 1, 1)),
            toInput("unequal", UNEQUAL, Shape.of(2, 3, 9, 11), Shape.of(4, 3, 3, 3)),
            toInput("what no window reaches", UNEQUAL, Shape.of(1, 2, 8, 12), Shape.of(3, 2, 2, 2)),
            toInput("groups", GROUPED, Shape.of(2, 4, 7, 8), Shape.of(6, 2, 3, 2)),
            toInput("signal", SIGNAL, Shape.of(2, 3, 12), Shape.of(4, 3, 3)),
            toInput("volume", VOLUME, Shape.of(1, 2, 3, 5, 6), Shape.of(3, 2, 2, 3, 2)),
            toInput("wide", PLAIN, Shape.of(1, 8, 20, 33), Shape.of(9, 8, 3, 3)))
        .refusing(
            "gradient",
            calling(new Convolution.InputGradient(PLAIN, List.of(5, 5))),
            ShapeException.class,
            "should have the output's shape",
            Operand.of(1, 4, 4, 4),
            Operand.of(4, 3, 3, 3));
  }

  private static OperatorCase weightGradient() {
    return line(
            "Convolution.WeightGradient",
            FLOATING,
            LONG_SUMS,
            toWeight("image", PLAIN, Shape.of(2, 3, 7, 6), Shape.of(4, 3, 3, 2)),
            toWeight("pointwise", PLAIN, Shape.of(2, 3, 5, 6), Shape.of(4, 3, 1, 1)),
            toWeight("unequal", UNEQUAL, Shape.of(2, 3, 9, 11), Shape.of(4, 3, 3, 3)),
            toWeight("groups", GROUPED, Shape.of(2, 4, 7, 8), Shape.of(6, 2, 3, 2)),
            toWeight("signal", SIGNAL, Shape.of(2, 3, 12), Shape.of(4, 3, 3)),
            toWeight("volume", VOLUME, Shape.of(1, 2, 3, 5, 6), Shape.of(3, 2, 2, 3, 2)),
            toWeight("no images", PLAIN, Shape.of(0, 3, 5, 6), Shape.of(4, 3, 3, 2)),
            toWeight("wide", PLAIN, Shape.of(2, 8, 20, 33), Shape.of(9, 8, 3, 3)))
        .refusing(
            "gradient",
            calling(new Convolution.WeightGradient(PLAIN, List.of(3, 3))),
            ShapeException.class,
            "should have the output's shape",
            Operand.of(1, 4, 4, 4),
            Operand.of(1, 3, 5, 5));
  }

  private static Pool pool(
      Pool.Kind kind,
      List<Integer> kernel,
      List<Integer> stride,
      List<Integer> padding,
      boolean ceilMode,
      boolean countIncludePad) {
    List<Integer> ones = kernel.stream().map(_ -> 1).toList();
    return new Pool(kind, kernel, stride, padding, ones, ceilMode, countIncludePad);
  }

  /** Pools the first input, and takes the second as the gradient of what comes out. */
  private static Sample maxGradient(String label, Pool pool, Shape input) {
    Call call =
        (_, in) -> {
          Tensor places = Dispatcher.callAll(pool, in.get(0))[1];
          return List.of(
              Dispatcher.call(
                  new Pool.Gradient(pool, input.slice(2, input.rank()).toList()),
                  in.get(1),
                  places));
        };
    return Sample.of(label, call, new Operand(input, null, -2, 2), pooled(pool, input));
  }

  private static Operand pooled(Pool pool, Shape input) {
    Shape shape = pool.infer(new TensorType(DType.FLOAT32, input))[0].shape();
    return new Operand(shape, null, -2, 2);
  }

  private static OperatorCase maxPoolGradient() {
    Pool.Kind max = Pool.Kind.MAX;
    Shape images = Shape.of(2, 3, 7, 6);
    return line(
        "Pool.Gradient of maxima",
        FLOATING,
        Tolerance.unitsOfLargest(4),
        maxGradient(
            "halves", pool(max, List.of(2, 2), List.of(2, 2), List.of(0, 0), false, false), images),
        maxGradient(
            "overlapping",
            pool(max, List.of(3, 3), List.of(1, 2), List.of(1, 1), false, false),
            images),
        maxGradient(
            "ceil", pool(max, List.of(2, 3), List.of(2, 2), List.of(0, 1), true, false), images),
        maxGradient(
            "signal",
            pool(max, List.of(3), List.of(2), List.of(1), false, false),
            Shape.of(2, 3, 9)),
        maxGradient(
            "volume",
            pool(max, List.of(2, 2, 2), List.of(1, 2, 1), List.of(0, 1, 0), false, false),
            Shape.of(1, 2, 3, 4, 5)));
  }

  private static Sample averageGradient(String label, Pool pool, Shape input) {
    return Sample.of(
        label,
        calling(new Pool.Gradient(pool, input.slice(2, input.rank()).toList())),
        pooled(pool, input));
  }

  private static OperatorCase averagePoolGradient() {
    Pool.Kind average = Pool.Kind.AVERAGE;
    Shape images = Shape.of(2, 3, 7, 6);
    return line(
        "Pool.Gradient of averages",
        FLOATING,
        Tolerance.unitsOfLargest(8),
        averageGradient(
            "halves",
            pool(average, List.of(2, 2), List.of(2, 2), List.of(0, 0), false, true),
            images),
        averageGradient(
            "padding counts",
            pool(average, List.of(3, 3), List.of(1, 2), List.of(1, 1), false, true),
            images),
        averageGradient(
            "padding does not count",
            pool(average, List.of(3, 3), List.of(2, 1), List.of(1, 1), false, false),
            images),
        averageGradient(
            "ceil", pool(average, List.of(2, 4), List.of(2, 3), List.of(1, 1), true, true), images),
        averageGradient(
            "signal",
            pool(average, List.of(3), List.of(2), List.of(1), true, false),
            Shape.of(2, 3, 8)),
        averageGradient(
            "volume",
            pool(average, List.of(2, 2, 2), List.of(1, 2, 1), List.of(0, 1, 0), false, true),
            Shape.of(1, 2, 3, 4, 5)));
  }

  private static List<OperatorCase> primitives() {
    Pointwise shift = Pointwise.of("shift", (a, b) -> a.apply(BinaryOp.SHIFT_RIGHT_UNSIGNED, b));
    return List.of(
        line(
            "Primitive.Pad between",
            ALL,
            EXACT,
            Sample.of(
                "matrix",
                calling(new Primitive.Pad(List.of(1, 0), List.of(0, 2), List.of(2, 1), 0.5)),
                Operand.of(3, 4)),
            Sample.of(
                "zeros",
                calling(new Primitive.Pad(List.of(2, 1), List.of(1, 0), List.of(1, 2), 0)),
                Operand.of(3, 4)),
            Sample.of(
                "one place",
                calling(new Primitive.Pad(List.of(0, 2), List.of(1, 0), List.of(3, 3), -1)),
                Operand.of(1, 1))),
        line(
            "Primitive.Reduce of no axes",
            OperatorCase.NUMBERS,
            EXACT,
            Sample.of(
                "sum",
                calling(new Primitive.Reduce(Primitive.Reduction.SUM, List.of(), false)),
                Operand.of(3, 4)),
            Sample.of(
                "largest",
                calling(new Primitive.Reduce(Primitive.Reduction.MAX, List.of(), true)),
                Operand.of(3, 4))),
        line(
            "BinaryOp.SHIFT_RIGHT_UNSIGNED",
            INTEGER,
            EXACT,
            Sample.of("matrix", calling(shift), Operand.of(5, 7), Operand.within(0, 7, 5, 7)),
            Sample.of(
                "negative", calling(shift), Operand.within(-9, -1, 20), Operand.within(0, 9, 20))),
        line(
            "Pointwise of one input twice",
            FLOATING,
            EXACT,
            Sample.of("square", (_, in) -> List.of(in.get(0).mul(in.get(0))), Operand.of(5, 7)),
            Sample.of(
                "with its transpose",
                (_, in) -> List.of(in.get(0).sub(in.get(0).t())),
                Operand.of(6, 6)),
            Sample.of(
                "with a row of itself",
                (_, in) -> List.of(in.get(0).add(in.get(0).select(0, 2))),
                Operand.of(5, 7)),
            Sample.of(
                "with itself reversed",
                (_, in) -> List.of(in.get(0).mul(in.get(0).flip(0, 1))),
                Operand.of(5, 7))));
  }
}
