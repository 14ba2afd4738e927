package dev.ladera.autograd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ladera.ArgumentException;
import dev.ladera.BackendException;
import dev.ladera.Device;
import dev.ladera.IndexException;
import dev.ladera.Tensor;
import dev.ladera.op.Composite;
import dev.ladera.op.Gradient;
import dev.ladera.op.Signature;
import dev.ladera.op.Softmax;
import dev.ladera.op.TensorType;
import dev.ladera.spi.Kernel;
import dev.ladera.spi.KernelProvider;
import dev.ladera.testkit.ReferenceBackend;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Kernels for composites beside the backend's own; on a device of each test's own. */
class KernelProviderTest {
  private final Device device = Device.of("reference", new ReferenceBackend());

  /** x · factor, with a gradient by rule, so that its kernel runs in training too. */
  private record Scale(double factor) implements Composite {
    @Override
    public String name() {
      return "scale";
    }

    @Override
    public TensorType[] infer(TensorType... inputs) {
      return new TensorType[] {inputs[0]};
    }

    @Override
    public Tensor[] decompose(Tensor... inputs) {
      return new Tensor[] {inputs[0].mul(factor)};
    }

    @Override
    public Gradient gradient() {
      return Gradient.of((in, out, g) -> List.of(new Scale(factor).call(g.get(0))));
    }
  }

  /** Provides one kernel for one class of operators, and counts its runs. */
  private static final class Counting implements KernelProvider {
    private final Class<? extends Composite> operator;
    private final @Nullable Kernel kernel;
    private final AtomicInteger runs = new AtomicInteger();

    Counting(Class<? extends Composite> operator, @Nullable Kernel kernel) {
      this.operator = operator;
      this.kernel = kernel;
    }

    @Override
    public Class<? extends Composite> operator() {
      return operator;
    }

    @Override
    public String backend() {
      return "reference";
    }

    @Override
    public @Nullable Kernel prepare(Composite composite, Signature signature) {
      Kernel prepared = kernel;
      return prepared == null
          ? null
          : (op, inputs, outputs) -> {
            runs.incrementAndGet();
            prepared.run(op, inputs, outputs);
          };
    }
  }

  private static Counting scale() {
    return new Counting(
        Scale.class,
        (op, inputs, outputs) -> outputs[0].assign(inputs[0].mul(((Scale) op).factor())));
  }

  private static Counting failing(RuntimeException failure) {
    return new Counting(
        Scale.class,
        (op, inputs, outputs) -> {
          throw failure;
        });
  }

  private Tensor input() {
    return Tensor.of(new double[] {1, 2, 3, 4, 5, 6}, 2, 3).to(device);
  }

  @Test
  void aKernelRunsInsteadOfTheDecomposition() {
    Counting provider = scale();
    device.register(provider);
    Tensor x = input();
    assertThat(device.hasKernel(new Scale(3), x.type())).isTrue();
    assertThat(new Scale(3).call(x).toDoubleArray()).containsExactly(3, 6, 9, 12, 15, 18);
    assertThat(new Scale(3).call(x.t().flip(0)).toDoubleArray())
        .containsExactly(9, 18, 6, 15, 3, 12);
    assertThat(provider.runs).hasValue(2);
  }

  @Test
  void aKernelRunsInTrainingAndInTheGradientsRule() {
    Counting provider = scale();
    device.register(provider);
    GradCheck.of(in -> new Scale(3).call(in.get(0)).square()).secondOrder().check(input());
    provider.runs.set(0);
    Tensor x = input().requiresGrad(true);
    new Scale(3).call(x).sum().backward();
    assertThat(provider.runs).hasValue(2);
  }

  @Test
  void nothingToComputeAsksNoKernel() {
    Counting provider = failing(new IllegalStateException("asked"));
    device.register(provider);
    assertThat(new Scale(3).call(input().slice(0, 0, 0)).elements()).isZero();
    assertThat(provider.runs).hasValue(0);
  }

  @Test
  void aProviderThatComesAfterTheFirstRunIsSeen() {
    Tensor x = input();
    assertThat(new Scale(3).call(x).at(0, 0)).isEqualTo(3);
    assertThat(device.hasKernel(new Scale(3), x.type())).isFalse();
    Counting provider = scale();
    device.register(provider);
    assertThat(new Scale(3).call(x).at(0, 0)).isEqualTo(3);
    assertThat(provider.runs).hasValue(1);
  }

  @Test
  void whereAProviderHasNoKernelTheDecompositionRuns() {
    Counting provider = new Counting(Scale.class, null);
    device.register(provider);
    assertThat(new Scale(3).call(input()).at(1, 2)).isEqualTo(18);
    assertThat(device.hasKernel(new Scale(3), input().type())).isFalse();
  }

  @Test
  void laderasOwnCompositesCanBeClaimed() {
    Counting provider =
        new Counting(
            Softmax.class,
            (op, inputs, outputs) -> outputs[0].assign(((Softmax) op).decompose(inputs)[0]));
    device.register(provider);
    Tensor x = input();
    assertThat(x.softmax(1).sum().item()).isCloseTo(2, org.assertj.core.data.Offset.offset(1e-12));
    assertThat(provider.runs).hasValue(1);
  }

  /** An operator whose kernels are told apart by nothing that it says. */
  private sealed interface Alike extends Composite {
    record Left() implements Alike {}

    record Right() implements Alike {}

    @Override
    default String name() {
      return getClass().getSimpleName();
    }

    @Override
    default TensorType[] infer(TensorType... inputs) {
      return new TensorType[] {inputs[0]};
    }

    @Override
    default Tensor[] decompose(Tensor... inputs) {
      return new Tensor[] {inputs[0].mul(2)};
    }

    @Override
    default Object kernelKey() {
      return "alike";
    }
  }

  @Test
  void kernelsOfTwoClassesAreNeverMistaken() {
    device.register(new Counting(Alike.Left.class, (op, in, out) -> out[0].fill(7)));
    assertThat(new Alike.Left().call(input()).at(0, 0)).isEqualTo(7);
    assertThat(new Alike.Right().call(input()).at(0, 0)).isEqualTo(2);
    assertThat(new Alike.Left().call(input()).at(0, 0)).isEqualTo(7);
  }

  @Test
  void aProviderTakesThePlaceOfAnEarlierOneOfItsClass() {
    device.register(failing(new IllegalStateException("replaced")));
    device.register(scale());
    assertThat(new Scale(3).call(input()).at(0, 0)).isEqualTo(3);
  }

  @Test
  void twoProvidersForOneOperatorAreNamed() {
    device.register(scale());
    record Other() implements KernelProvider {
      @Override
      public Class<? extends Composite> operator() {
        return Scale.class;
      }

      @Override
      public String backend() {
        return "reference";
      }

      @Override
      public @Nullable Kernel prepare(Composite operator, Signature signature) {
        return null;
      }
    }
    assertThatThrownBy(() -> device.register(new Other()))
        .isInstanceOf(ArgumentException.class)
        .hasMessage(
            "register: provider must be one for an operator: "
                + Counting.class.getName()
                + " and "
                + Other.class.getName()
                + " both have kernels for "
                + Scale.class.getName()
                + " on reference:0");
    assertThat(device.hasKernel(new Scale(1), input().type())).isTrue();
  }

  @Test
  void aProviderForAnotherKindOfDeviceIsRefused() {
    Device cpu = Device.of("cpu", new ReferenceBackend());
    assertThatThrownBy(() -> cpu.register(scale()))
        .isInstanceOf(ArgumentException.class)
        .hasMessage(
            "register: provider "
                + Counting.class.getName()
                + " has kernels for 'reference', and this device is cpu");
  }

  @Test
  void whatAKernelThrowsNamesOperatorProviderAndDevice() {
    device.register(failing(new IllegalStateException("no idea")));
    assertThatThrownBy(() -> new Scale(3).call(input()))
        .isInstanceOf(BackendException.class)
        .hasMessage(
            "scale: its kernel by "
                + Counting.class.getName()
                + " failed on reference:0: java.lang.IllegalStateException: no idea")
        .hasCauseInstanceOf(IllegalStateException.class);
  }

  @Test
  void laderasExceptionsPassOnlyInTheOperatorsOwnName() {
    device.register(failing(new IndexException("scale", "there is no row 7", 7, 3)));
    assertThatThrownBy(() -> new Scale(3).call(input()))
        .isInstanceOf(IndexException.class)
        .hasMessage("scale: there is no row 7");
    Device other = Device.of("reference", new ReferenceBackend());
    other.register(
        new Counting(Scale.class, (op, in, out) -> out[0].assign(in[0].mul(Tensor.ones(7)))));
    assertThatThrownBy(() -> new Scale(3).call(input().to(other)))
        .isInstanceOf(BackendException.class)
        .hasMessageContaining("failed on reference:0: dev.ladera.DeviceException: mul:");
  }

  @Test
  void aProviderThatFailsToPrepareIsNamedAndAskedAgain() {
    record Failing() implements KernelProvider {
      @Override
      public Class<? extends Composite> operator() {
        return Scale.class;
      }

      @Override
      public String backend() {
        return "reference";
      }

      @Override
      public @Nullable Kernel prepare(Composite operator, Signature signature) {
        throw new IllegalStateException("no compiler");
      }
    }
    device.register(new Failing());
    for (int i = 0; i < 2; i++) {
      assertThatThrownBy(() -> new Scale(3).call(input()))
          .isInstanceOf(BackendException.class)
          .hasMessageContaining(Failing.class.getName() + " failed on reference:0")
          .hasMessageEndingWith("no compiler");
    }
  }

  @Test
  void threadsThatRunAnOperatorWhileItsProviderComesAllSeeItInTheEnd() throws Exception {
    for (int round = 0; round < 50; round++) {
      Device shared = Device.of("reference", new ReferenceBackend());
      Tensor x = input().to(shared);
      Counting provider = scale();
      CountDownLatch start = new CountDownLatch(1);
      List<Callable<Double>> tasks = new ArrayList<>();
      for (int i = 0; i < 4; i++) {
        double factor = i;
        tasks.add(() -> {
          start.await();
          return new Scale(factor).call(x).at(0, 1);
        });
      }
      try (ExecutorService threads = Executors.newFixedThreadPool(5)) {
        List<Future<Double>> answers = new ArrayList<>();
        tasks.forEach(task -> answers.add(threads.submit(task)));
        Future<?> registered =
            threads.submit(() -> {
              start.await();
              shared.register(provider);
              return null;
            });
        start.countDown();
        for (int i = 0; i < answers.size(); i++) {
          assertThat(answers.get(i).get()).isEqualTo(2.0 * i);
        }
        registered.get();
      }
      for (int i = 0; i < 4; i++) {
        assertThat(shared.hasKernel(new Scale(i), x.type())).isTrue();
      }
    }
  }
}
