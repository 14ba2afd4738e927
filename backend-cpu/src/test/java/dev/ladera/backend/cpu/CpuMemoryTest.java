package dev.ladera.backend.cpu;

import static java.lang.foreign.ValueLayout.JAVA_DOUBLE;
import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ladera.BackendException;
import dev.ladera.DType;
import dev.ladera.DTypeException;
import dev.ladera.Device;
import dev.ladera.DeviceException;
import dev.ladera.Generator;
import dev.ladera.Shape;
import dev.ladera.ShapeException;
import dev.ladera.Tensor;
import dev.ladera.autograd.GradCheck;
import dev.ladera.op.Composite;
import dev.ladera.op.Gradient;
import dev.ladera.op.Operator;
import dev.ladera.op.Signature;
import dev.ladera.op.TensorType;
import dev.ladera.spi.Kernel;
import dev.ladera.spi.KernelProvider;
import dev.ladera.testkit.ReferenceBackend;
import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Kernels of the user's own over tensors' memory. */
class CpuMemoryTest {
  private final Device device = Device.of("cpu", new CpuBackend(2));
  private final AtomicInteger runs = new AtomicInteger();

  /** a · b · factor, whose gradients are two more of its kind. */
  private record Weighted(double factor) implements Composite {
    @Override
    public String name() {
      return "weighted";
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
      return new Tensor[] {inputs[0].mul(inputs[1]).mul(factor)};
    }

    @Override
    public Gradient gradient() {
      return Gradient.of(
          (in, out, g) -> List.of(call(g.get(0), in.get(1)), call(g.get(0), in.get(0))));
    }
  }

  private record Provider(Supplier<Kernel> kernel) implements KernelProvider {
    @Override
    public Class<? extends Composite> operator() {
      return Weighted.class;
    }

    @Override
    public String backend() {
      return "cpu";
    }

    @Override
    public @Nullable Kernel prepare(Composite operator, Signature signature) {
      return signature.dtype(0) == DType.BOOL ? null : kernel.get();
    }
  }

  private void weighted(Operator operator, Tensor[] inputs, Tensor[] outputs) {
    runs.incrementAndGet();
    double factor = ((Weighted) operator).factor();
    MemorySegment a = CpuMemory.read(inputs[0]);
    MemorySegment b = CpuMemory.read(inputs[1]);
    MemorySegment c = CpuMemory.write(outputs[0]);
    long count = outputs[0].elements();
    if (outputs[0].dtype() == DType.FLOAT32) {
      vectors(a, b, c, (float) factor);
      return;
    }
    for (long i = 0; i < count; i++) {
      c.setAtIndex(
          JAVA_DOUBLE, i, a.getAtIndex(JAVA_DOUBLE, i) * b.getAtIndex(JAVA_DOUBLE, i) * factor);
    }
  }

  private static void vectors(MemorySegment a, MemorySegment b, MemorySegment c, float factor) {
    VectorSpecies<Float> species = FloatVector.SPECIES_PREFERRED;
    ByteOrder order = ByteOrder.nativeOrder();
    long at = 0;
    for (; at + species.vectorByteSize() <= c.byteSize(); at += species.vectorByteSize()) {
      FloatVector.fromMemorySegment(species, a, at, order)
          .mul(FloatVector.fromMemorySegment(species, b, at, order))
          .mul(factor)
          .intoMemorySegment(c, at, order);
    }
    for (; at < c.byteSize(); at += Float.BYTES) {
      c.set(JAVA_FLOAT, at, a.get(JAVA_FLOAT, at) * b.get(JAVA_FLOAT, at) * factor);
    }
  }

  private Tensor random(DType dtype, int... sizes) {
    return new Generator(sizes.length).uniform(Shape.of(sizes), dtype, device);
  }

  private void register(Kernel kernel) {
    device.register(new Provider(() -> kernel));
  }

  @Test
  void aKernelAnswersWhatTheDecompositionDoes() {
    register(this::weighted);
    Weighted operator = new Weighted(1.5);
    for (DType dtype : List.of(DType.FLOAT32, DType.FLOAT64)) {
      for (int size : new int[] {1, 3, 4, 5, 7, 8, 9, 15, 16, 17, 33, 1000}) {
        Tensor a = random(dtype, size, 3);
        Tensor b = random(dtype, 3, size).t().flip(0);
        Tensor c = random(dtype, 1, 3).expand(size, 3);
        assertThat(operator.call(a, b).toDoubleArray())
            .isEqualTo(operator.decompose(a, b)[0].toDoubleArray());
        assertThat(operator.call(b, c).toDoubleArray())
            .isEqualTo(operator.decompose(b, c)[0].toDoubleArray());
      }
    }
    assertThat(runs).hasValue(48);
  }

  @Test
  void anEmptyOutputRunsNoKernel() {
    register(this::weighted);
    assertThat(new Weighted(2).call(random(DType.FLOAT32, 0, 3), random(DType.FLOAT32, 0, 3)))
        .extracting(Tensor::shape)
        .isEqualTo(Shape.of(0, 3));
    assertThat(runs).hasValue(0);
  }

  @Test
  void gradientsThroughAKernelAreRightTwice() {
    register(this::weighted);
    GradCheck.of(in -> new Weighted(1.5).call(in.get(0), in.get(1)).square())
        .secondOrder()
        .check(random(DType.FLOAT64, 2, 3), random(DType.FLOAT64, 3, 2).t());
    assertThat(runs.get()).isGreaterThan(100);
  }

  @Test
  void severalThreadsRunOneKernel() throws Exception {
    register(this::weighted);
    List<Callable<double[]>> tasks = new ArrayList<>();
    Tensor b = Tensor.ones(Shape.of(999), DType.FLOAT32, device);
    for (int i = 0; i < 32; i++) {
      Tensor a = Tensor.full(Shape.of(999), i, DType.FLOAT32, device);
      tasks.add(() -> new Weighted(2).call(a, b).toDoubleArray());
    }
    try (ExecutorService threads = Executors.newFixedThreadPool(4)) {
      List<Future<double[]>> answers = threads.invokeAll(tasks);
      for (int i = 0; i < answers.size(); i++) {
        assertThat(answers.get(i).get()).containsOnly(2 * i);
      }
    }
  }

  @Test
  void readingShowsExactlyTheElementsInOrder() {
    Tensor x = Tensor.arange(0, 12, 1, DType.FLOAT32, device).reshape(3, 4);
    assertThat(CpuMemory.read(x).toArray(JAVA_FLOAT)).isEqualTo(x.toFloatArray());
    Tensor row = x.select(0, 1);
    assertThat(CpuMemory.read(row).toArray(JAVA_FLOAT)).containsExactly(4, 5, 6, 7);
    assertThat(CpuMemory.read(row).byteSize()).isEqualTo(16);
    Tensor turned = x.t().flip(1).slice(0, 0, 4, 2);
    assertThat(CpuMemory.read(turned).toArray(JAVA_FLOAT)).containsExactly(8, 4, 0, 10, 6, 2);
    Tensor expanded = x.slice(1, 1, 2).expand(3, 2);
    assertThat(CpuMemory.read(expanded).toArray(JAVA_FLOAT)).containsExactly(1, 1, 5, 5, 9, 9);
    assertThat(CpuMemory.read(x.to(DType.INT32)).toArray(JAVA_INT)).hasSize(12).endsWith(11);
    assertThat(CpuMemory.read(x.to(DType.INT64)).toArray(JAVA_LONG)).hasSize(12).endsWith(11);
    assertThat(CpuMemory.read(x.slice(0, 0, 0)).byteSize()).isZero();
    assertThat(CpuMemory.read(Tensor.scalar(7, DType.FLOAT64).to(device)).toArray(JAVA_DOUBLE))
        .containsExactly(7);
  }

  @Test
  void readingATensorThatRequiresAGradientRecordsNothing() {
    Tensor x = random(DType.FLOAT32, 2, 3).requiresGrad(true);
    assertThat(CpuMemory.read(x.t()).toArray(JAVA_FLOAT)).isEqualTo(x.t().toFloatArray());
  }

  @Test
  void whatIsReadCannotBeWritten() {
    MemorySegment memory = CpuMemory.read(random(DType.FLOAT32, 4));
    assertThat(memory.isReadOnly()).isTrue();
    assertThatThrownBy(() -> memory.setAtIndex(JAVA_FLOAT, 0, 1)).hasMessageContaining("read-only");
  }

  @Test
  void writingReachesExactlyTheElements() {
    Tensor x = Tensor.zeros(Shape.of(3, 2), DType.FLOAT64, device);
    MemorySegment row = CpuMemory.write(x.select(0, 1));
    row.setAtIndex(JAVA_DOUBLE, 1, 5);
    assertThat(x.toDoubleArray()).containsExactly(0, 0, 0, 5, 0, 0);
    assertThatThrownBy(() -> row.setAtIndex(JAVA_DOUBLE, 2, 1))
        .isInstanceOf(IndexOutOfBoundsException.class);
    assertThatThrownBy(() -> CpuMemory.write(x.t()))
        .isInstanceOf(ShapeException.class)
        .hasMessage(
            "cpuMemory: a view with gaps, (2, 3) strides [1, 2] offset 0, cannot be written as one"
                + " run of elements");
  }

  @Test
  void boolHasNoMemory() {
    Tensor mask = random(DType.FLOAT32, 3).gt(0.5);
    for (Supplier<MemorySegment> access :
        List.<Supplier<MemorySegment>>of(() -> CpuMemory.read(mask), () -> CpuMemory.write(mask))) {
      assertThatThrownBy(access::get)
          .isInstanceOf(DTypeException.class)
          .hasMessage(
              "cpuMemory: bool has no memory in Java; use to(DType.INT32) before the operator, or"
                  + " toBooleanArray() in the kernel");
    }
  }

  @Test
  void tensorsOfOtherDevicesAreRefused() {
    Tensor other = Tensor.ones(2).to(Device.of("reference", new ReferenceBackend()));
    assertThatThrownBy(() -> CpuMemory.read(other))
        .isInstanceOf(DeviceException.class)
        .hasMessage("cpuMemory: the tensor is on reference:0, not on cpu; use to(Device)");
  }

  private void assertFails(Kernel kernel, Class<? extends Throwable> cause, String... texts) {
    Device own = Device.of("cpu", new CpuBackend(1));
    own.register(new Provider(() -> kernel));
    Tensor x = random(DType.FLOAT32, 8).to(own);
    double[] before = x.toDoubleArray();
    assertThatThrownBy(() -> new Weighted(2).call(x, x))
        .isInstanceOf(BackendException.class)
        .hasCauseInstanceOf(cause)
        .hasMessageStartingWith(
            "weighted: its kernel by " + Provider.class.getName() + " failed on cpu: ")
        .hasMessageContainingAll(texts);
    assertThat(x.toDoubleArray()).isEqualTo(before);
  }

  @Test
  void aKernelThatWritesOutsideItsOutputIsNamed() {
    String beside = "a kernel reads its inputs and writes its outputs, and nothing beside them";
    assertFails(
        (op, in, out) -> CpuMemory.write(out[0]).setAtIndex(JAVA_FLOAT, 8, 1),
        IndexOutOfBoundsException.class,
        beside);
    assertFails(
        (op, in, out) -> CpuMemory.write(out[0]).setAtIndex(JAVA_FLOAT, -1, 1),
        IndexOutOfBoundsException.class,
        beside);
    assertFails(
        (op, in, out) -> CpuMemory.read(in[0]).getAtIndex(JAVA_FLOAT, 8),
        IndexOutOfBoundsException.class,
        beside);
  }

  @Test
  void aKernelThatWritesIntoAnInputIsNamed() {
    assertFails(
        (op, in, out) -> CpuMemory.read(in[0]).setAtIndex(JAVA_FLOAT, 0, 1),
        RuntimeException.class,
        "read-only");
  }

  @Test
  void whateverElseAKernelThrowsIsNamed() {
    assertFails(
        (op, in, out) -> {
          throw new ArithmeticException("no inverse");
        },
        ArithmeticException.class,
        "java.lang.ArithmeticException: no inverse");
    assertFails(
        (op, in, out) -> CpuMemory.read(in[0].gt(0)), DTypeException.class, "bool has no memory");
  }
}
