package dev.ladera.autograd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ladera.ArgumentException;
import dev.ladera.DType;
import dev.ladera.Device;
import dev.ladera.DeviceException;
import dev.ladera.Generator;
import dev.ladera.GradientException;
import dev.ladera.Gradients;
import dev.ladera.Shape;
import dev.ladera.Tensor;
import dev.ladera.op.TensorFunction;
import dev.ladera.spi.GradientNode;
import dev.ladera.testkit.ReferenceBackend;
import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

/** Functions of the user's own over tensors. */
class TensorFunctionTest {
  private static final TensorFunction STRAIGHT_THROUGH_ROUND =
      TensorFunction.of("straightThroughRound", x -> x.round())
          .gradient((inputs, outputs, gradients) -> List.of(gradients.get(0)));

  /** x · sigmoid(x), with its derivative written by hand. */
  private static final TensorFunction SWISH =
      TensorFunction.of("swish", x -> x.mul(x.sigmoid()))
          .gradient((inputs, outputs, gradients) -> {
            Tensor sigmoid = inputs.get(0).sigmoid();
            Tensor slope = sigmoid.add(outputs.get(0).mul(sigmoid.rsub(1)));
            return List.of(gradients.get(0).mul(slope));
          });

  /** Product and quotient, whose gradients use inputs, outputs and both gradients. */
  private static final TensorFunction PRODUCT_AND_QUOTIENT =
      TensorFunction.of(
              "productAndQuotient",
              2,
              in -> List.of(in.get(0).mul(in.get(1)), in.get(0).div(in.get(1))))
          .gradient((in, out, g) ->
              List.of(
                  g.get(0).mul(in.get(1)).add(g.get(1).div(in.get(1))),
                  g.get(0).mul(in.get(0)).sub(g.get(1).mul(out.get(1)).div(in.get(1)))));

  private static Tensor leaf(double... values) {
    return Tensor.of(values).requiresGrad(true);
  }

  private static Tensor random(int... sizes) {
    return new Generator(5).uniform(Shape.of(sizes), DType.FLOAT64, Device.standard()).add(0.5);
  }

  private static double[] grad(Tensor tensor) {
    return Objects.requireNonNull(tensor.grad()).toDoubleArray();
  }

  @Test
  void aGradientOfItsOwnTakesThePlaceOfTheBodys() {
    Tensor x = leaf(0.4, 1.6);
    Tensor y = STRAIGHT_THROUGH_ROUND.call(x);
    assertThat(y.toDoubleArray()).containsExactly(0, 2);
    y.mul(Tensor.of(new double[] {3, 5})).sum().backward();
    assertThat(grad(x)).containsExactly(3, 5);
  }

  @Test
  void theStepBearsTheFunctionsName() {
    GradientNode node = STRAIGHT_THROUGH_ROUND.call(leaf(1)).gradientNode();
    assertThat(node).isNotNull();
    assertThat(node.name()).isEqualTo("straightThroughRound");
  }

  @Test
  void withoutAGradientOfItsOwnItHasTheBodys() {
    TensorFunction newton =
        TensorFunction.of(
            "squareRoot",
            x -> {
              Tensor root = x.mul(0.5).add(0.5);
              while (root.square().sub(x).abs().amax().item() > 1e-12) {
                root = root.add(x.div(root)).mul(0.5);
              }
              return root;
            });
    Tensor x = random(3, 2);
    assertThat(newton.call(x).sub(x.sqrt()).abs().amax().item()).isLessThan(1e-12);
    GradCheck.of(in -> newton.call(in.get(0))).secondOrder().check(x);
  }

  @Test
  void aBranchOnAValueIsDifferentiatedWhereItLeads() {
    TensorFunction clipped =
        TensorFunction.of(
            "clipped",
            x -> {
              Tensor norm = x.square().sum().sqrt();
              return norm.item() > 1 ? x.div(norm) : x;
            });
    GradCheck check = GradCheck.of(in -> clipped.call(in.get(0))).secondOrder();
    check.check(Tensor.of(new double[] {3, 4}));
    check.check(Tensor.of(new double[] {0.3, 0.4}));
  }

  @Test
  void gradientsByFormulaAreRightTwice() {
    GradCheck.of(in -> SWISH.call(in.get(0))).secondOrder().check(random(4).sub(1));
  }

  @Test
  void manyInputsAndManyOutputs() {
    Tensor x = random(2, 3);
    Tensor y = random(2, 3).mul(1.5);
    for (int output = 0; output < 2; output++) {
      int only = output;
      GradCheck.of(in -> PRODUCT_AND_QUOTIENT.callAll(in.get(0), in.get(1)).get(only))
          .secondOrder()
          .check(x, y);
    }
    GradCheck.of(
            in -> {
              List<Tensor> both = PRODUCT_AND_QUOTIENT.callAll(in.get(0), in.get(1));
              return both.get(0).add(both.get(1).square());
            })
        .secondOrder()
        .check(x, y);
  }

  @Test
  void twoInputsOfOneFunction() {
    TensorFunction distance = TensorFunction.of("distance", (a, b) -> a.sub(b).abs().sum());
    assertThat(distance.call(leaf(1, 2), leaf(3, 5)).item()).isEqualTo(5);
    assertThatThrownBy(() -> distance.call(leaf(1)))
        .isInstanceOf(ArgumentException.class)
        .hasMessage("distance: inputs must be 2, not 1");
  }

  @Test
  void viewsBroadcastAndEmptyInputs() {
    Tensor x = random(3, 4).requiresGrad(true);
    SWISH.call(x.t().slice(0, 0, 4, 2).flip(1)).sum().backward();
    double[] gradient = grad(x);
    assertThat(gradient[0]).isNotZero();
    assertThat(gradient[1]).isZero();
    GradCheck.of(in -> SWISH.call(in.get(0).t().slice(0, 0, 4, 2).flip(1)))
        .secondOrder()
        .check(random(3, 4));
    GradCheck.of(in -> SWISH.call(in.get(0).add(in.get(1)))).check(random(3, 1), random(2));
    Tensor empty = Tensor.zeros(Shape.of(0, 3), DType.FLOAT64, Device.standard());
    Tensor nothing = SWISH.call(empty.requiresGrad(true));
    assertThat(nothing.shape()).isEqualTo(Shape.of(0, 3));
    nothing.sum().backward();
    assertThat(grad(empty)).isEmpty();
  }

  @Test
  void anOutputThatNothingDependsOnHasAGradientOfZeros() {
    List<double[]> seen = new ArrayList<>();
    TensorFunction both =
        TensorFunction.of("both", 1, in -> List.of(in.get(0).mul(2), in.get(0).mul(3)))
            .gradient((in, out, g) -> {
              seen.add(g.get(1).toDoubleArray());
              return List.of(g.get(0).mul(2).add(g.get(1).mul(3)));
            });
    Tensor x = leaf(1, 2);
    both.callAll(x).get(0).sum().backward();
    assertThat(seen).containsExactly(new double[] {0, 0});
    assertThat(grad(x)).containsExactly(2, 2);
  }

  @Test
  void anInputMayHaveNoGradient() {
    TensorFunction pick =
        TensorFunction.of("pick", (x, index) -> x.gather(0, index))
            .gradient((in, out, g) ->
                Arrays.asList(
                    Tensor.zeros(in.get(0).shape(), g.get(0).dtype(), g.get(0).device())
                        .scatterAdd(0, in.get(1), g.get(0)),
                    null));
    Tensor x = leaf(5, 6, 7);
    pick.call(x, Tensor.of(new long[] {2, 2, 0})).sum().backward();
    assertThat(grad(x)).containsExactly(1, 0, 2);
  }

  @Test
  void theBodyOfAFunctionWithAGradientOfItsOwnIsNotRecorded() {
    AtomicBoolean recorded = new AtomicBoolean();
    TensorFunction watched =
        TensorFunction.of(
                "watched",
                x -> {
                  recorded.set(Gradients.areRecorded() || x.mul(2).requiresGrad());
                  return x.mul(2);
                })
            .gradient((in, out, g) -> List.of(g.get(0)));
    assertThat(watched.call(leaf(1)).requiresGrad()).isTrue();
    assertThat(recorded).isFalse();
  }

  @Test
  void whatTheBodyReadsBesideItsInputsGetsNoGradient() {
    Tensor weight = leaf(3);
    TensorFunction scaled =
        TensorFunction.of("scaled", x -> x.mul(weight))
            .gradient((in, out, g) -> List.of(g.get(0).mul(weight)));
    Tensor x = leaf(2);
    scaled.call(x).sum().backward();
    assertThat(grad(x)).containsExactly(3);
    assertThat(weight.grad()).isNull();
  }

  @Test
  void anInputOrAnotherTensorMayBeAnswered() {
    TensorFunction reversed =
        TensorFunction.of("gradientReversal", x -> x)
            .gradient((in, out, g) -> List.of(g.get(0).neg()));
    Tensor x = leaf(1, 2);
    Tensor y = reversed.call(x);
    y.sum().backward();
    assertThat(grad(x)).containsExactly(-1, -1);
    assertThat(x.isLeaf()).isTrue();

    Tensor held = leaf(7);
    TensorFunction constant =
        TensorFunction.of("constant", 1, in -> List.of(held, held))
            .gradient((in, out, g) -> List.of(g.get(0).add(g.get(1).mul(10))));
    Tensor z = leaf(1);
    List<Tensor> twice = constant.callAll(z);
    twice.get(0).mul(2).add(twice.get(1).mul(3)).sum().backward();
    assertThat(grad(z)).containsExactly(32);
    assertThat(held.isLeaf()).isTrue();
    assertThat(held.grad()).isNull();
  }

  @Test
  void withoutGradientBackwardThrowsAndNamesIt() {
    TensorFunction sign = TensorFunction.of("hardSign", x -> x.sign()).withoutGradient();
    Tensor x = leaf(-2, 3);
    Tensor y = sign.call(x);
    assertThat(y.toDoubleArray()).containsExactly(-1, 1);
    assertThatThrownBy(() -> y.sum().backward())
        .isInstanceOf(GradientException.class)
        .hasMessageStartingWith("hardSign: has no gradient");
  }

  @Test
  void nothingIsRecordedWhereNothingIsToBe() {
    assertThat(STRAIGHT_THROUGH_ROUND.call(Tensor.of(new double[] {1.5})).requiresGrad()).isFalse();
    Tensor quiet = Gradients.noGrad(() -> STRAIGHT_THROUGH_ROUND.call(leaf(1.5)));
    assertThat(quiet.requiresGrad()).isFalse();
    Tensor argmax =
        TensorFunction.of("largest", x -> x.argmax()).withoutGradient().call(leaf(1, 3, 2));
    assertThat(argmax.requiresGrad()).isFalse();
    assertThat(argmax.itemAsLong()).isEqualTo(1);
  }

  @Test
  void whatItSavesIsFreedWithTheGraph() throws InterruptedException {
    Tensor x = random(50, 50).requiresGrad(true);
    Tensor y = SWISH.call(x);
    WeakReference<Object> storage = new WeakReference<>(y.storage());
    Tensor loss = y.sum();
    loss.backward();
    y = x;
    for (int i = 0; i < 100 && storage.get() != null; i++) {
      byte[] garbage = new byte[1 << 22];
      Thread.sleep(garbage.length > 0 ? 5 : 0);
    }
    assertThat(storage.get()).isNull();
    assertThat(loss.item()).isNotNaN();
    assertThat(y.elements()).isEqualTo(2500);
  }

  @Test
  void severalThreadsGetTheirOwnAnswersAndGradients() throws Exception {
    List<Callable<double[]>> tasks = new ArrayList<>();
    for (int i = 0; i < 64; i++) {
      double value = i;
      tasks.add(() -> {
        Tensor x = leaf(value + 0.3);
        Tensor y = STRAIGHT_THROUGH_ROUND.call(x);
        y.square().sum().backward();
        return new double[] {y.item(), grad(x)[0]};
      });
    }
    try (ExecutorService threads = Executors.newFixedThreadPool(8)) {
      List<Future<double[]>> answers = threads.invokeAll(tasks);
      for (int i = 0; i < 64; i++) {
        assertThat(answers.get(i).get()).containsExactly(i, 2 * i);
      }
    }
  }

  @Test
  void whatTheBodyThrowsPassesAsItIs() {
    TensorFunction broken =
        TensorFunction.of(
                "broken",
                x -> {
                  throw new UnsupportedOperationException("not today");
                })
            .withoutGradient();
    assertThatThrownBy(() -> broken.call(leaf(1)))
        .isInstanceOf(UnsupportedOperationException.class)
        .hasMessage("not today");
    assertThat(Gradients.areRecorded()).isTrue();
  }

  @Test
  @SuppressWarnings("NullAway") // What a body must not do.
  void aBodyThatAnswersNullOrNothingIsNamed() {
    assertThatThrownBy(() -> TensorFunction.of("nothing", x -> null).call(leaf(1)))
        .isInstanceOf(ArgumentException.class)
        .hasMessage("nothing: body answered null; answer a tensor for each output");
    assertThatThrownBy(() -> TensorFunction.of("nothing", 1, in -> null).call(leaf(1)))
        .hasMessage("nothing: body answered null; answer a tensor for each output");
    assertThatThrownBy(() -> TensorFunction.of("nothing", 1, in -> List.of()).call(leaf(1)))
        .isInstanceOf(ArgumentException.class)
        .hasMessage("nothing: body answered no tensor");
  }

  @Test
  void aFunctionOfNoInputsIsRefused() {
    assertThatThrownBy(() -> TensorFunction.of("none", 0, in -> List.of(Tensor.ones(1))))
        .isInstanceOf(ArgumentException.class)
        .hasMessage("none: arity must be at least 1, not 0");
  }

  @Test
  void inputsOnTwoDevicesAreRefused() {
    Device other = Device.of("reference", new ReferenceBackend());
    TensorFunction first =
        TensorFunction.of("first", (a, b) -> a.mul(1))
            .gradient((in, out, g) -> Arrays.asList(g.get(0), null));
    assertThatThrownBy(() -> first.call(leaf(1), leaf(1).to(other)))
        .isInstanceOf(DeviceException.class)
        .hasMessageStartingWith("first: input 0 is on reference:0 and input 1 on");
  }
}
