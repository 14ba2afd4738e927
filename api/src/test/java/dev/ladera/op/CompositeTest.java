package dev.ladera.op;

import static dev.ladera.op.Inference.infer;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.ladera.ArgumentException;
import dev.ladera.ArrayBackend;
import dev.ladera.DTypeException;
import dev.ladera.Device;
import dev.ladera.Dispatcher;
import dev.ladera.IndexException;
import dev.ladera.Shape;
import dev.ladera.ShapeException;
import dev.ladera.Tensor;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What composites infer, and what their bodies compute. */
class CompositeTest {
  private final Device device = ArrayBackend.device();

  private static void refused(
      Operator operator, Class<? extends Throwable> error, String message, String... inputs) {
    assertThatThrownBy(() -> infer(operator, inputs)).isInstanceOf(error).hasMessage(message);
  }

  private Tensor of(Shape shape, double... values) {
    return Tensor.ofArray(values, shape, device);
  }

  private static void close(Tensor actual, double... expected) {
    assertThat(actual.toDoubleArray()).containsExactly(expected, within(1e-12));
  }

  private static void count(Composite composite, int inputs) {
    String[] more = Collections.nCopies(inputs + 1, "float32(2, 2)").toArray(new String[0]);
    refused(
        composite,
        ArgumentException.class,
        composite.name() + ": inputs must be " + inputs + ", not " + (inputs + 1),
        more);
  }

  @Test
  void eachHasANameAndANumberOfInputs() {
    List<Composite> composites =
        List.of(
            new Softmax(0),
            new LogSoftmax(0),
            new LayerNorm(1, 1e-5),
            new BatchNorm(1e-5),
            new ToDevice(device));
    assertThat(composites)
        .extracting(Composite::name)
        .containsExactly("softmax", "logSoftmax", "layerNorm", "batchNorm", "toDevice");
    composites.stream().filter(c -> !(c instanceof LayerNorm)).forEach(c -> count(c, 1));
    List<Composite> backward =
        List.of(
            new Softmax.Backward(0),
            new LogSoftmax.Backward(0),
            new LayerNorm.Backward(1, 1e-5),
            new BatchNorm.Backward(1e-5));
    assertThat(backward)
        .extracting(Composite::name)
        .containsExactly(
            "softmaxBackward", "logSoftmaxBackward", "layerNormBackward", "batchNormBackward");
    count(backward.get(0), 2);
    count(backward.get(1), 2);
    count(backward.get(3), 3);
  }

  @Test
  void softmaxesKeepTheTypeAndNeedAFloatingTensorWithTheirAxis() {
    for (Composite softmax : List.of(new Softmax(1), new LogSoftmax(1))) {
      assertThat(infer(softmax, "float64(2, 3)")).containsExactly("float64(2, 3)");
      refused(
          softmax,
          DTypeException.class,
          softmax.name() + ": input is int32; a floating type is needed, use to(DType.FLOAT32)",
          "int32(2, 3)");
      refused(
          softmax,
          IndexException.class,
          softmax.name() + ": axis 1 does not exist in shape (2,); use 0 to 0",
          "float32(2,)");
    }
    for (Composite softmax : List.of(new Softmax(-1), new LogSoftmax(-1))) {
      refused(
          softmax,
          IndexException.class,
          softmax.name() + ": axis -1 does not exist in shape (2,); use 0 to 0",
          "float32(2,)");
    }
  }

  @Test
  void gradientsHaveTheTypeOfTheOutput() {
    assertThat(infer(new Softmax.Backward(0), "float32(2, 1)", "float32(2, 3)"))
        .containsExactly("float32(2, 3)");
    assertThat(infer(new LogSoftmax.Backward(0), "float32(2, 1)", "float32(2, 3)"))
        .containsExactly("float32(2, 3)");
    assertThat(infer(new LayerNorm.Backward(1, 0), "float32(2, 3)", "float32(2, 3)"))
        .containsExactly("float32(2, 3)");
    assertThat(infer(new LayerNorm.Backward(1, 0), "float32(2, 3)", "float32(2, 3)", "float32(3,)"))
        .containsExactly("float32(2, 3)", "float32(3,)", "float32(3,)");
    assertThat(infer(new BatchNorm.Backward(0), "float32(2, 3)", "float32(2, 3)", "float32(3,)"))
        .containsExactly("float32(2, 3)");
  }

  @Test
  void aSoftmaxSumsToOneAlongItsAxisHoweverLargeItsInput() {
    double log2 = Math.log(2);
    Tensor x = of(Shape.of(2, 3), 0, log2, 0, 1000, 1000 + log2, 1000);
    close(Dispatcher.call(new Softmax(1), x), 0.25, 0.5, 0.25, 0.25, 0.5, 0.25);
    close(
        Dispatcher.call(new LogSoftmax(1), x),
        -2 * log2,
        -log2,
        -2 * log2,
        -2 * log2,
        -log2,
        -2 * log2);
    close(Dispatcher.call(new Softmax(0), of(Shape.of(2, 1), 5, 5)), 0.5, 0.5);
  }

  @Test
  void aSoftmaxOfNothingIsNothing() {
    Tensor nothing = of(Shape.of(2, 0));
    assertThat(Dispatcher.call(new Softmax(1), nothing).shape()).isEqualTo(Shape.of(2, 0));
    assertThat(Dispatcher.call(new LogSoftmax(1), nothing).shape()).isEqualTo(Shape.of(2, 0));
  }

  @Test
  void theGradientsOfSoftmaxesComeFromTheirOutputs() {
    // y · (g − Σ g·y), and g − exp(y) · Σ g.
    Tensor g = of(Shape.of(1, 2), 3, 5);
    close(
        Dispatcher.call(new Softmax.Backward(1), g, of(Shape.of(1, 2), 0.25, 0.75)),
        0.25 * (3 - 4.5),
        0.75 * (5 - 4.5));
    close(
        Dispatcher.call(
            new LogSoftmax.Backward(1), g, of(Shape.of(1, 2), Math.log(0.25), Math.log(0.75))),
        3 - 0.25 * 8,
        5 - 0.75 * 8);
  }

  @Test
  void aLossByClassesRefusesWhatDoesNotFit() {
    NllLoss loss = new NllLoss(1, -100, NllLoss.Joining.MEAN);
    assertThat(infer(loss, "float32(2, 3)", "int32(2,)")).containsExactly("float32()", "float32()");
    assertThat(infer(new NllLoss(1, 0, NllLoss.Joining.NONE), "float64(2, 3, 4)", "int64(2, 4)"))
        .containsExactly("float64(2, 4)", "float64()");
    assertThat(
            infer(
                new NllLoss.Backward(loss), "float32()", "float32(2, 3)", "int64(2,)", "float32()"))
        .containsExactly("float32(2, 3)");
    refused(
        loss,
        ShapeException.class,
        "nllLoss: target (3,) must be (2,) for input (2, 3) with classes along axis 1",
        "float32(2, 3)",
        "int64(3,)");
    refused(
        loss,
        ShapeException.class,
        "nllLoss: weight (2,) must be (3,) for input (2, 3) with classes along axis 1",
        "float32(2, 3)",
        "int64(2,)",
        "float32(2,)");
    refused(
        loss,
        IndexException.class,
        "nllLoss: axis 1 does not exist in shape (2,); use 0 to 0",
        "float32(2,)",
        "int64()");
    refused(
        loss,
        DTypeException.class,
        "nllLoss: target is float32; classes are numbered by int32 or int64, use to(DType.INT64)",
        "float32(2, 3)",
        "float32(2,)");
    refused(
        new NllLoss.Backward(loss),
        ShapeException.class,
        "nllLossBackward: gradient (2,) must be () for input (2, 3) with classes along axis 1",
        "float32(2,)",
        "float32(2, 3)",
        "int64(2,)",
        "float32()");
    refused(
        new NllLoss.Backward(loss),
        ShapeException.class,
        "nllLossBackward: total (1,) must be () for input (2, 3) with classes along axis 1",
        "float32()",
        "float32(2, 3)",
        "int64(2,)",
        "float32(1,)");
  }

  @Test
  void crossEntropyRefusesWhatItsLossDoes() {
    CrossEntropy entropy = new CrossEntropy(new NllLoss(1, -100, NllLoss.Joining.SUM));
    assertThat(infer(entropy, "float32(2, 3)", "int32(2,)"))
        .containsExactly("float32()", "float32()", "float32(2, 3)");
    refused(
        entropy,
        ShapeException.class,
        "crossEntropy: target (3,) must be (2,) for input (2, 3) with classes along axis 1",
        "float32(2, 3)",
        "int64(3,)");
    refused(
        new CrossEntropy.Backward(entropy.loss()),
        ShapeException.class,
        "crossEntropyBackward: total (1,) must be () for input (2, 3) with classes along axis 1",
        "float32()",
        "float32(2, 3)",
        "int64(2,)",
        "float32(1,)");
  }

  @Test
  void layerNormNormalisesTheLastAxes() {
    for (int axes = 1; axes <= 3; axes++) {
      assertThat(infer(new LayerNorm(axes, 0), "float32(2, 3, 4)"))
          .containsExactly("float32(2, 3, 4)");
    }
    Tensor x = of(Shape.of(2, 1, 2), 1, 3, -2, 2);
    close(Dispatcher.call(new LayerNorm(2, 0), x), -1, 1, -1, 1);
    close(Dispatcher.call(new LayerNorm(1, 3), x), -0.5, 0.5, -2 / Math.sqrt(7), 2 / Math.sqrt(7));
    close(Dispatcher.call(new LayerNorm(3, 0), of(Shape.of(1, 2, 1), 1, 3)), -1, 1);
    Tensor factor = of(Shape.of(2), 3, 5);
    close(Dispatcher.call(new LayerNorm(1, 0), x, factor), -3, 5, -3, 5);
    close(Dispatcher.call(new LayerNorm(1, 0), x, factor, of(Shape.of(2), 1, 2)), -2, 7, -2, 7);
  }

  @Test
  void layerNormTakesAFactorAndASummandOfTheNormalisedShape() {
    Composite norm = new LayerNorm(2, 0);
    assertThat(infer(norm, "float32(2, 3, 4)", "float32(3, 4)", "float32(3, 4)"))
        .containsExactly("float32(2, 3, 4)");
    refused(
        norm,
        ShapeException.class,
        "layerNorm: weight (4,) must have the shape of the last 2 axes of input (2, 3, 4), (3, 4)",
        "float32(2, 3, 4)",
        "float32(4,)");
    refused(
        norm,
        ShapeException.class,
        "layerNorm: bias (1, 4) must have the shape of the last 2 axes of input (2, 3, 4), (3, 4)",
        "float32(2, 3, 4)",
        "float32(3, 4)",
        "float32(1, 4)");
    refused(
        norm,
        DTypeException.class,
        "layerNorm: input is float32 and weight is float64; convert one of them with to(DType)",
        "float32(2, 3, 4)",
        "float64(3, 4)");
    refused(norm, ArgumentException.class, "layerNorm: inputs must be 1 to 3, not 0");
    String[] four = {"float32(2,)", "float32(2,)", "float32(2,)", "float32(2,)"};
    refused(norm, ArgumentException.class, "layerNorm: inputs must be 1 to 3, not 4", four);
    refused(
        new LayerNorm.Backward(1, 0),
        ArgumentException.class,
        "layerNormBackward: inputs must be 2 or 3, not 4",
        four);
  }

  @Test
  void layerNormNeedsAFloatingTensorWithItsAxes() {
    for (int axes : new int[] {0, 3}) {
      refused(
          new LayerNorm(axes, 0),
          ArgumentException.class,
          "layerNorm: axes must be from 1 to the 2 of (2, 3), not " + axes,
          "float32(2, 3)");
    }
    refused(
        new LayerNorm(1, 0),
        DTypeException.class,
        "layerNorm: input is bool; a floating type is needed, use to(DType.FLOAT32)",
        "bool(2, 3)");
  }

  @Test
  void batchNormNormalisesEachChannelAndAnswersMeanAndVariance() {
    assertThat(infer(new BatchNorm(0), "float32(2, 3, 4)"))
        .containsExactly("float32(2, 3, 4)", "float32(3,)", "float32(3,)");
    // Channel 0 holds 1, 3, 1, 3; channel 1 holds 0, 0, 4, 4.
    Tensor x = of(Shape.of(2, 2, 2), 1, 3, 0, 0, 1, 3, 4, 4);
    Tensor[] outputs = Dispatcher.callAll(new BatchNorm(0), x);
    close(outputs[0], -1, 1, -1, -1, -1, 1, 1, 1);
    close(outputs[1], 2, 2);
    close(outputs[2], 1, 4);
    close(Dispatcher.callAll(new BatchNorm(3), x)[0].select(1, 0), -0.5, 0.5, -0.5, 0.5);
    close(Dispatcher.callAll(new BatchNorm(0), of(Shape.of(2, 1), 1, 3))[0], -1, 1);
  }

  @Test
  void batchNormNeedsElementsOfAFloatingTypeInChannels() {
    refused(
        new BatchNorm(0),
        ShapeException.class,
        "batchNorm: input (3,) has 1 axes; at least 2 are needed",
        "float32(3,)");
    refused(
        new BatchNorm(0),
        ShapeException.class,
        "batchNorm: input (0, 3) has no elements to take means of",
        "float32(0, 3)");
    refused(
        new BatchNorm(0),
        DTypeException.class,
        "batchNorm: input is int64; a floating type is needed, use to(DType.FLOAT32)",
        "int64(2, 3)");
  }

  @Test
  void theGradientOfANormalisationIsScaledAndHasNoMean() {
    // scale · (g − mean(g) − y · mean(g · y)).
    Tensor g = of(Shape.of(1, 2, 2), 1, 2, 3, 6);
    // Rows less their means are ±1, and eps 3 makes the scale 1/2, so y is ±1/2.
    Tensor x = of(Shape.of(1, 2, 2), 1, 3, 6, 4);
    close(
        Dispatcher.call(new LayerNorm.Backward(1, 3), g, x),
        0.5 * (1 - 1.5 + 0.5 * 0.25),
        0.5 * (2 - 1.5 - 0.5 * 0.25),
        0.5 * (3 - 4.5 + 0.5 * 0.75),
        0.5 * (6 - 4.5 - 0.5 * 0.75));
    Tensor[] all = Dispatcher.callAll(new LayerNorm.Backward(1, 3), g, x, of(Shape.of(2), 2, 4));
    close(
        all[0],
        0.5 * (2 - 5 + 0.5 * 1.5),
        0.5 * (8 - 5 - 0.5 * 1.5),
        0.5 * (6 - 15 + 0.5 * 4.5),
        0.5 * (24 - 15 - 0.5 * 4.5));
    close(all[1], -0.5 + 1.5, 1 - 3);
    close(all[2], 4, 8);
    Tensor other = of(Shape.of(1, 2, 2), 1, 2, 3, 5);
    Tensor flat = of(Shape.of(1, 2, 2), 0, 1, 1, 0);
    // Channels of batchNorm: means over axes 0 and 2, scale 1 / √(variance + eps).
    close(
        Dispatcher.call(new BatchNorm.Backward(1), other, flat, of(Shape.of(2), 3, 8)),
        (1 - 1.5) / 2,
        (2 - 1.5 - 1) / 2,
        (3 - 4 - 1.5) / 3,
        (5 - 4.0) / 3);
  }

  @Test
  void aCopyOnAnotherDeviceHasTheSameTypeAndValues() {
    assertThat(infer(new ToDevice(device), "int32(2, 3)")).containsExactly("int32(2, 3)");
    Device other = ArrayBackend.device();
    Tensor copy = of(Shape.of(2), 1, 2).to(other);
    assertThat(copy.device()).isSameAs(other);
    close(copy, 1, 2);
  }

  @Test
  void aTypePrintsTypeAndShape() {
    assertThat(Inference.type("float32(2, 3)")).hasToString("float32(2, 3)");
    assertThat(new TensorType(dev.ladera.DType.BOOL, Shape.SCALAR)).hasToString("bool()");
  }
}
