package dev.ladera.autograd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ladera.ArgumentException;
import dev.ladera.BackendException;
import dev.ladera.DType;
import dev.ladera.Device;
import dev.ladera.GradientException;
import dev.ladera.Shape;
import dev.ladera.ShapeException;
import dev.ladera.Tensor;
import dev.ladera.op.Composite;
import dev.ladera.op.Gradient;
import dev.ladera.op.Pointwise;
import dev.ladera.op.TensorFunction;
import dev.ladera.op.TensorType;
import dev.ladera.testkit.ReferenceBackend;
import java.util.Arrays;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

/** Operators of the user's own that break their contract fail by name. */
class OwnOperatorErrorsTest {
  /** An operator that is right unless told otherwise: 2 · x. */
  private record Twice(
      String name, UnaryOperator<TensorType[]> types, UnaryOperator<Tensor[]> body, Gradient rule)
      implements Composite {
    static Twice by(Gradient.Rule rule) {
      return new Twice("twice", Twice::same, Twice::doubled, Gradient.of(rule));
    }

    static Twice inferring(UnaryOperator<TensorType[]> types) {
      return new Twice("twice", types, Twice::doubled, Gradient.ofBody());
    }

    static Twice decomposed(UnaryOperator<Tensor[]> body) {
      return new Twice("twice", Twice::same, body, Gradient.ofBody());
    }

    static TensorType[] same(TensorType[] inputs) {
      return new TensorType[] {inputs[0]};
    }

    static Tensor[] doubled(Tensor[] inputs) {
      return new Tensor[] {inputs[0].mul(2)};
    }

    @Override
    public TensorType[] infer(TensorType... inputs) {
      return types.apply(inputs);
    }

    @Override
    public Tensor[] decompose(Tensor... inputs) {
      return body.apply(inputs);
    }

    @Override
    public Gradient gradient() {
      return rule;
    }
  }

  private static Tensor leaf() {
    return Tensor.of(new double[] {1, 2}).requiresGrad(true);
  }

  private static void assertRuleFails(Gradient.Rule rule, String message) {
    TensorFunction function = TensorFunction.of("twice", x -> x.mul(2)).gradient(rule);
    assertThatThrownBy(() -> function.call(leaf()).sum().backward())
        .isInstanceOf(GradientException.class)
        .hasMessage(message);
    assertThatThrownBy(() -> Twice.by(rule).call(leaf()).sum().backward())
        .isInstanceOf(GradientException.class)
        .hasMessage(message);
  }

  @Test
  void aGradientOfAnotherShape() {
    assertRuleFails(
        (in, out, g) -> List.of(g.get(0).sum()),
        "twice: its rule answered a gradient float64() for input 0, which is float64(2,)");
  }

  @Test
  void aGradientOfAnotherType() {
    assertRuleFails(
        (in, out, g) -> List.of(g.get(0).to(DType.FLOAT32)),
        "twice: its rule answered a gradient float32(2,) for input 0, which is float64(2,)");
  }

  @Test
  void aGradientOnAnotherDevice() {
    Device other = Device.of("reference", new ReferenceBackend());
    assertRuleFails(
        (in, out, g) -> List.of(g.get(0).to(other)),
        "twice: its rule answered a gradient on reference:0 for input 0, which is on reference:0");
  }

  @Test
  void moreOrFewerGradientsThanInputs() {
    assertRuleFails(
        (in, out, g) -> List.of(g.get(0), g.get(0)),
        "twice: its rule answered 2 gradients for 1 inputs");
    assertRuleFails((in, out, g) -> List.of(), "twice: its rule answered 0 gradients for 1 inputs");
  }

  @Test
  @SuppressWarnings("NullAway") // What a rule must not do.
  void aRuleThatThrowsOrAnswersNull() {
    assertRuleFails(
        (in, out, g) -> {
          throw new IllegalStateException("no idea");
        },
        "twice: its gradient rule failed: java.lang.IllegalStateException: no idea");
    assertRuleFails(
        (in, out, g) -> null,
        "twice: its gradient rule failed: java.lang.NullPointerException: it answered null");
    assertThatThrownBy(() ->
            Twice.by((in, out, g) -> List.of(g.get(0).mul(Tensor.ones(3))))
                .call(leaf())
                .sum()
                .backward())
        .isInstanceOf(GradientException.class)
        .hasMessageStartingWith("twice: its gradient rule failed: dev.ladera.ShapeException: mul:")
        .hasCauseInstanceOf(ShapeException.class);
  }

  @Test
  void aDecompositionOfOtherTypesThanInferred() {
    Twice wide = Twice.decomposed(in -> new Tensor[] {in[0].mul(2).to(DType.FLOAT32)});
    String message = "twice: decompose answered [float32(2,)] where infer said [float64(2,)]";
    assertThatThrownBy(() -> wide.call(leaf().detach()))
        .isInstanceOf(BackendException.class)
        .hasMessage(message);
    assertThatThrownBy(() -> wide.call(leaf())).hasMessage(message);
    assertThatThrownBy(() -> Twice.decomposed(in -> new Tensor[0]).call(leaf().detach()))
        .isInstanceOf(BackendException.class)
        .hasMessage("twice: decompose answered [] where infer said [float64(2,)]");
  }

  @Test
  @SuppressWarnings("NullAway") // What a decomposition must not do.
  void aDecompositionThatThrowsOrAnswersNull() {
    Twice broken =
        Twice.decomposed(in -> {
          throw new IllegalStateException("no idea");
        });
    String message = "twice: decompose failed: java.lang.IllegalStateException: no idea";
    assertThatThrownBy(() -> broken.call(leaf().detach()))
        .isInstanceOf(BackendException.class)
        .hasMessage(message);
    assertThatThrownBy(() -> broken.call(leaf())).hasMessage(message);
    assertThatThrownBy(() -> Twice.decomposed(in -> null).call(leaf()))
        .hasMessage("twice: decompose failed: java.lang.NullPointerException: it answered null");
    assertThatThrownBy(() -> Twice.decomposed(in -> new Tensor[1]).call(leaf()))
        .hasMessage("twice: decompose answered [null] where infer said [float64(2,)]");
    assertThatThrownBy(
            () -> Twice.decomposed(in -> new Tensor[] {in[0].mul(Tensor.ones(3))}).call(leaf()))
        .as("Ladera's own exceptions pass")
        .isInstanceOf(ShapeException.class)
        .hasMessageStartingWith("mul:");
  }

  @Test
  @SuppressWarnings("NullAway") // What inference must not do.
  void anInferenceThatThrowsSomethingUntypedOrAnswersNull() {
    Twice outside = Twice.inferring(in -> new TensorType[] {in[3]});
    assertThatThrownBy(() -> outside.call(leaf()))
        .isInstanceOf(BackendException.class)
        .hasMessageStartingWith(
            "twice: infer failed for [float64(2,)]: java.lang.ArrayIndexOutOfBoundsException")
        .hasCauseInstanceOf(ArrayIndexOutOfBoundsException.class);
    assertThatThrownBy(() -> Twice.inferring(in -> null).call(leaf()))
        .isInstanceOf(BackendException.class)
        .hasMessage(
            "twice: infer failed for [float64(2,)]: java.lang.NullPointerException: it answered"
                + " null");
    Twice refusing =
        Twice.inferring(in -> {
          throw new ShapeException("twice", "needs a matrix", in[0].shape());
        });
    assertThatThrownBy(() -> refusing.call(leaf()))
        .isInstanceOf(ShapeException.class)
        .hasMessage("twice: needs a matrix");
  }

  @Test
  void anOperatorWithoutInputsOrOutputs() {
    assertThatThrownBy(() -> Twice.inferring(Twice::same).call())
        .isInstanceOf(ArgumentException.class)
        .hasMessage("twice: inputs must not be empty, as it runs on the device of its inputs");
    assertThatThrownBy(() -> Pointwise.of("one", 0, in -> dev.ladera.op.Expr.of(1)).call())
        .isInstanceOf(ArgumentException.class)
        .hasMessage("one: inputs must not be empty, as it runs on the device of its inputs");
    Twice silent =
        new Twice("twice", in -> new TensorType[0], in -> new Tensor[0], Gradient.ofBody());
    assertThatThrownBy(() -> silent.call(leaf()))
        .isInstanceOf(ArgumentException.class)
        .hasMessage("twice: outputs are none; run it by callAll");
    assertThat(silent.callAll(leaf())).isEmpty();
  }

  /** Bears a name that is taken. */
  private record Impostor(String name) implements Composite {
    @Override
    public TensorType[] infer(TensorType... inputs) {
      return new TensorType[] {inputs[0]};
    }

    @Override
    public Tensor[] decompose(Tensor... inputs) {
      return new Tensor[] {inputs[0].mul(3)};
    }
  }

  private static Tensor onItsOwnDevice() {
    return Tensor.of(new double[] {1, 2, 3, 4}, 2, 2)
        .to(Device.of("reference", new ReferenceBackend()));
  }

  @Test
  void twoClassesOfOneName() {
    Tensor x = onItsOwnDevice();
    Twice.inferring(Twice::same).call(x);
    String message =
        "twice: name is borne by two classes of operators on reference:0, "
            + Twice.class.getName()
            + " and "
            + Impostor.class.getName()
            + "; rename one";
    assertThatThrownBy(() -> new Impostor("twice").call(x))
        .isInstanceOf(ArgumentException.class)
        .hasMessage(message);
    Tensor recorded = x.detach().requiresGrad(true);
    assertThatThrownBy(() -> new Impostor("twice").call(recorded)).hasMessage(message);
  }

  @Test
  void aClassThatBearsTheNameOfOneOfLaderas() {
    Tensor x = onItsOwnDevice();
    x.matmul(x);
    assertThatThrownBy(() -> new Impostor("matmul").call(x))
        .isInstanceOf(ArgumentException.class)
        .hasMessageContaining("dev.ladera.op.Primitive$MatMul and " + Impostor.class.getName());
    new Impostor("softmax").call(x);
    assertThatThrownBy(() -> x.softmax(0))
        .isInstanceOf(ArgumentException.class)
        .hasMessageContaining(Impostor.class.getName() + " and dev.ladera.op.Softmax");
  }

  @Test
  void namesOfLambdasAndFunctionsAreLabels() {
    Tensor x = onItsOwnDevice();
    Pointwise lambda = Pointwise.of("matmul", v -> v.mul(2));
    TensorFunction function = TensorFunction.of("matmul", v -> v.mul(3)).withoutGradient();
    assertThat(Arrays.stream(lambda.call(x).toDoubleArray()).sum()).isEqualTo(20);
    assertThat(function.call(x).sum().item()).isEqualTo(30);
    assertThat(x.matmul(x).shape()).isEqualTo(Shape.of(2, 2));
  }
}
