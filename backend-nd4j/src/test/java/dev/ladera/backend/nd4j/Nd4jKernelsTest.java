package dev.ladera.backend.nd4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ladera.ArgumentException;
import dev.ladera.BackendException;
import dev.ladera.DType;
import dev.ladera.Device;
import dev.ladera.Shape;
import dev.ladera.Tensor;
import dev.ladera.autograd.GradCheck;
import dev.ladera.op.Composite;
import dev.ladera.op.Gradient;
import dev.ladera.op.Signature;
import dev.ladera.op.TensorType;
import dev.ladera.spi.Kernel;
import dev.ladera.spi.KernelProvider;
import dev.ladera.testkit.conformance.Operand;
import dev.ladera.testkit.conformance.OperatorCase;
import dev.ladera.testkit.conformance.OperatorConformance;
import java.util.List;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** ND4J's own operations as kernels for operators of the user's own. */
class Nd4jKernelsTest {
  private static final List<DType> FLOATING = List.of(DType.FLOAT32, DType.FLOAT64);

  /** x · tanh(log(1 + eˣ)), whose gradient is differentiated through its decomposition. */
  private record Mish() implements Composite {
    @Override
    public String name() {
      return "mish";
    }

    @Override
    public TensorType[] infer(TensorType... inputs) {
      return new TensorType[] {inputs[0]};
    }

    @Override
    public Tensor[] decompose(Tensor... inputs) {
      return new Tensor[] {inputs[0].map(x -> x.mul(x.softplus().tanh()))};
    }

    @Override
    public Gradient gradient() {
      return Gradient.of((in, out, g) -> {
        Tensor tanh = in.get(0).map(x -> x.softplus().tanh());
        Tensor slope = tanh.square().rsub(1).mul(in.get(0).sigmoid()).mul(in.get(0)).add(tanh);
        return List.of(g.get(0).mul(slope));
      });
    }
  }

  /** x / (1 + |x|). */
  private record Softsign() implements Composite {
    @Override
    public String name() {
      return "softsign";
    }

    @Override
    public TensorType[] infer(TensorType... inputs) {
      return new TensorType[] {inputs[0]};
    }

    @Override
    public Tensor[] decompose(Tensor... inputs) {
      return new Tensor[] {inputs[0].div(inputs[0].abs().add(1))};
    }

    @Override
    public Gradient gradient() {
      return Gradient.of((in, out, g) -> List.of(new SoftsignBackward().call(in.get(0), g.get(0))));
    }
  }

  /** The gradient of softsign, from its input and the gradient of its output. */
  private record SoftsignBackward() implements Composite {
    @Override
    public String name() {
      return "softsignBackward";
    }

    @Override
    public TensorType[] infer(TensorType... inputs) {
      return new TensorType[] {inputs[0]};
    }

    @Override
    public Tensor[] decompose(Tensor... inputs) {
      return new Tensor[] {inputs[1].div(inputs[0].abs().add(1).square())};
    }
  }

  /** An operator by its parts, for operations whose gradients do not matter here. */
  private record Plain(
      String name, Function<TensorType[], TensorType[]> types, UnaryOperator<Tensor[]> body)
      implements Composite {
    @Override
    public TensorType[] infer(TensorType... inputs) {
      return types.apply(inputs);
    }

    @Override
    public Tensor[] decompose(Tensor... inputs) {
      return body.apply(inputs);
    }
  }

  private record Provider(Class<? extends Composite> operator, Kernel kernel)
      implements KernelProvider {
    @Override
    public String backend() {
      return "nd4j";
    }

    @Override
    public @Nullable Kernel prepare(Composite composite, Signature signature) {
      return kernel;
    }
  }

  /** A device on which operators of a class run by one kernel. */
  private static Device device(Class<? extends Composite> operator, Kernel kernel) {
    Device device = Device.of("nd4j", new Nd4jBackend());
    device.register(new Provider(operator, kernel));
    return device;
  }

  private static Device device(String name, Object... arguments) {
    return device(Plain.class, Nd4jKernels.op(name, arguments));
  }

  /** Ways in which six by four elements can lie. */
  private static Stream<UnaryOperator<Tensor>> views() {
    return Stream.of(
        x -> x,
        x -> x.reshape(4, 6).t(),
        x -> x.repeat(2, 3).slice(0, 0, 12, 2).slice(1, 1, 12, 3),
        x -> x.flip(0, 1),
        x -> x.slice(1, 1, 2).expand(6, 4),
        x -> x.repeat(2, 1).slice(0, 3, 9),
        x -> x.slice(0, 0, 0),
        x -> x.select(0, 2),
        x -> x.select(0, 2).select(0, 1));
  }

  private static DynamicTest same(Composite operator, Device device, DType dtype) {
    return DynamicTest.dynamicTest(
        operator.name() + " of " + dtype,
        () ->
            views()
                .forEach(view -> {
                  Tensor x = view.apply(Twin.data(device, dtype, 6, 4));
                  assertClose(operator, x);
                }));
  }

  private static void assertClose(Composite operator, Tensor... inputs) {
    TensorType[] types = Stream.of(inputs).map(Tensor::type).toArray(TensorType[]::new);
    assertThat(inputs[0].device().hasKernel(operator, types)).isTrue();
    Tensor[] actual = operator.callAll(inputs);
    Tensor[] expected = operator.decompose(inputs);
    assertThat(actual).hasSameSizeAs(expected);
    for (int i = 0; i < actual.length; i++) {
      assertThat(actual[i].type()).isEqualTo(expected[i].type());
      Tensor apart = actual[i].sub(expected[i]).abs();
      double largest = apart.elements() == 0 ? 0 : apart.to(DType.FLOAT64).amax().item();
      assertThat(largest).isLessThan(actual[i].dtype() == DType.FLOAT32 ? 1e-5 : 1e-13);
    }
  }

  @TestFactory
  Stream<DynamicTest> elementwiseFunctionsOfViews() {
    Device mish = device(Mish.class, Nd4jKernels.op("mish"));
    Device softsign = device(Softsign.class, Nd4jKernels.op("softsign"));
    Device leaky = device("lrelu", 0.125);
    Device swish = device("swish");
    Plain silu = new Plain("swish", in -> in, in -> new Tensor[] {in[0].silu()});
    Plain leakyRelu = new Plain("leaky", in -> in, in -> new Tensor[] {in[0].leakyRelu(0.125)});
    return FLOATING.stream()
        .flatMap(dtype ->
            Stream.of(
                same(new Mish(), mish, dtype),
                same(new Softsign(), softsign, dtype),
                same(silu, swish, dtype),
                same(leakyRelu, leaky, dtype)));
  }

  @Test
  void gradientsThroughKernelsAreRightTwice() {
    Device mish = device(Mish.class, Nd4jKernels.op("mish"));
    GradCheck.of(in -> new Mish().call(in.get(0).t()))
        .secondOrder()
        .check(Twin.data(mish, DType.FLOAT64, 2, 3));
    Device softsign = device(Softsign.class, Nd4jKernels.op("softsign"));
    softsign.register(new Provider(SoftsignBackward.class, Nd4jKernels.op("softsign_bp")));
    Tensor x = Twin.data(softsign, DType.FLOAT64, 2, 3);
    assertThat(softsign.hasKernel(new SoftsignBackward(), x.type(), x.type())).isTrue();
    GradCheck.of(in -> new Softsign().call(in.get(0).flip(1))).secondOrder().check(x);
  }

  @TestFactory
  Stream<DynamicTest> theyDoWhatBuiltInOperationsMust() {
    Device device = device(Mish.class, Nd4jKernels.op("mish"));
    device.register(new Provider(Softsign.class, Nd4jKernels.op("softsign")));
    device.register(new Provider(SoftsignBackward.class, Nd4jKernels.op("softsign_bp")));
    return OperatorConformance.of(
        device,
        OperatorCase.of(new Mish())
            .sample("matrix", Operand.of(3, 4))
            .sized(n -> List.of(Operand.of(n))),
        OperatorCase.of(new Softsign())
            .sample("matrix", Operand.within(0.1, 3, 3, 4))
            .sized(n -> List.of(Operand.of(n))));
  }

  @Test
  void severalInputs() {
    Plain cross =
        new Plain(
            "cross",
            in -> new TensorType[] {in[0]},
            in -> {
              Tensor[] a = columns(in[0]);
              Tensor[] b = columns(in[1]);
              return new Tensor[] {
                Tensor.stack(
                    -1,
                    a[1].mul(b[2]).sub(a[2].mul(b[1])),
                    a[2].mul(b[0]).sub(a[0].mul(b[2])),
                    a[0].mul(b[1]).sub(a[1].mul(b[0])))
              };
            });
    Device device = device("cross");
    Tensor a = Twin.data(device, DType.FLOAT64, 5, 3);
    assertClose(cross, a, Twin.data(device, DType.FLOAT64, 3, 5).t());
    assertClose(cross, a.flip(0), a.slice(0, 1, 2).expand(5, 3));
  }

  private static Tensor[] columns(Tensor x) {
    return new Tensor[] {x.select(-1, 0), x.select(-1, 1), x.select(-1, 2)};
  }

  @Test
  void severalOutputsOfSeveralTypesAndArguments() {
    Plain best =
        new Plain(
            "best",
            in -> {
              Shape shape = Shape.of(in[0].shape().size(0), 2);
              return new TensorType[] {
                new TensorType(in[0].dtype(), shape), new TensorType(DType.INT64, shape)
              };
            },
            in -> {
              var found = in[0].topk(2, 1, true);
              return new Tensor[] {found.values(), found.indices()};
            });
    assertClose(best, Twin.data(device("top_k", 2, true), DType.FLOAT32, 4, 6));
    Plain sums =
        new Plain(
            "sumsBefore",
            in -> in,
            in -> new Tensor[] {in[0].flip(1).cumsum(1).flip(1).sub(in[0])});
    assertClose(sums, Twin.data(device("cumsum", 1, 1, 1L), DType.FLOAT64, 3, 5));
    Plain means =
        new Plain(
            "means",
            in -> new TensorType[] {new TensorType(in[0].dtype(), in[0].shape().without(0))},
            in -> new Tensor[] {in[0].mean(0)});
    assertClose(means, Twin.data(device("reduce_mean", 0), DType.FLOAT64, 3, 5));
  }

  @Test
  void anEmptyInputOfAnOutputThatIsNot() {
    Plain sums =
        new Plain(
            "sums",
            in -> new TensorType[] {new TensorType(in[0].dtype(), in[0].shape().without(1))},
            in -> new Tensor[] {in[0].sum(1)});
    assertClose(sums, Tensor.zeros(Shape.of(3, 0), DType.FLOAT32, device("reduce_sum", 1)));
  }

  private static void assertFails(Plain operator, Device device, String text) {
    assertThatThrownBy(() -> operator.call(Twin.data(device, DType.FLOAT32, 2, 3)))
        .isInstanceOf(BackendException.class)
        .hasMessageStartingWith(
            operator.name()
                + ": its kernel by "
                + Provider.class.getName()
                + " failed on nd4j:0: dev.ladera.BackendException: nd4j: operation '")
        .hasMessageContaining(text);
  }

  @Test
  void whatInferSaysMustBeWhatNd4jAnswers() {
    Plain narrow =
        new Plain(
            "narrow",
            in -> new TensorType[] {new TensorType(in[0].dtype(), Shape.of(2))},
            in -> in);
    assertFails(narrow, device("softsign"), "'softsign' failed: ");
    assertFails(narrow, device("mish"), "'mish' failed: it takes one input");
    Plain wide =
        new Plain(
            "wide",
            in -> new TensorType[] {new TensorType(DType.FLOAT64, in[0].shape())},
            in -> in);
    assertFails(wide, device("softsign"), "'softsign' failed: ");
    assertFails(wide, device("mish"), "'mish' failed: it takes one input");
    assertFails(new Plain("alone", in -> in, in -> in), device("cross"), "'cross' failed: ");
  }

  @Test
  void whatNd4jDoesNotHaveIsRefusedAtOnce() {
    assertThatThrownBy(() -> Nd4jKernels.op("mash"))
        .isInstanceOf(ArgumentException.class)
        .hasMessage("mash: name is that of no custom operation of ND4J");
    assertThatThrownBy(() -> Nd4jKernels.op("mish", 1.0))
        .isInstanceOf(ArgumentException.class)
        .hasMessage("mish: arguments must be none");
    assertThatThrownBy(() -> Nd4jKernels.op("lrelu", "0.1"))
        .isInstanceOf(ArgumentException.class)
        .hasMessageStartingWith("lrelu: arguments must be numbers of type double or long");
  }
}
