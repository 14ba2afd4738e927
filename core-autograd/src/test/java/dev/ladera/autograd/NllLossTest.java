package dev.ladera.autograd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.ladera.DType;
import dev.ladera.Device;
import dev.ladera.Dispatcher;
import dev.ladera.GradientException;
import dev.ladera.IndexException;
import dev.ladera.Shape;
import dev.ladera.Tensor;
import dev.ladera.op.CrossEntropy;
import dev.ladera.op.NllLoss;
import dev.ladera.op.NllLoss.Joining;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** The loss by numbers of classes, by hand. */
class NllLossTest {
  private static final Tensor X = matrix(-1, -2, -3, -4, -5, -6);
  private static final Tensor TARGET = Tensor.of(new long[] {1, 9, 0});
  private static final Tensor WEIGHT = Tensor.of(new double[] {3, 0.5});

  private static Tensor matrix(double... values) {
    return Tensor.ofArray(values, Shape.of(3, 2), Device.standard());
  }

  private static NllLoss ignoringNine(Joining joining) {
    return new NllLoss(1, 9, joining);
  }

  private static void close(Tensor actual, double... expected) {
    assertThat(actual.toDoubleArray()).containsExactly(expected, within(1e-12));
  }

  @Test
  void itPicksTheTargetsClassAndLeavesOutWhatIsIgnored() {
    Tensor[] each = ignoringNine(Joining.NONE).callAll(X, TARGET);
    close(each[0], 2, 0, 5);
    close(each[1], 2);
    close(ignoringNine(Joining.SUM).callAll(X, TARGET)[0], 7);
    close(ignoringNine(Joining.MEAN).callAll(X, TARGET)[0], 3.5);
    Tensor classes = X.select(1, 1);
    Tensor third = Tensor.full(Shape.SCALAR, 2, DType.INT32, Device.standard());
    close(new NllLoss(0, 9, Joining.MEAN).callAll(classes, third)[0], 6);
  }

  @Test
  void classesMayCountDifferently() {
    close(ignoringNine(Joining.NONE).callAll(X, TARGET, WEIGHT)[0], 1, 0, 15);
    Tensor[] mean = ignoringNine(Joining.MEAN).callAll(X, TARGET, WEIGHT);
    close(mean[0], 16 / 3.5);
    close(mean[1], 3.5);
    close(
        Dispatcher.call(
            new NllLoss.Backward(ignoringNine(Joining.MEAN)),
            Tensor.full(Shape.SCALAR, 7, DType.FLOAT64, Device.standard()),
            X,
            TARGET,
            mean[1],
            WEIGHT),
        0,
        -1,
        0,
        0,
        -6,
        0);
  }

  @Test
  void whereNothingCountsThereIsNoMean() {
    Tensor none = Tensor.of(new long[] {9, 9, 9});
    assertThat(ignoringNine(Joining.MEAN).callAll(X, none)[0].item()).isNaN();
    close(ignoringNine(Joining.SUM).callAll(X, none)[0], 0);
    Tensor empty = X.slice(0, 0, 0);
    close(ignoringNine(Joining.SUM).callAll(empty, none.slice(0, 0, 0))[1], 0);
  }

  @Test
  void aTargetMustBeAClass() {
    for (long wrong : new long[] {2, -1}) {
      Tensor target = Tensor.of(new long[] {0, wrong, 0});
      assertThatThrownBy(() -> ignoringNine(Joining.MEAN).callAll(X, target))
          .isInstanceOfSatisfying(
              IndexException.class, e -> assertThat(e.index()).isEqualTo(wrong));
    }
  }

  @Test
  void gradientsGoToTheTargetsClass() {
    Tensor target = Tensor.of(new long[] {1, 0, 0});
    for (Joining joining : Joining.values()) {
      NllLoss loss = ignoringNine(joining);
      GradCheck.of(in -> loss.callAll(in.getFirst(), target)[0].square())
          .secondOrder()
          .tolerance(1e-5, 1e-6)
          .check(X);
      GradCheck.of(in -> loss.callAll(in.getFirst(), target, WEIGHT)[0].square())
          .secondOrder()
          .tolerance(1e-5, 1e-6)
          .check(X);
    }
    Tensor leaf = X.detach().requiresGrad(true);
    ignoringNine(Joining.MEAN).callAll(leaf, TARGET)[0].mul(8).backward();
    close(Objects.requireNonNull(leaf.grad()), 0, -4, 0, 0, -4, 0);
  }

  @Test
  void crossEntropyIsTheLossOfLogarithmsOfSoftmax() {
    CrossEntropy entropy = new CrossEntropy(ignoringNine(Joining.SUM));
    Tensor x = matrix(5, 5 + Math.log(3), 7 + Math.log(4), 7, 0, 1000);
    Tensor target = Tensor.of(new long[] {1, 1, 9});
    Tensor[] outputs = entropy.callAll(x, target);
    close(outputs[0], Math.log(4.0 / 3) + Math.log(5));
    close(outputs[1], 2);
    close(outputs[2], Math.log(0.25), Math.log(0.75), Math.log(0.8), Math.log(0.2), -1000, 0);
    Tensor gradient = Tensor.full(Shape.SCALAR, 10, DType.FLOAT64, Device.standard());
    close(
        new CrossEntropy.Backward(entropy.loss()).call(gradient, outputs[2], target, outputs[1]),
        2.5,
        -2.5,
        8,
        -8,
        0,
        0);
  }

  @Test
  void gradientsOfCrossEntropyAreThoseOfItsParts() {
    Tensor target = Tensor.of(new long[] {1, 0, 9});
    for (Joining joining : Joining.values()) {
      NllLoss loss = ignoringNine(joining);
      CrossEntropy entropy = new CrossEntropy(loss);
      GradCheck.of(in -> entropy.callAll(in.getFirst(), target, WEIGHT)[0].square())
          .secondOrder()
          .tolerance(1e-5, 1e-6)
          .check(X);
      GradCheck.of(
              in -> {
                Tensor[] outputs = entropy.callAll(in.getFirst(), target);
                return outputs[2].square().sum().add(outputs[0].sum());
              })
          .secondOrder()
          .tolerance(1e-5, 1e-6)
          .check(X);
    }
  }

  @Test
  void crossEntropyNamesItselfInErrors() {
    Tensor weight = WEIGHT.detach().requiresGrad(true);
    CrossEntropy entropy = new CrossEntropy(ignoringNine(Joining.MEAN));
    Tensor loss = entropy.callAll(X, TARGET, weight)[0];
    assertThatThrownBy(loss::backward)
        .isInstanceOf(GradientException.class)
        .hasMessage("crossEntropy: weight has no gradient; detach() it");
  }

  @Test
  void weightsHaveNoGradient() {
    Tensor weight = WEIGHT.detach().requiresGrad(true);
    Tensor loss = ignoringNine(Joining.MEAN).callAll(X, TARGET, weight)[0];
    assertThatThrownBy(loss::backward)
        .isInstanceOf(GradientException.class)
        .hasMessage("nllLoss: weight has no gradient; detach() it");
  }
}
