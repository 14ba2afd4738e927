package dev.ladera.autograd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.ladera.DType;
import dev.ladera.Device;
import dev.ladera.Dispatcher;
import dev.ladera.Generator;
import dev.ladera.NeuralOps;
import dev.ladera.Shape;
import dev.ladera.Tensor;
import dev.ladera.op.Convolution;
import dev.ladera.op.Primitive;
import dev.ladera.testkit.ReferenceBackend;
import java.util.List;
import java.util.Objects;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

/** The gradient of each operator, on small tensors whose gradients are seen by eye. */
class RulesTest {
  private static final Tensor MATRIX = of(Shape.of(2, 3), 1, 2, 3, 4, 5, 6);

  private static Tensor of(Shape shape, double... values) {
    return Tensor.ofArray(values, shape, Device.standard());
  }

  private static Tensor vector(double... values) {
    return Tensor.of(values);
  }

  private static Tensor places(long... values) {
    return Tensor.of(values);
  }

  private static double[] values(Tensor leaf) {
    return Objects.requireNonNull(leaf.grad()).toDoubleArray();
  }

  /** The gradient at x, where that of the output is given. */
  private static double[] gradient(UnaryOperator<Tensor> function, Tensor x, double... seed) {
    Tensor leaf = x.detach().requiresGrad(true);
    Tensor y = function.apply(leaf);
    y.backward(of(y.shape(), seed));
    return values(leaf);
  }

  private static Tensor random(long seed, int... sizes) {
    return new Generator(seed).uniform(Shape.of(sizes), DType.FLOAT64, Device.standard());
  }

  private static void check(UnaryOperator<Tensor> function, Tensor x) {
    GradCheck.of(in -> function.apply(in.getFirst())).secondOrder().tolerance(1e-5, 1e-6).check(x);
  }

  @Test
  void viewsSendGradientsBackToWhereTheElementsStood() {
    assertThat(gradient(x -> x.reshape(3, 2), MATRIX, 1, 2, 3, 4, 5, 6))
        .containsExactly(1, 2, 3, 4, 5, 6);
    assertThat(gradient(Tensor::t, MATRIX, 1, 2, 3, 4, 5, 6)).containsExactly(1, 3, 5, 2, 4, 6);
    Tensor cube = of(Shape.of(1, 2, 3), 1, 2, 3, 4, 5, 6);
    assertThat(gradient(x -> x.permute(2, 0, 1), cube, 1, 2, 3, 4, 5, 6))
        .containsExactly(1, 3, 5, 2, 4, 6);
    assertThat(gradient(x -> x.expand(2, 2), vector(1, 2), 1, 2, 3, 4)).containsExactly(4, 6);
    assertThat(gradient(x -> x.flip(1), MATRIX, 1, 2, 3, 4, 5, 6))
        .containsExactly(3, 2, 1, 6, 5, 4);
    assertThat(gradient(x -> x.select(1, 1), MATRIX, 7, 8)).containsExactly(0, 7, 0, 0, 8, 0);
    assertThat(gradient(x -> x.select(0, 1), MATRIX, 7, 8, 9)).containsExactly(0, 0, 0, 7, 8, 9);
  }

  @Test
  void slicesLeaveZerosBeforeBetweenAndAfter() {
    Tensor x = vector(0, 1, 2, 3, 4, 5, 6);
    assertThat(gradient(v -> v.slice(0, 1, 3), x, 7, 8)).containsExactly(0, 7, 8, 0, 0, 0, 0);
    assertThat(gradient(v -> v.slice(0, 1, 6, 3), x, 7, 8)).containsExactly(0, 7, 0, 0, 8, 0, 0);
    assertThat(gradient(v -> v.slice(0, 0, 7, 3), x, 7, 8, 9)).containsExactly(7, 0, 0, 8, 0, 0, 9);
    assertThat(gradient(v -> v.slice(0, 2, 2), x)).containsOnly(0).hasSize(7);
    assertThat(gradient(v -> v.slice(0, 5, 0, -2), x, 7, 8, 9))
        .containsExactly(0, 9, 0, 8, 0, 7, 0);
  }

  @Test
  void sumsAreRepeatedOverWhatWasSummed() {
    assertThat(gradient(x -> x.sum(0), MATRIX, 1, 2, 3)).containsExactly(1, 2, 3, 1, 2, 3);
    assertThat(gradient(x -> x.sum(true, 1), MATRIX, 1, 2)).containsExactly(1, 1, 1, 2, 2, 2);
    assertThat(gradient(x -> x.sum(), MATRIX, 7)).containsOnly(7).hasSize(6);
  }

  @Test
  void aProductsGradientIsTheProductOfTheOthersAlsoWithZeros() {
    assertThat(gradient(x -> x.prod(1), MATRIX, 1, 10)).containsExactly(6, 3, 2, 300, 240, 200);
    assertThat(gradient(x -> x.prod(0), MATRIX, 1, 10, 100))
        .containsExactly(4, 50, 600, 1, 20, 300);
    assertThat(gradient(x -> x.prod(), vector(2, 0, 5), 1)).containsExactly(0, 10, 0);
    assertThat(gradient(x -> x.prod(), vector(0, 3, 0), 1)).containsExactly(0, 0, 0);
    assertThat(gradient(x -> x.prod(), vector(3), 7)).containsExactly(7);
    assertThat(gradient(x -> x.prod(0), of(Shape.of(0, 2)), 7, 8)).isEmpty();
    Tensor cube = random(1, 2, 3, 2);
    check(x -> x.prod(1), cube);
    check(x -> x.prod(true, 0, 2), cube);
  }

  @Test
  void equalExtremesShareTheGradientEvenly() {
    Tensor x = of(Shape.of(2, 3), 3, 1, 3, 4, 6, 5);
    assertThat(gradient(v -> v.amax(1), x, 8, 7)).containsExactly(4, 0, 4, 0, 7, 0);
    assertThat(gradient(v -> v.amin(0), x, 1, 2, 3)).containsExactly(1, 2, 3, 0, 0, 0);
    assertThat(gradient(v -> v.amax(true, 0, 1), x, 5)).containsExactly(0, 0, 0, 0, 5, 0);
    assertThat(gradient(v -> v.amax(), of(Shape.SCALAR, 3), 5)).containsExactly(5);
  }

  @Test
  void extremesFoundByPlaceGiveTheGradientToThatPlace() {
    Tensor x = of(Shape.of(2, 3), 3, 1, 3, 4, 6, 5);
    assertThat(gradient(v -> v.max(1).values(), x, 8, 7)).containsExactly(8, 0, 0, 0, 7, 0);
    assertThat(gradient(v -> v.min(0).values(), x, 1, 2, 3)).containsExactly(1, 2, 3, 0, 0, 0);
  }

  @Test
  void runningSumsAndProductsPassGradientsBackwards() {
    assertThat(gradient(x -> x.cumsum(0), vector(1, 2, 3), 1, 10, 100))
        .containsExactly(111, 110, 100);
    assertThat(gradient(x -> x.cumsum(1), MATRIX, 1, 2, 3, 4, 5, 6))
        .containsExactly(6, 5, 3, 15, 11, 6);
    // y = (a, ab, abc): da = 1 + 10b + 100bc, db = 10a + 100ac, dc = 100ab.
    assertThat(gradient(x -> x.cumprod(0), vector(2, 3, 5), 1, 10, 100))
        .containsExactly(1531, 1020, 600);
    assertThat(gradient(x -> x.cumprod(0), vector(2, 0, 5), 1, 10, 100))
        .containsExactly(1, 1020, 0);
    assertThat(gradient(x -> x.cumprod(0), vector(2), 7)).containsExactly(7);
    assertThat(gradient(x -> x.cumprod(0), of(Shape.of(0, 2)))).isEmpty();
    check(x -> x.cumprod(0), random(2, 3, 2));
    check(x -> x.cumprod(1), random(2, 2, 3));
  }

  @Test
  void orderedElementsSendTheirGradientsHome() {
    Tensor x = vector(3, 1, 2);
    assertThat(gradient(v -> v.sort(0).values(), x, 1, 2, 3)).containsExactly(3, 1, 2);
    assertThat(gradient(v -> v.sort(0, true).values(), x, 1, 2, 3)).containsExactly(1, 3, 2);
    assertThat(gradient(v -> v.topk(2).values(), x, 7, 8)).containsExactly(7, 0, 8);
    assertThat(gradient(v -> v.sort(0).values(), MATRIX, 1, 2, 3, 4, 5, 6))
        .containsExactly(1, 2, 3, 4, 5, 6);
  }

  @Test
  void bothSidesOfAProductGetTheirGradients() {
    Tensor left = of(Shape.of(1, 2), 2, 3).requiresGrad(true);
    Tensor right = of(Shape.of(2, 2), 5, 7, 11, 13).requiresGrad(true);
    left.matmul(right).backward(of(Shape.of(1, 2), 1, 10));
    assertThat(values(left)).containsExactly(75, 141);
    assertThat(values(right)).containsExactly(2, 20, 3, 30);
    Tensor only = right.detach().requiresGrad(true);
    left.detach().matmul(only).backward(of(Shape.of(1, 2), 1, 10));
    assertThat(values(only)).containsExactly(2, 20, 3, 30);
  }

  @Test
  void aMatrixThatServesAWholeBatchGetsTheSum() {
    Tensor batch = random(3, 2, 1, 3);
    GradCheck.of(in -> in.get(0).matmul(in.get(1))).secondOrder().check(batch, random(4, 3, 2));
    GradCheck.of(in -> in.get(1).matmul(in.get(0).t())).secondOrder().check(batch, random(4, 2, 3));
  }

  @Test
  void convolutionsAndTheirGradientsAreEachOthersGradients() {
    Convolution conv = new Convolution(List.of(2), List.of(1), List.of(1), 2);
    Tensor x = random(5, 1, 2, 4);
    Tensor weight = random(6, 2, 1, 2);
    GradCheck.of(in -> Dispatcher.call(conv, in.get(0), in.get(1)).square())
        .secondOrder()
        .tolerance(1e-5, 1e-6)
        .check(x, weight);
    Tensor g = random(7, 1, 2, 3);
    Convolution.InputGradient toInput = new Convolution.InputGradient(conv, List.of(4));
    GradCheck.of(in -> Dispatcher.call(toInput, in.get(0), in.get(1)))
        .secondOrder()
        .check(g, weight);
    Convolution.WeightGradient toWeight = new Convolution.WeightGradient(conv, List.of(2));
    GradCheck.of(in -> Dispatcher.call(toWeight, in.get(0), in.get(1))).secondOrder().check(g, x);
  }

  @Test
  void poolsSendGradientsToTheLargestOrToAll() {
    Tensor x = of(Shape.of(1, 1, 4), 1, 5, 3, 2);
    List<Integer> two = List.of(2);
    List<Integer> one = List.of(1);
    List<Integer> none = List.of(0);
    UnaryOperator<Tensor> largest = v -> v.maxPool(two, one, none, one, false).values();
    assertThat(gradient(largest, x, 1, 10, 100)).containsExactly(0, 11, 100, 0);
    assertThat(gradient(v -> v.avgPool(two, two, none, false, true), x, 2, 4))
        .containsExactly(1, 1, 2, 2);
    Tensor image =
        of(Shape.of(1, 2, 3, 3), 4, 1, 7, 2, 9, 3, 8, 5, 6, 3, 8, 1, 6, 2, 9, 5, 7, 4).mul(0.1);
    check(
        v ->
            v.maxPool(List.of(2, 2), List.of(1, 1), List.of(0, 0), List.of(1, 1), false)
                .values()
                .square(),
        image);
    check(
        v -> v.avgPool(List.of(2, 2), List.of(1, 2), List.of(1, 0), false, false).square(), image);
  }

  @Test
  void pickedElementsGatherWhatIsPickedTwice() {
    Tensor index = Tensor.of(new long[] {2, 0, 2, 1}, 2, 2);
    assertThat(gradient(x -> x.gather(1, index), MATRIX, 1, 2, 3, 4))
        .containsExactly(2, 0, 1, 0, 4, 3);
    assertThat(gradient(x -> x.indexSelect(0, places(1, 1)), vector(5, 6, 7), 3, 4))
        .containsExactly(0, 7, 0);
  }

  @Test
  void scatteringPassesTheGradientToTheBaseAndPicksTheSources() {
    Tensor base = vector(1, 2, 3).requiresGrad(true);
    Tensor source = vector(10, 20).requiresGrad(true);
    base.scatterAdd(0, places(2, 2), source).backward(vector(5, 6, 7));
    assertThat(values(base)).containsExactly(5, 6, 7);
    assertThat(values(source)).containsExactly(7, 7);
  }

  @Test
  void joinedTensorsGetTheirPartsBack() {
    Tensor a = vector(1).requiresGrad(true);
    Tensor b = vector(2, 3);
    Tensor c = vector(4, 5, 6).requiresGrad(true);
    Tensor.concat(0, a, b, c).backward(vector(1, 2, 3, 4, 5, 6));
    assertThat(values(a)).containsExactly(1);
    assertThat(values(c)).containsExactly(4, 5, 6);
  }

  @Test
  void paddingLosesTheGradientsOfWhatWasPut() {
    assertThat(gradient(x -> x.pad(9, 1, 2), vector(1, 2), 1, 2, 3, 4, 5)).containsExactly(2, 3);
    assertThat(gradient(x -> x.pad(9, 0, 1, 1, 0), of(Shape.of(1, 2), 1, 2), 1, 2, 3, 4, 5, 6))
        .containsExactly(4, 5);
    Primitive.Pad spread = new Primitive.Pad(List.of(1), List.of(0), List.of(2), 0);
    assertThat(gradient(x -> Dispatcher.call(spread, x), vector(1, 2), 1, 2, 3, 4, 5))
        .containsExactly(2, 5);
  }

  @Test
  void softmaxesDifferentiateByTheirOutputs() {
    double half = 0.5;
    assertThat(gradient(x -> x.softmax(0), vector(1, 1), 4, 8))
        .containsExactly(half * (4 - 6), half * (8 - 6));
    assertThat(gradient(x -> x.logSoftmax(0), vector(1, 1), 4, 8)).containsExactly(-2, 2);
    check(x -> x.softmax(0).square(), MATRIX);
    check(x -> x.logSoftmax(1).square(), MATRIX);
  }

  @Test
  void everyInputOfLayerNormHasItsGradient() {
    Tensor x = random(9, 2, 2, 3);
    Tensor factor = random(10, 2, 3);
    Tensor summand = random(11, 2, 3);
    check(v -> v.layerNorm(2, null, null, 0.1).square(), x);
    check(v -> v.layerNorm(2, factor, summand, 0.1).square(), x);
    check(v -> x.layerNorm(2, v, null, 0.1).square(), factor);
    check(v -> x.layerNorm(2, factor, v, 0.1).square(), summand);
    check(v -> x.layerNorm(2, null, v, 0.1).square(), summand);
  }

  @Test
  void everyOutputOfABatchNormPassesGradients() {
    Tensor x = random(9, 2, 2, 2);
    check(v -> v.batchNorm(0.1).output().square(), x);
    check(v -> v.batchNorm(0.1).mean().square(), x);
    check(v -> v.batchNorm(0.1).variance().square(), x);
    check(
        v -> {
          NeuralOps.Normalized all = v.batchNorm(0.1);
          return all.output().select(2, 0).mul(all.mean()).mul(all.variance());
        },
        x);
  }

  @Test
  void aGradientComesBackFromAnotherDevice() {
    Tensor x = vector(1, 2).requiresGrad(true);
    Device other = Device.of("reference", new ReferenceBackend());
    Tensor far = x.to(other).mul(3);
    far.sum().backward();
    assertThat(Objects.requireNonNull(x.grad()).device()).isSameAs(x.device());
    assertThat(values(x)).containsExactly(3, 3);
  }

  @Test
  void meansOfANormalisationAreByTheNumberOfElements() {
    // Two channels of two elements: the mean's gradient is spread over them.
    Tensor x = of(Shape.of(2, 2), 1, 2, 3, 6);
    double[] found = gradient(v -> v.batchNorm(0).mean(), x, 4, 8);
    assertThat(found).containsExactly(new double[] {2, 4, 2, 4}, within(1e-12));
    // And the variance's is 2 (x − mean) / count.
    double[] spread = gradient(v -> v.batchNorm(0).variance(), x, 1, 1);
    assertThat(spread).containsExactly(new double[] {-1, -2, 1, 2}, within(1e-12));
  }
}
