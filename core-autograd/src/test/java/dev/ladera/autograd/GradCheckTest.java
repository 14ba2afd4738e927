package dev.ladera.autograd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.ladera.ArgumentException;
import dev.ladera.DType;
import dev.ladera.DTypeException;
import dev.ladera.Dispatcher;
import dev.ladera.GradientException;
import dev.ladera.Tensor;
import dev.ladera.op.Composite;
import dev.ladera.op.Gradient;
import dev.ladera.op.TensorType;
import java.util.Arrays;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

class GradCheckTest {
  private static final Tensor X = Tensor.of(new double[] {1, 2, 3});

  /** x², with a rule that answers the right gradient as changed by a function. */
  private record Square(UnaryOperator<Tensor> change) implements Composite {
    @Override
    public String name() {
      return "square";
    }

    @Override
    public TensorType[] infer(TensorType... inputs) {
      return inputs;
    }

    @Override
    public Tensor[] decompose(Tensor... inputs) {
      return new Tensor[] {inputs[0].mul(inputs[0])};
    }

    @Override
    public Gradient gradient() {
      return Gradient.of(
          (in, out, g) -> Arrays.asList(change.apply(in.getFirst().mul(2).mul(g.getFirst()))));
    }
  }

  private static GradCheck square(UnaryOperator<Tensor> change) {
    return GradCheck.of(in -> Dispatcher.call(new Square(change), in.getFirst()));
  }

  private static Tensor constant(double... values) {
    return Tensor.of(values);
  }

  @Test
  void rightGradientsPass() {
    GradCheck.Report report = square(g -> g).secondOrder().report(X);
    assertThat(report.passed()).isTrue();
    assertThat(report.compared()).isEqualTo(6);
    square(g -> g).check(X);
  }

  @Test
  void everyElementOfEveryInputIsCompared() {
    Tensor y = Tensor.of(new double[] {4, 5, 6, 7, 8, 9}, 2, 3);
    GradCheck.Report report = GradCheck.of(in -> in.get(0).mul(in.get(1)).exp().log()).report(X, y);
    assertThat(report.compared()).isEqualTo(9);
    assertThat(report.failures()).isEmpty();
  }

  @Test
  void aWrongElementIsNamedWithBothGradients() {
    GradCheck.Report report = square(g -> g.add(constant(0, 0.5, 0))).report(X);
    assertThat(report.passed()).isFalse();
    assertThat(report.compared()).isEqualTo(3);
    GradCheck.Comparison failure = report.failures().getFirst();
    assertThat(report.failures()).hasSize(1);
    assertThat(failure.input()).isZero();
    assertThat(failure.element()).isEqualTo(1);
    assertThat(failure.order()).isEqualTo(1);
    assertThat(failure.gradient() - failure.difference()).isCloseTo(0.5, within(1e-7));
    assertThat(report.toString().lines())
        .hasSize(2)
        .startsWith("3 elements compared, 1 differ")
        .last()
        .asString()
        .startsWith("  order 1, input 0, element 1: gradient ");
  }

  @Test
  void aCheckThatFailsThrowsTheReport() {
    assertThatThrownBy(() -> square(g -> g.mul(1.01)).check(X))
        .isInstanceOf(GradientException.class)
        .hasMessageStartingWith("gradcheck: 3 elements compared, 3 differ");
    assertThatThrownBy(() -> square(Tensor::neg).check(X)).isInstanceOf(GradientException.class);
  }

  @Test
  void theInputWhoseGradientIsWrongIsNamed() {
    GradCheck.Report report =
        GradCheck.of(in -> in.get(0).mul(Dispatcher.call(new Square(g -> g.mul(2)), in.get(1))))
            .report(X, X);
    assertThat(report.compared()).isEqualTo(6);
    assertThat(report.failures()).extracting(GradCheck.Comparison::input).containsExactly(1, 1, 1);
  }

  @Test
  void errorsThatWouldCancelInASumAreFound() {
    // The gradients of two elements exchanged, at a point where both are equal in a plain sum.
    Tensor same = constant(2, 2, 2);
    assertThat(square(g -> g.flip(0)).report(same).failures())
        .extracting(GradCheck.Comparison::element)
        .containsExactly(0L, 2L);
  }

  @Test
  void aWrongGradientOfAGradientIsFoundOnlyInTheSecondOrder() {
    // The first gradient is right, but is cut off from the input.
    GradCheck.Report first = square(Tensor::detach).report(X);
    assertThat(first.passed()).isTrue();
    GradCheck.Report second = square(Tensor::detach).secondOrder().report(X);
    assertThat(second.compared()).isEqualTo(6);
    assertThat(second.failures())
        .hasSize(3)
        .allMatch(failure -> failure.order() == 2 && failure.gradient() == 0);
  }

  @Test
  void everyInputCountsInTheSecondOrder() {
    GradCheck check =
        GradCheck.of(in -> in.get(0).mul(Dispatcher.call(new Square(g -> g), in.get(1))))
            .secondOrder();
    assertThat(check.report(X, X).failures()).isEmpty();
    GradCheck wrong =
        GradCheck.of(in -> in.get(0).add(Dispatcher.call(new Square(Tensor::detach), in.get(1))))
            .secondOrder();
    assertThat(wrong.report(X, X).failures())
        .hasSize(3)
        .allMatch(failure -> failure.order() == 2 && failure.input() == 1);
  }

  @Test
  void nanIsNoAgreement() {
    assertThat(square(g -> g.mul(Double.NaN)).report(X).failures()).hasSize(3);
  }

  @Test
  void aFunctionThatDoesNotDependOnItsInputHasZeroGradients() {
    GradCheck none = GradCheck.of(in -> constant(1, 2)).secondOrder();
    assertThat(none.report(X).failures()).isEmpty();
    assertThat(none.report(X).compared()).isEqualTo(6);
    GradCheck one = GradCheck.of(in -> in.get(0).mul(2)).secondOrder();
    assertThat(one.report(X, X).failures()).isEmpty();
    GradCheck cut = GradCheck.of(in -> in.getFirst().detach().mul(2));
    assertThat(cut.report(X).failures()).hasSize(3).allMatch(failure -> failure.gradient() == 0);
  }

  @Test
  void differencesUpToTheToleranceAreAllowed() {
    // The gradients are 2, 4 and 6 times weights from 0.5 to 1.5: at most 9.
    UnaryOperator<Tensor> shifted = g -> g.add(0.1);
    assertThat(square(shifted).tolerance(0, 0.1001).report(X).passed()).isTrue();
    assertThat(square(shifted).tolerance(0, 0.0999).report(X).failures()).hasSize(3);
    UnaryOperator<Tensor> scaled = g -> g.mul(1.1);
    assertThat(square(scaled).tolerance(0.1001, 0).report(X).passed()).isTrue();
    assertThat(square(scaled).tolerance(0.0999, 0).report(X).failures()).hasSize(3);
    assertThat(square(g -> g.mul(1.1).add(0.1)).tolerance(0.1001, 0.1001).report(X).passed())
        .isTrue();
    GradCheck flat = GradCheck.of(in -> in.getFirst().mul(0)).tolerance(0, 0);
    assertThat(flat.report(X).passed()).isTrue();
  }

  @Test
  void theStepIsPositive() {
    for (double step : new double[] {0, -1, Double.NaN}) {
      assertThatThrownBy(() -> square(g -> g).step(step))
          .isInstanceOf(ArgumentException.class)
          .hasMessage("gradcheck: step must be positive, not " + step);
    }
    // A step beyond the kink of |x| sees another slope.
    GradCheck abs = GradCheck.of(in -> in.getFirst().abs());
    Tensor x = constant(0.1);
    assertThat(abs.step(0.01).report(x).passed()).isTrue();
    assertThat(abs.step(0.5).report(x).passed()).isFalse();
  }

  @Test
  void inputsAreFloat64AndStayAsTheyAre() {
    assertThatThrownBy(() -> square(g -> g).report(X, Tensor.ones(2)))
        .isInstanceOf(DTypeException.class)
        .hasMessage("gradcheck: input 1 is float32; differences need float64");
    Tensor x = constant(1, 2);
    square(g -> g).secondOrder().check(x);
    assertThat(x.toDoubleArray()).containsExactly(1, 2);
    assertThat(x.requiresGrad()).isFalse();
    assertThat(x.grad()).isNull();
    assertThat(x.dtype()).isEqualTo(DType.FLOAT64);
  }

  @Test
  void nothingIsComparedOfNothing() {
    assertThat(square(g -> g).report(Tensor.of(new double[0], 0)).compared()).isZero();
    assertThat(GradCheck.of(in -> constant(1)).report().compared()).isZero();
  }
}
