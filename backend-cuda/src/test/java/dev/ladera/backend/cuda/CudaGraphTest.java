package dev.ladera.backend.cuda;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.ladera.DType;
import dev.ladera.Device;
import dev.ladera.GradientException;
import dev.ladera.Gradients;
import dev.ladera.Shape;
import dev.ladera.Tensor;
import dev.ladera.op.Pointwise;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Work that is recorded once and done again by one call each. */
class CudaGraphTest {
  private static final int INVALID_VALUE = 1;
  private static final int LENGTH = 600_000;

  private static FakeCuda fake;
  private static CudaBackend backend;
  private static Device device;

  @BeforeAll
  static void open() {
    fake = TestDevice.useFake();
    backend = new CudaBackend(0);
    device = Device.of("cuda", backend);
  }

  @AfterEach
  void nothingWasDoneThatARealDriverWouldNotForgive() {
    assertThat(fake.violations()).isEmpty();
    assertThat(fake.count(FakeCuda.Count.GRAPHS)).isZero();
    assertThat(fake.count(FakeCuda.Count.GRAPH_EXECS)).isZero();
    assertThat(fake.count(FakeCuda.Count.STREAMS)).isEqualTo(1);
  }

  private static Tensor numbers(int seed, int... sizes) {
    Shape shape = Shape.of(sizes);
    float[] values = new float[(int) shape.elements()];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) Math.sin(seed + 0.7 * i);
    }
    return Tensor.ofArray(values, shape, device);
  }

  private static Tensor classes(int seed) {
    long[] values = new long[8];
    for (int i = 0; i < values.length; i++) {
      values[i] = (seed + i) % 3;
    }
    return Tensor.ofArray(values, Shape.of(8, 1), device);
  }

  /** A perceptron of two layers, trained with momentum. */
  private static final class Perceptron {
    private static final Pointwise MOMENTUM =
        Pointwise.of("momentum", (buffer, g) -> buffer.mul(0.9).add(g));
    private static final Pointwise DESCENT = Pointwise.of("descent", (w, m) -> w.sub(m.mul(0.1)));

    private final Tensor inputs = numbers(0, 8, 5);
    private final Tensor targets = classes(0);
    private final List<Tensor> parameters =
        List.of(numbers(1, 5, 7), numbers(2, 7), numbers(3, 7, 3), numbers(4, 3));
    private final List<Tensor> buffers = new ArrayList<>();
    private Tensor loss = numbers(5, 1);

    Perceptron() {
      for (Tensor parameter : parameters) {
        parameter.requiresGrad(true);
        buffers.add(Tensor.zeros(parameter.shape(), DType.FLOAT32, device));
      }
    }

    void batch(int number) {
      inputs.assign(numbers(10 + number, 8, 5));
      targets.assign(classes(number));
    }

    void step() {
      parameters.forEach(Tensor::clearGrad);
      Tensor hidden = inputs.matmul(parameters.get(0)).add(parameters.get(1)).relu();
      Tensor scores = hidden.matmul(parameters.get(2)).add(parameters.get(3)).logSoftmax(1);
      loss = scores.gather(1, targets).mean().neg();
      loss.backward();
      Gradients.noGrad(() -> {
        for (int i = 0; i < parameters.size(); i++) {
          Tensor parameter = parameters.get(i);
          buffers.get(i).assign(MOMENTUM, Objects.requireNonNull(parameter.grad()));
          parameter.assign(DESCENT, buffers.get(i));
        }
      });
    }
  }

  @Test
  void aRecordedStepTrainsAsTheStepItselfDoes() {
    int steps = 6;
    Perceptron eager = new Perceptron();
    List<Double> losses = new ArrayList<>();
    for (int i = 0; i < steps; i++) {
      eager.batch(i);
      eager.step();
      losses.add(eager.loss.item());
    }
    Perceptron recorded = new Perceptron();
    recorded.batch(0);
    try (CudaGraph graph = backend.capture(recorded::step)) {
      for (int i = 1; i < steps; i++) {
        recorded.batch(i);
        long launches = fake.calls("cuLaunchKernel");
        graph.launch();
        assertThat(fake.calls("cuLaunchKernel")).isEqualTo(launches);
        assertThat(recorded.loss.item()).isEqualTo(losses.get(i));
        GarbagePressure.collect();
      }
    }
    for (int i = 0; i < eager.parameters.size(); i++) {
      assertThat(recorded.parameters.get(i).toFloatArray())
          .isEqualTo(eager.parameters.get(i).toFloatArray());
    }
    assertThat(losses.getLast()).isLessThan(losses.getFirst());
  }

  @Test
  void memoryOfTheWorkStaysUntilTheGraphIsClosed() {
    Tensor sum = Tensor.zeros(Shape.of(1), DType.FLOAT32, device);
    device.synchronize();
    GarbagePressure.collect();
    long before = fake.count(FakeCuda.Count.ALLOCATIONS);
    // Long sums take memory for their parts, which is nobody's.
    Tensor ones = Tensor.ones(Shape.of(LENGTH), DType.FLOAT32, device);
    CudaGraph graph = backend.capture(() -> sum.assign(sum.add(ones.mul(2).sum())));
    for (int i = 0; i < 2; i++) {
      GarbagePressure.collect();
      graph.launch();
    }
    assertThat(sum.item()).isEqualTo(3 * 2 * LENGTH);
    assertThat(fake.count(FakeCuda.Count.ALLOCATIONS)).isGreaterThan(before + 3);
    graph.close();
    ones.fill(0);
    assertThat(settled(before + 1)).isEqualTo(before + 1);
    assertThatThrownBy(graph::launch)
        .isInstanceOf(CaptureException.class)
        .hasMessage("graph: cannot be launched, as it was closed");
  }

  /**
   * How many allocations are left when the collector has run, which it may have to more than once.
   */
  private static long settled(long expected) {
    for (int i = 0; i < 20 && fake.count(FakeCuda.Count.ALLOCATIONS) > expected; i++) {
      GarbagePressure.collect();
    }
    return fake.count(FakeCuda.Count.ALLOCATIONS);
  }

  @Test
  void aGraphThatNobodyHoldsIsFreed() {
    Tensor x = numbers(1, 10);
    backend.capture(() -> x.assign(x.mul(2))).launch();
    for (int i = 0; i < 20 && fake.count(FakeCuda.Count.GRAPH_EXECS) > 0; i++) {
      GarbagePressure.collect();
    }
    assertThat(fake.count(FakeCuda.Count.GRAPH_EXECS)).isZero();
  }

  @Test
  void workThatReadsOrWaitsCannotBeRecorded() {
    Tensor x = numbers(1, 10);
    float[] values = x.toFloatArray();
    List<Runnable> works =
        List.of(
            () -> x.toFloatArray(),
            () -> Tensor.ofArray(values, Shape.of(10), device),
            device::synchronize);
    for (Runnable work : works) {
      assertThatThrownBy(() -> backend.capture(work))
          .isInstanceOf(CaptureException.class)
          .hasMessageContaining("by work that is recorded, which is done later; do it before or");
    }
    assertThat(x.add(1).sub(1).toFloatArray()).hasSameSizeAs(values);
  }

  @Test
  void workThatFailsLeavesNothingBehind() {
    Tensor x = numbers(1, LENGTH);
    double sum = x.sum().item();
    int[] calls = new int[1];
    assertThatThrownBy(() ->
            backend.capture(() -> {
              x.sum();
              if (calls[0]++ == 1) {
                throw new IllegalStateException("the work's own");
              }
            }))
        .hasMessage("the work's own");
    assertThat(x.sum().item()).isEqualTo(sum);
  }

  @Test
  void callsThatFailAreNamed() {
    Tensor x = numbers(1, 10);
    for (String call :
        List.of(
            "cuStreamBeginCapture_v2",
            "cuStreamEndCapture",
            "cuGraphInstantiateWithFlags",
            "cuGraphLaunch")) {
      fake.fail(call, 1, INVALID_VALUE);
      CudaException failure =
          catchThrowableOfType(
              CudaException.class,
              () -> {
                try (CudaGraph graph = backend.capture(x::exp)) {
                  graph.launch();
                }
              });
      assertThat(failure.call()).isEqualTo(call);
      // Whether the fake ended the capture itself or not, it is over.
      assertThat(x.exp().toFloatArray()).hasSize(10);
    }
  }

  @Test
  void graphsDoNotNest() {
    Tensor x = numbers(1, 10);
    assertThatThrownBy(() -> backend.capture(() -> backend.capture(x::exp).close()))
        .isInstanceOf(CaptureException.class)
        .hasMessage("capture: work that is recorded cannot record other work");
    try (CudaGraph graph = backend.capture(x::exp)) {
      assertThatThrownBy(() -> backend.capture(graph::launch))
          .isInstanceOf(CaptureException.class)
          .hasMessage("graph: cannot be launched by work that is recorded itself");
    }
  }

  @Test
  void otherThreadsWaitWhileWorkIsRecorded() throws Exception {
    Tensor x = numbers(1, 10);
    float[] expected = x.exp().toFloatArray();
    CountDownLatch recording = new CountDownLatch(2);
    CompletableFuture<float[]> other =
        CompletableFuture.supplyAsync(() -> {
          try {
            recording.await();
          } catch (InterruptedException interrupted) {
            throw new IllegalStateException(interrupted);
          }
          return x.exp().toFloatArray();
        });
    CudaGraph graph =
        backend.capture(() -> {
          recording.countDown();
          x.mul(2);
          // Long enough for the other thread to try, and be recorded if it could.
          sleep(200);
          assertThat(other.isDone()).isFalse();
        });
    assertThat(other.get()).isEqualTo(expected);
    graph.close();
  }

  private static void sleep(long millis) {
    try {
      Thread.sleep(millis);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  @Test
  void aLaunchOverwritesWhatGradientsMayHaveSaved() {
    Tensor x = numbers(1, 10);
    Tensor w = numbers(2, 10).requiresGrad(true);
    try (CudaGraph graph = backend.capture(() -> Gradients.noGrad(() -> x.assign(x.mul(2))))) {
      Tensor product = w.mul(x).sum();
      graph.launch();
      assertThatThrownBy(product::backward).isInstanceOf(GradientException.class);
    }
  }
}
