package dev.ladera.backend.cuda;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.ladera.BackendException;
import dev.ladera.DType;
import dev.ladera.Device;
import dev.ladera.DeviceException;
import dev.ladera.IndexException;
import dev.ladera.LaderaException;
import dev.ladera.Shape;
import dev.ladera.Tensor;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What goes wrong on a device, by a driver that does as it is told. */
class CudaFaultsTest {
  private static final int ILLEGAL_ADDRESS = 700;
  private static final int INVALID_VALUE = 1;
  private static final long MEBIBYTE = 1 << 20;

  private FakeCuda fake;
  private Device device;

  @BeforeEach
  void open() {
    fake = TestDevice.useFake();
    fake.set(FakeCuda.Setting.MEMORY, 64 * MEBIBYTE);
    device = Device.of("cuda", new CudaBackend(1));
  }

  /** A device that a test has lost stays so for tensors that are freed later; none shares it. */
  @AfterEach
  void nothingWasDoneThatARealDriverWouldNotForgive() {
    List<String> violations = fake.violations();
    fake.reset();
    assertThat(violations).isEmpty();
  }

  private Tensor zeros(int... sizes) {
    return Tensor.zeros(Shape.of(sizes), DType.FLOAT32, device);
  }

  private Tensor megabytes(int count) {
    return zeros((int) (count * MEBIBYTE / Float.BYTES));
  }

  @Test
  void aCallThatFailsIsNamedWithOperatorAndShapes() {
    Tensor x = zeros(2, 3);
    fake.fail("cuLaunchKernel", 1, INVALID_VALUE);
    CudaException failure = catchThrowableOfType(CudaException.class, x::exp);
    assertThat(failure)
        .hasMessage(
            "exp: cuLaunchKernel answered 1 (CUDA_ERROR_INVALID_VALUE), from [float32(2, 3)] to"
                + " [float32(2, 3)]");
    assertThat(failure.call()).isEqualTo("cuLaunchKernel");
    assertThat(failure.code()).isEqualTo(INVALID_VALUE);
    assertThat(x.exp().toFloatArray()).containsOnly(1);
  }

  @Test
  void whicheverCallFailsTheErrorIsTypedAndTheDeviceGoesOn() {
    Tensor x = zeros(300);
    float[] expected = x.add(1).sum().toFloatArray();
    int failures = 0;
    for (int nth = 1; nth < 60; nth++) {
      fake.fail("*", nth, INVALID_VALUE);
      try {
        assertThat(x.add(1).sum().toFloatArray()).isEqualTo(expected);
      } catch (LaderaException failure) {
        assertThat(failure).hasMessageContaining("CUDA_ERROR_INVALID_VALUE");
        failures++;
      }
    }
    assertThat(failures).isGreaterThan(8);
  }

  @Test
  void aFullDeviceListsItsLargestHolders() {
    List<Tensor> held = new ArrayList<>();
    held.add(megabytes(30));
    held.add(megabytes(20));
    OutOfMemoryException failure =
        catchThrowableOfType(OutOfMemoryException.class, () -> held.add(megabytes(40)));
    assertThat(failure)
        .isInstanceOf(BackendException.class)
        .hasMessageContaining("no room for 41943040 bytes");
    assertThat(failure.holders().getFirst()).isEqualTo("float32[7864320] of 31457280 bytes");
    assertThat(failure.live()).isEqualTo(50 * MEBIBYTE);
    held.clear();
    assertThat(megabytes(40).sum().item()).isZero();
  }

  @Test
  void tensorsOutOfReachMakeRoom() {
    for (int i = 0; i < 50; i++) {
      assertThat(megabytes(8).add(1).elements()).isEqualTo(2 * MEBIBYTE);
    }
    assertThat(device.memory().allocated()).isEqualTo(50 * 2 * 8 * MEBIBYTE);
    assertThat(device.memory().peak()).isLessThanOrEqualTo(64 * MEBIBYTE);
  }

  @Test
  void aLostDeviceAnswersErrorsAndTheProcessGoesOn() {
    Tensor x = zeros(10);
    device.synchronize();
    fake.loseDevice(1, 0, ILLEGAL_ADDRESS);
    assertThatThrownBy(() -> x.exp().toFloatArray())
        .isInstanceOf(CudaException.class)
        .hasMessageContaining("CUDA_ERROR_ILLEGAL_ADDRESS");
    assertThatThrownBy(x::exp)
        .isInstanceOf(DeviceException.class)
        .hasMessageContaining("cuda:1 is lost, since cu")
        .hasMessageContaining("the process must be started again");
    Device other = Device.of("cuda", new CudaBackend(0));
    assertThat(Tensor.zeros(Shape.of(4), DType.FLOAT32, other).exp().toFloatArray())
        .containsOnly(1);
  }

  @Test
  void anIndexOutOfRangeIsReportedWhenTheDeviceIsWaitedFor() {
    Tensor x = zeros(3, 4);
    Tensor index = Tensor.of(new long[] {0, 7}).to(device);
    Tensor picked = x.indexSelect(0, index);
    assertThatThrownBy(picked::toFloatArray)
        .isInstanceOf(IndexException.class)
        .hasMessageContaining("gather: index 7 is outside axis 0 of shape (3, 4)");
    assertThat(x.sum().item()).isZero();
  }

  @Test
  void kernelsOfTheSameSourceAreCompiledOnce() {
    Tensor x = zeros(5, 5);
    x.mul(3).add(1).toFloatArray();
    long before = fake.calls("nvrtcCompileProgram");
    x.mul(5).add(2).toFloatArray();
    assertThat(fake.calls("nvrtcCompileProgram")).isEqualTo(before);
    assertThat(fake.calls("cuModuleLoadData")).isGreaterThan(0);
  }

  @Test
  void neitherLateWorkNorTheOrderOfThreadsChangesAnything() {
    float[] expected = mixture();
    for (FakeCuda.Setting setting :
        List.of(FakeCuda.Setting.DELAYED, FakeCuda.Setting.THREAD_ORDER)) {
      fake.set(setting, 1);
      assertThat(mixture()).as("%s", setting).isEqualTo(expected);
      fake.set(setting, 0);
    }
  }

  /** Some of each family, with more written to the device than waits for it at a time. */
  private float[] mixture() {
    float[] numbers = new float[600_000];
    for (int i = 0; i < numbers.length; i++) {
      numbers[i] = (float) Math.sin(i);
    }
    Tensor x = Tensor.ofArray(numbers, Shape.of(600, 1000), device);
    Tensor sorted = x.slice(0, 0, 3).sort(1).values();
    Tensor product = sorted.matmul(x.t().slice(1, 0, 70));
    Tensor sums = x.sum(0).add(x.cumsum(1).amax(0)).slice(0, 0, 70);
    return product.add(sums).sub(x.argmax(1).to(DType.FLOAT32).sum()).toFloatArray();
  }
}
