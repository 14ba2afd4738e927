package dev.ladera.autograd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.ladera.DType;
import dev.ladera.Dispatcher;
import dev.ladera.Shape;
import dev.ladera.Tensor;
import dev.ladera.op.BinaryOp;
import dev.ladera.op.Expr;
import dev.ladera.op.Pointwise;
import dev.ladera.op.Signature;
import dev.ladera.op.TensorType;
import dev.ladera.op.UnaryOp;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What the differentiation of an expression answers, found anew in each test. */
class ExpressionGradientTest {
  private static final int OUTPUT = ExpressionGradient.OUTPUT;
  private static final int GRADIENT = ExpressionGradient.GRADIENT;

  private final ExpressionGradient.Table table = new ExpressionGradient.Table();

  private ExpressionGradient of(Pointwise operator, int input) {
    return table.find(operator, input, DType.FLOAT64);
  }

  private static Tensor scalar(double value) {
    return Tensor.scalar(value, DType.FLOAT64);
  }

  /** The gradient at a point, where that of the output is {@code g}. */
  private double at(Pointwise operator, int input, double g, double... point) {
    ExpressionGradient gradient = of(operator, input);
    if (gradient.isZero()) {
      return 0;
    }
    Tensor[] inputs = new Tensor[point.length];
    for (int i = 0; i < point.length; i++) {
      inputs[i] = scalar(point[i]);
    }
    List<Tensor> operands = new ArrayList<>();
    for (int operand : gradient.operands()) {
      operands.add(
          operand == OUTPUT
              ? Dispatcher.call(operator, inputs)
              : operand == GRADIENT ? scalar(g) : inputs[operand]);
    }
    return Dispatcher.call(gradient.body().withNumbersOf(operator), operands.toArray(new Tensor[0]))
        .item();
  }

  private static double value(Pointwise operator, double... point) {
    Tensor[] inputs = new Tensor[point.length];
    for (int i = 0; i < point.length; i++) {
      inputs[i] = scalar(point[i]);
    }
    return Dispatcher.call(operator, inputs).item();
  }

  private void matchesDifferences(Pointwise operator, double... point) {
    double step = 1e-5;
    for (int input = 0; input < point.length; input++) {
      double[] low = point.clone();
      double[] high = point.clone();
      low[input] -= step;
      high[input] += step;
      double difference = (value(operator, high) - value(operator, low)) / (2 * step);
      assertThat(at(operator, input, 3, point))
          .as("%s with respect to input %d", operator.body(), input)
          .isCloseTo(3 * difference, within(1e-7));
    }
  }

  /** The steps that the gradient with respect to input 0 takes. */
  private int steps(Pointwise operator) {
    ExpressionGradient gradient = of(operator, 0);
    TensorType[] types = new TensorType[gradient.operands().size()];
    Arrays.fill(types, new TensorType(DType.FLOAT64, Shape.SCALAR));
    return gradient.body().program(Signature.of(types)).steps().size();
  }

  @Test
  void everyFunctionOfOneArgumentHasItsDerivative() {
    for (UnaryOp op : UnaryOp.values()) {
      if (op.kind() == UnaryOp.Kind.NUMERIC || op.kind() == UnaryOp.Kind.FLOATING) {
        Pointwise operator = Pointwise.of(op.name(), x -> x.apply(op));
        matchesDifferences(operator, 0.3);
        if (op != UnaryOp.LOG && op != UnaryOp.SQRT && op != UnaryOp.RSQRT) {
          matchesDifferences(operator, -0.7);
        }
      }
    }
  }

  @Test
  void everyFunctionOfTwoArgumentsHasItsDerivatives() {
    for (BinaryOp op : BinaryOp.values()) {
      if (op.kind() == BinaryOp.Kind.NUMERIC || op.kind() == BinaryOp.Kind.FLOATING) {
        Pointwise operator = Pointwise.of(op.name(), (a, b) -> a.apply(op, b));
        matchesDifferences(operator, 2.3, 0.7);
        matchesDifferences(operator, 0.7, 2.3);
        if (op != BinaryOp.POW) {
          matchesDifferences(operator, -2.3, 0.7);
        }
      }
    }
  }

  @Test
  void whatIsEasilySaidByTheOutputKeepsOnlyTheOutput() {
    assertThat(of(Pointwise.of("exp", x -> x.exp()), 0).operands())
        .containsExactlyInAnyOrder(GRADIENT, OUTPUT);
    assertThat(of(Pointwise.of("log", x -> x.log()), 0).operands())
        .containsExactlyInAnyOrder(GRADIENT, 0);
    // Inside of another function the value is computed again.
    assertThat(of(Pointwise.of("op", x -> x.exp().sin()), 0).operands())
        .containsExactlyInAnyOrder(GRADIENT, 0);
  }

  @Test
  void onlyTheOperandsThatAreReadAreKept() {
    Pointwise product = Pointwise.of("mul", (a, b) -> a.mul(b));
    assertThat(of(product, 0).operands()).containsExactlyInAnyOrder(GRADIENT, 1);
    assertThat(of(product, 1).operands()).containsExactlyInAnyOrder(GRADIENT, 0);
    Pointwise chosen = Pointwise.of("where", 3, x -> Expr.where(x.get(0), x.get(1), x.get(2)));
    assertThat(of(chosen, 1).operands()).containsExactlyInAnyOrder(GRADIENT, 0);
  }

  @Test
  void operandsThatAreReadOnlyThroughAConversionCountToo() {
    Pointwise product = Pointwise.of("op", (a, b) -> a.mul(b.to(DType.FLOAT32)));
    assertThat(of(product, 0).operands()).containsExactlyInAnyOrder(GRADIENT, 1);
    assertThat(at(product, 0, 3, 5, 7)).isEqualTo(21);
  }

  @Test
  void onlyASelectionWithZeroGuardsABranch() {
    // The derivative of a maximum is a selection between others than zero, or with zero inside.
    Pointwise max = Pointwise.of("op", (a, b) -> a.mul(2.0).max(b).mul(a));
    matchesDifferences(max, 0.7, 0.3);
    matchesDifferences(max, 0.7, 2.3);
    Pointwise pow = Pointwise.of("op", (a, b) -> a.sqrt().pow(b));
    assertThat(at(pow, 0, 3, 0, 0)).isZero();
    matchesDifferences(pow, 0.7, 2.3);
  }

  @Test
  void aGradientThatIsTheOutputsIsKnownAsSuch() {
    assertThat(of(Pointwise.of("add", (a, b) -> a.add(b)), 0).isIdentity()).isTrue();
    assertThat(of(Pointwise.of("add", (a, b) -> a.add(b)), 1).isIdentity()).isTrue();
    assertThat(of(Pointwise.of("sub", (a, b) -> a.sub(b)), 0).isIdentity()).isTrue();
    assertThat(of(Pointwise.of("sub", (a, b) -> a.sub(b)), 1).isIdentity()).isFalse();
    assertThat(of(Pointwise.of("copy", x -> x), 0).isIdentity()).isTrue();
    assertThat(of(Pointwise.of("scale", x -> x.mul(2)), 0).isIdentity()).isFalse();
    assertThat(of(Pointwise.of("mul", (a, b) -> a.mul(b)), 0).isIdentity()).isFalse();
  }

  @Test
  void aGradientThatIsZeroEverywhereIsKnownAsSuch() {
    assertThat(of(Pointwise.of("floor", x -> x.apply(UnaryOp.FLOOR)), 0).isZero()).isTrue();
    assertThat(of(Pointwise.of("second", (_, b) -> b), 0).isZero()).isTrue();
    assertThat(of(Pointwise.of("one", x -> Expr.of(1.0)), 0).isZero()).isTrue();
    assertThat(of(Pointwise.of("chosen", (a, b) -> Expr.where(a, b, Expr.of(0.0))), 0).isZero())
        .isTrue();
    assertThat(of(Pointwise.of("cut", x -> x.to(DType.INT64).to(DType.FLOAT64)), 0).isZero())
        .isTrue();
    assertThat(
            of(Pointwise.of("floored", x -> x.gt(0).and(x.apply(UnaryOp.SIGN).lt(1))), 0).isZero())
        .isTrue();
    assertThat(of(Pointwise.of("neg", x -> x.neg()), 0).isZero()).isFalse();
  }

  @Test
  void everyPathFromAnInputCounts() {
    matchesDifferences(Pointwise.of("op", x -> x.mul(x).mul(x.sin())), 0.7);
    matchesDifferences(
        Pointwise.of(
            "op",
            x -> {
              Expr shared = x.exp();
              return shared.mul(shared).add(shared.sin());
            }),
        0.4);
    matchesDifferences(Pointwise.of("op", (a, b) -> a.div(b).add(b.mul(a.cos()))), 0.4, 1.3);
  }

  @Test
  void numbersAreThoseOfTheOperatorThatIsDifferentiated() {
    Pointwise scale = Pointwise.of("scale", x -> x.mul(2.0).add(x.mul(x).mul(3.0)));
    assertThat(at(scale, 0, 1, 5)).isEqualTo(2 + 6 * 5);
    assertThat(at(scale.with(10.0, 100.0), 0, 1, 5)).isEqualTo(10 + 200 * 5);
  }

  @Test
  void anExpressionIsDifferentiatedOnceForAllItsNumbers() {
    Pointwise scale = Pointwise.of("scale", x -> x.mul(2.0));
    ExpressionGradient first = of(scale, 0);
    assertThat(of(scale.with(3.0), 0)).isSameAs(first);
    assertThat(table.find(scale, 0, DType.FLOAT32)).isNotSameAs(first);
    Pointwise product = Pointwise.of("mul", (a, b) -> a.mul(b));
    assertThat(of(product, 0)).isNotSameAs(of(product, 1));
  }

  @Test
  void aGradientHasItsInputsType() {
    Pointwise product = Pointwise.of("mul", (a, b) -> a.mul(b));
    ExpressionGradient gradient = table.find(product, 0, DType.FLOAT32);
    Tensor[] operands = new Tensor[2];
    operands[gradient.operands().indexOf(GRADIENT)] = scalar(3);
    operands[gradient.operands().indexOf(1)] = scalar(5);
    assertThat(Dispatcher.call(gradient.body(), operands).dtype()).isEqualTo(DType.FLOAT32);
    assertThat(gradient.body().name()).isEqualTo("mulGradient");
  }

  @Test
  void conversionsBetweenFloatingTypesPassTheGradient() {
    matchesDifferences(Pointwise.of("op", x -> x.to(DType.FLOAT64).mul(x)), 0.7);
    Pointwise halves = Pointwise.of("op", x -> x.to(DType.FLOAT32).to(DType.FLOAT64).mul(2.0));
    assertThat(at(halves, 0, 3, 0.7)).isEqualTo(6);
    // Only the second path counts: the first leads through an integer.
    Pointwise cut = Pointwise.of("op", x -> x.to(DType.INT64).add(x.mul(x)));
    assertThat(at(cut, 0, 1, 3)).isEqualTo(6);
  }

  @Test
  void onlyTheBranchTakenPassesTheGradient() {
    Pointwise branches = Pointwise.of("op", x -> Expr.where(x.gt(1), x.mul(x), x.sin()));
    matchesDifferences(branches, 2.5);
    matchesDifferences(branches, 0.5);
    Pointwise nested =
        Pointwise.of(
            "op", x -> Expr.where(x.gt(1), Expr.where(x.gt(2), x.exp(), x.mul(7.0)), x.neg()));
    matchesDifferences(nested, 2.5);
    matchesDifferences(nested, 1.5);
    matchesDifferences(nested, 0.5);
  }

  @Test
  void aBranchThatIsNotTakenMakesNoNan() {
    // √ and log have infinite derivatives at 0, where the other branch is taken.
    Pointwise yes = Pointwise.of("op", x -> Expr.where(x.gt(0), x.mul(3.0).sqrt(), x.mul(2.0)));
    assertThat(at(yes, 0, 1, 0)).isEqualTo(2);
    assertThat(at(yes, 0, 1, 3)).isEqualTo(0.5);
    Pointwise no = Pointwise.of("op", x -> Expr.where(x.le(0), x.mul(2.0), x.mul(4.0).sqrt()));
    assertThat(at(no, 0, 1, 0)).isEqualTo(2);
    assertThat(at(no, 0, 1, 4)).isEqualTo(0.5);
  }

  @Test
  void norDoesOneThatLeadsThereOnSeveralPaths() {
    Pointwise twice =
        Pointwise.of(
            "op",
            x -> {
              Expr root = x.sqrt();
              return Expr.where(x.gt(0), root.log().mul(root), x);
            });
    assertThat(at(twice, 0, 5, 0)).isEqualTo(5);
    matchesDifferences(twice, 0.7);
    Pointwise otherwise =
        Pointwise.of(
            "op",
            x -> {
              Expr root = x.sqrt();
              return Expr.where(x.le(0), x, root.log().mul(root));
            });
    assertThat(at(otherwise, 0, 5, 0)).isEqualTo(5);
    matchesDifferences(otherwise, 0.7);
    Pointwise byTwoConditions =
        Pointwise.of(
            "op",
            x -> {
              Expr root = x.sqrt();
              Expr small = Expr.where(x.gt(0), root, Expr.of(0.0));
              Expr large = Expr.where(x.gt(1), root.mul(root).mul(3.0), Expr.of(0.0));
              return small.add(large);
            });
    assertThat(at(byTwoConditions, 0, 5, 0)).isZero();
    matchesDifferences(byTwoConditions, 0.7);
    matchesDifferences(byTwoConditions, 1.7);
    Pointwise andOutside =
        Pointwise.of(
            "op",
            x -> {
              Expr square = x.mul(x);
              return Expr.where(x.gt(0), square.sqrt(), Expr.of(0.0)).add(square.mul(3.0));
            });
    assertThat(at(andOutside, 0, 5, 0)).isZero();
    matchesDifferences(andOutside, 0.7);
    matchesDifferences(andOutside, -0.7);
  }

  @Test
  void aGradientDoesNotGrowWithTheNumberOfPaths() {
    Pointwise powers =
        Pointwise.of(
            "op",
            x -> {
              Expr power = x;
              for (int i = 0; i < 8; i++) {
                power = power.mul(power);
              }
              Expr large = Expr.where(x.gt(2), power, Expr.of(0.0));
              return Expr.where(x.gt(0), power, Expr.of(0.0)).add(large);
            });
    assertThat(at(powers, 0, 1, 1)).isEqualTo(256);
    assertThat(steps(powers)).isLessThan(80);
  }

  @Test
  void norWithTheNumberOfChoices() {
    Pointwise leaky =
        Pointwise.of(
            "op",
            x -> {
              Expr value = x;
              for (int i = 0; i < 6; i++) {
                value = Expr.where(value.gt(0), value.mul(3.0), value.mul(0.5));
              }
              return value;
            });
    assertThat(at(leaky, 0, 1, 2)).isEqualTo(729);
    assertThat(at(leaky, 0, 1, -2)).isEqualTo(1.0 / 64);
    assertThat(steps(leaky)).isLessThan(80);
    Pointwise nested =
        Pointwise.of(
            "op",
            x ->
                Expr.where(
                    x.gt(1),
                    Expr.where(x.gt(2), x.mul(3.0), x.mul(5.0)),
                    Expr.where(x.gt(0), x.mul(7.0), x.mul(9.0))));
    assertThat(at(nested, 0, 1, 2.5)).isEqualTo(3);
    assertThat(at(nested, 0, 1, 1.5)).isEqualTo(5);
    assertThat(at(nested, 0, 1, 0.5)).isEqualTo(7);
    assertThat(at(nested, 0, 1, -1)).isEqualTo(9);
  }

  @Test
  void aFlatFunctionInsideABranchPassesNothing() {
    Pointwise yes =
        Pointwise.of("op", x -> Expr.where(x.gt(0), x.apply(UnaryOp.FLOOR), Expr.of(1.0)));
    assertThat(of(yes, 0).isZero()).isTrue();
    Pointwise no =
        Pointwise.of("op", x -> Expr.where(x.gt(0), Expr.of(1.0), x.apply(UnaryOp.FLOOR)));
    assertThat(of(no, 0).isZero()).isTrue();
  }

  @Test
  void atTiesAndKinksPyTorchsConventionHolds() {
    Pointwise max = Pointwise.of("max", (a, b) -> a.max(b));
    Pointwise min = Pointwise.of("min", (a, b) -> a.min(b));
    for (int input = 0; input < 2; input++) {
      assertThat(at(max, input, 3, 2, 2)).isEqualTo(1.5);
      assertThat(at(min, input, 3, 2, 2)).isEqualTo(1.5);
    }
    assertThat(at(Pointwise.of("abs", x -> x.abs()), 0, 3, 0)).isZero();
    Pointwise pow = Pointwise.of("pow", (a, b) -> a.pow(b));
    assertThat(at(pow, 0, 3, 0, 0)).isZero();
    assertThat(at(pow, 1, 3, 0, 2)).isZero();
  }

  /** The logistic map, so often: as a tree it would have more nodes than memory has bytes. */
  private static Pointwise logistic(int rounds) {
    return Pointwise.of(
        "logistic",
        x -> {
          Expr value = x;
          for (int i = 0; i < rounds; i++) {
            value = value.mul(Expr.of(1).sub(value)).mul(3.2);
          }
          return value;
        });
  }

  @Test
  @Timeout(60)
  void partsThatAreUsedTwiceAgainAndAgainCostNoMoreThanTheirNodes() {
    double value = 0.3;
    double slope = 2;
    for (int i = 0; i < 100; i++) {
      slope *= 3.2 * (1 - 2 * value);
      value *= 3.2 * (1 - value);
    }
    assertThat(logistic(100)).isEqualTo(logistic(100)).isNotEqualTo(logistic(101));
    assertThat(Dispatcher.call(logistic(100), scalar(0.3)).item()).isCloseTo(value, within(1e-9));
    assertThat(at(logistic(100), 0, 2, 0.3)).isCloseTo(slope, within(1e-9 * Math.abs(slope)));
  }

  @Test
  @Timeout(60)
  void soDoSelectionsOfThem() {
    Pointwise tent =
        Pointwise.of(
            "tent",
            x -> {
              Expr value = x;
              for (int i = 0; i < 30; i++) {
                value =
                    Expr.where(
                        value.lt(Expr.of(0.5)), value.mul(1.5), Expr.of(1).sub(value).mul(1.5));
              }
              return value;
            });
    assertThat(Math.abs(at(tent, 0, 1, 0.3))).isCloseTo(Math.pow(1.5, 30), within(1e-3));
  }
}
