package dev.ladera.autograd;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ladera.DType;
import dev.ladera.Device;
import dev.ladera.Shape;
import dev.ladera.Tensor;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

class JacobiansTest {
  private static final Tensor X = Tensor.of(new double[] {2, 3});

  /** (x₀, x₁) to (x₀², x₀·x₁, x₁³). */
  private static final UnaryOperator<Tensor> CURVE =
      x -> {
        Tensor a = x.select(0, 0);
        Tensor b = x.select(0, 1);
        return Tensor.stack(0, a.mul(a), a.mul(b), b.mul(b).mul(b));
      };

  /** x₀²·x₁. */
  private static final UnaryOperator<Tensor> VOLUME =
      x -> x.select(0, 0).square().mul(x.select(0, 1));

  private static void has(Tensor tensor, Shape shape, double... values) {
    assertThat(tensor.shape()).isEqualTo(shape);
    assertThat(tensor.toDoubleArray()).containsExactly(values);
  }

  @Test
  void aJacobianHasARowForEachOutput() {
    has(Jacobians.jacobian(CURVE, X), Shape.of(3, 2), 4, 0, 3, 2, 0, 27);
  }

  @Test
  void itsShapeIsTheOutputsFollowedByTheInputs() {
    Tensor matrix = Tensor.of(new double[] {1, 2, 3, 4}, 2, 2);
    has(Jacobians.jacobian(x -> x.sum(0), matrix), Shape.of(2, 2, 2), 1, 0, 1, 0, 0, 1, 0, 1);
    has(Jacobians.jacobian(Tensor::sum, X), Shape.of(2), 1, 1);
    assertThat(Jacobians.jacobian(x -> x.slice(0, 0, 0), X).shape()).isEqualTo(Shape.of(0, 2));
  }

  @Test
  void whatDoesNotDependOnTheInputHasZeroDerivatives() {
    has(Jacobians.jacobian(x -> Tensor.of(new double[] {5}), X), Shape.of(1, 2), 0, 0);
    UnaryOperator<Tensor> half =
        x -> Tensor.stack(0, x.select(0, 0), Tensor.scalar(1, DType.FLOAT64));
    has(Jacobians.jacobian(half, X), Shape.of(2, 2), 1, 0, 0, 0);
    Tensor other = Tensor.of(new double[] {7, 7}).requiresGrad(true);
    has(Jacobians.vjp(x -> other.mul(2), X, X), Shape.of(2), 0, 0);
    assertThat(other.grad()).isNull();
  }

  @Test
  void aHessianHoldsTheSecondDerivatives() {
    has(Jacobians.hessian(VOLUME, X), Shape.of(2, 2), 6, 4, 4, 0);
    has(Jacobians.hessian(Tensor::sum, X), Shape.of(2, 2), 0, 0, 0, 0);
  }

  @Test
  void productsWithTheJacobianFromBothSides() {
    Tensor weights = Tensor.of(new double[] {1, 10, 100});
    has(Jacobians.vjp(CURVE, X, weights), Shape.of(2), 34, 2720);
    has(Jacobians.jvp(CURVE, X, Tensor.of(new double[] {1, 10})), Shape.of(3), 4, 23, 270);
    has(
        Jacobians.jvp(x -> Tensor.ones(Shape.of(2), DType.FLOAT64, Device.standard()), X, X),
        Shape.of(2),
        0,
        0);
  }

  @Test
  void theProductOfTheHessianWithADirection() {
    has(Jacobians.hvp(VOLUME, X, Tensor.of(new double[] {1, 10})), Shape.of(2), 46, 4);
    has(Jacobians.hvp(Tensor::sum, X, X), Shape.of(2), 0, 0);
  }

  @Test
  void theTensorAtHandStaysOutOfIt() {
    Tensor x = Tensor.of(new double[] {2, 3}).requiresGrad(true);
    Jacobians.jacobian(CURVE, x);
    Jacobians.hessian(VOLUME, x);
    assertThat(x.grad()).isNull();
  }
}
