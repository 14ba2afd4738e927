package dev.ladera.backend.nd4j;

import static java.lang.foreign.ValueLayout.JAVA_DOUBLE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ladera.BackendException;
import dev.ladera.DType;
import dev.ladera.Device;
import dev.ladera.GradientException;
import dev.ladera.Shape;
import dev.ladera.ShapeException;
import dev.ladera.Tensor;
import dev.ladera.autograd.GradCheck;
import dev.ladera.op.Composite;
import dev.ladera.op.Expr;
import dev.ladera.op.Gradient;
import dev.ladera.op.Pointwise;
import dev.ladera.op.Signature;
import dev.ladera.op.TensorFunction;
import dev.ladera.op.TensorType;
import dev.ladera.spi.Kernel;
import dev.ladera.spi.KernelProvider;
import dev.ladera.testkit.conformance.Operand;
import dev.ladera.testkit.conformance.OperatorCase;
import dev.ladera.testkit.conformance.OperatorConformance;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.stream.Stream;
import org.assertj.core.data.Offset;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Operators of the user's own, of each depth, on ND4J. */
class Nd4jOwnOperatorsTest {
  private static final Pointwise MISH = Pointwise.of("mish", x -> x.mul(x.softplus().tanh()));
  private static final Pointwise BLEND =
      Pointwise.of(
          "blend", 3, in -> Expr.where(in.get(0), in.get(1).mul(0.5).add(in.get(2)), in.get(2)));

  private static final TensorFunction SQUARE_ROOT =
      TensorFunction.of(
              "squareRoot",
              x -> {
                Tensor root = x.add(1).div(2);
                for (int step = 0; step < 8; step++) {
                  root = root.add(x.div(root)).div(2);
                }
                return root;
              })
          .gradient((in, out, g) -> List.of(g.get(0).div(out.get(0).mul(2))));
  private static final TensorFunction CLIPPED =
      TensorFunction.of(
          "clipped",
          x -> {
            Tensor norm = x.square().sum().sqrt();
            return norm.item() > 1 ? x.div(norm) : x;
          });
  private static final TensorFunction BOTH =
      TensorFunction.of(
              "both", 2, in -> List.of(in.get(0).mul(in.get(1)), in.get(0).sub(in.get(1))))
          .gradient((in, out, g) ->
              List.of(
                  g.get(0).mul(in.get(1)).add(g.get(1)), g.get(0).mul(in.get(0)).sub(g.get(1))));

  /** a · b + shift. */
  private record MultiplyAdd(double shift) implements Composite {
    @Override
    public String name() {
      return "multiplyAdd";
    }

    @Override
    public TensorType[] infer(TensorType... inputs) {
      if (!inputs[0].equals(inputs[1])) {
        throw new ShapeException(
            name(), "inputs must be alike", inputs[0].shape(), inputs[1].shape());
      }
      return new TensorType[] {inputs[0]};
    }

    @Override
    public Tensor[] decompose(Tensor... inputs) {
      return new Tensor[] {inputs[0].mul(inputs[1]).add(shift)};
    }

    @Override
    public Gradient gradient() {
      return Gradient.of((in, out, g) -> {
        MultiplyAdd product = new MultiplyAdd(0);
        return List.of(product.call(g.get(0), in.get(1)), product.call(g.get(0), in.get(0)));
      });
    }
  }

  private record Provider(Kernel kernel) implements KernelProvider {
    @Override
    public Class<? extends Composite> operator() {
      return MultiplyAdd.class;
    }

    @Override
    public String backend() {
      return "nd4j";
    }

    @Override
    public @Nullable Kernel prepare(Composite operator, Signature signature) {
      return signature.dtype(0) == DType.FLOAT64 ? kernel : null;
    }
  }

  private final Device device = Device.of("nd4j", new Nd4jBackend());
  private final AtomicInteger runs = new AtomicInteger();

  private void register() {
    device.register(
        new Provider((op, inputs, outputs) -> {
          runs.incrementAndGet();
          MemorySegment a = Nd4jMemory.read(inputs[0]);
          MemorySegment b = Nd4jMemory.read(inputs[1]);
          MemorySegment c = Nd4jMemory.write(outputs[0]);
          double shift = ((MultiplyAdd) op).shift();
          for (long i = 0; i < outputs[0].elements(); i++) {
            double product = a.getAtIndex(JAVA_DOUBLE, i) * b.getAtIndex(JAVA_DOUBLE, i);
            c.setAtIndex(JAVA_DOUBLE, i, product + shift);
          }
        }));
  }

  private Tensor positive(int... sizes) {
    return Twin.data(device, DType.FLOAT64, sizes).abs().add(0.5);
  }

  @TestFactory
  Stream<DynamicTest> valuesAreThoseOfTheReference() {
    return Stream.of(
        Twin.sameOne("a lambda", on -> MISH.call(Twin.data(on, DType.FLOAT32, 4, 5).t().flip(0))),
        Twin.sameOne(
            "a lambda of several types that broadcast",
            on ->
                BLEND.call(
                    Twin.data(on, DType.BOOL, 4, 1),
                    Twin.data(on, DType.INT32, 5),
                    Twin.data(on, DType.FLOAT64, 3, 1, 1))),
        Twin.sameOne("nothing", on -> MISH.call(Twin.data(on, DType.FLOAT32, 0, 5))),
        Twin.sameOne(
            "a function",
            on -> SQUARE_ROOT.call(Twin.data(on, DType.FLOAT64, 4, 5).abs().add(0.5).t())),
        Twin.same(
            "a function of two outputs",
            on ->
                BOTH.callAll(
                        Twin.data(on, DType.FLOAT32, 4, 1), Twin.data(on, DType.FLOAT32, 5).flip(0))
                    .toArray(new Tensor[0])),
        Twin.sameOne(
            "a class",
            on ->
                new MultiplyAdd(2)
                    .call(
                        Twin.data(on, DType.FLOAT32, 4, 5),
                        Twin.data(on, DType.FLOAT32, 5, 4).t())));
  }

  @TestFactory
  Stream<DynamicTest> theyDoWhatBuiltInOperationsMust() {
    register();
    return OperatorConformance.of(
        device,
        OperatorCase.of(MISH).sample("matrix", Operand.of(3, 4)).sized(n -> List.of(Operand.of(n))),
        OperatorCase.of(BLEND)
            .sample(
                "several types", Operand.mask(3), Operand.of(2, 1).as(DType.INT32), Operand.of())
            .sized(n -> List.of(Operand.mask(n), Operand.of(n), Operand.of(1))),
        OperatorCase.of("squareRoot", in -> SQUARE_ROOT.call(in.get(0)))
            .sample("matrix", Operand.within(0.5, 4, 3, 4))
            .sized(n -> List.of(Operand.within(0.5, 4, n))),
        OperatorCase.of("clipped", in -> CLIPPED.call(in.get(0)))
            .sample("long", Operand.within(1, 2, 5))
            .sample("short", Operand.within(0.01, 0.1, 2, 3)),
        OperatorCase.of("both", (_, in) -> BOTH.callAll(in.toArray(new Tensor[0])))
            .sample("matrix", Operand.of(3, 4), Operand.of(3, 4))
            .sized(n -> List.of(Operand.of(n), Operand.of(n))),
        OperatorCase.of(new MultiplyAdd(2))
            .sample("matrix", Operand.of(3, 4), Operand.of(3, 4))
            .sized(n -> List.of(Operand.of(n), Operand.of(n))));
  }

  private void check(Function<List<Tensor>, Tensor> function, Tensor... inputs) {
    GradCheck.of(function).secondOrder().check(inputs);
  }

  @Test
  void gradientsAreRightTwice() {
    check(in -> MISH.call(in.get(0).t()), positive(2, 3).sub(1));
    check(in -> BLEND.call(in.get(0).gt(1), in.get(0), in.get(1)), positive(2, 1), positive(3));
    check(in -> SQUARE_ROOT.call(in.get(0).flip(1)), positive(2, 3));
    check(in -> CLIPPED.call(in.get(0)), positive(4));
    check(in -> CLIPPED.call(in.get(0)), positive(4).mul(0.01));
    check(
        in -> {
          List<Tensor> both = BOTH.callAll(in.get(0), in.get(1));
          return both.get(0).mul(both.get(1));
        },
        positive(2, 3),
        positive(2, 3).sub(2));
    register();
    check(in -> new MultiplyAdd(1).call(in.get(0), in.get(1).t()), positive(2, 3), positive(3, 2));
    assertThat(runs.get()).isGreaterThan(100);
  }

  @Test
  void severalThreadsRunOneKernelAndOneFunction() throws Exception {
    register();
    List<Callable<double[]>> tasks = new ArrayList<>();
    for (int i = 1; i <= 32; i++) {
      Tensor a = Tensor.full(Shape.of(500), i, DType.FLOAT64, device);
      tasks.add(() -> SQUARE_ROOT.call(new MultiplyAdd(0).call(a, a)).toDoubleArray());
    }
    try (ExecutorService threads = Executors.newFixedThreadPool(4)) {
      List<Future<double[]>> answers = threads.invokeAll(tasks);
      for (int i = 1; i <= 32; i++) {
        double[] roots = new double[500];
        Arrays.fill(roots, i);
        assertThat(answers.get(i - 1).get()).containsExactly(roots, Offset.offset(1e-9));
      }
    }
    assertThat(runs).hasValue(32);
  }

  @Test
  void aKernelThatReachesTooFarIsNamed() {
    device.register(
        new Provider((op, in, out) -> Nd4jMemory.write(out[0]).setAtIndex(JAVA_DOUBLE, 6, 1)));
    assertThatThrownBy(() -> new MultiplyAdd(0).call(positive(2, 3), positive(2, 3)))
        .isInstanceOf(BackendException.class)
        .hasCauseInstanceOf(IndexOutOfBoundsException.class)
        .hasMessageStartingWith("multiplyAdd: its kernel by " + Provider.class.getName())
        .hasMessageContaining("failed on nd4j:0: ");
  }

  @Test
  void withoutGradientBackwardThrowsAndNamesIt() {
    TensorFunction sign = TensorFunction.of("hardSign", x -> x.sign()).withoutGradient();
    Tensor y = sign.call(positive(3).requiresGrad(true));
    assertThatThrownBy(() -> y.sum().backward())
        .isInstanceOf(GradientException.class)
        .hasMessageStartingWith("hardSign: has no gradient");
  }
}
