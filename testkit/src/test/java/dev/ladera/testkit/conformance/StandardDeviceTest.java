package dev.ladera.testkit.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ladera.DType;
import dev.ladera.Device;
import dev.ladera.Generator;
import dev.ladera.Shape;
import dev.ladera.Tensor;
import dev.ladera.op.TensorType;
import org.junit.jupiter.api.Test;

/** The factories that name no device make on the standard one what those that do make. */
class StandardDeviceTest {
  private static void same(Tensor actual, Tensor expected) {
    assertThat(actual.type()).isEqualTo(expected.type());
    assertThat(actual.device()).isSameAs(Device.standard());
    assertThat(actual.toDoubleArray()).isEqualTo(expected.toDoubleArray());
  }

  private static Tensor full(Number value, DType dtype, int... shape) {
    return Tensor.full(Shape.of(shape), value, dtype, Device.standard());
  }

  @Test
  void arraysOfEveryType() {
    same(Tensor.of(new float[] {2, 2}), full(2, DType.FLOAT32, 2));
    same(Tensor.of(new double[] {2, 2}, 2, 1), full(2, DType.FLOAT64, 2, 1));
    same(Tensor.of(new int[] {2, 2}), full(2, DType.INT32, 2));
    same(Tensor.of(new long[] {2, 2}), full(2, DType.INT64, 2));
    same(Tensor.of(new boolean[] {true, true}), full(1, DType.BOOL, 2));
  }

  @Test
  void numbers() {
    same(Tensor.scalar(1.5), full(1.5, DType.FLOAT32));
    same(Tensor.scalar(3, DType.INT64), full(3, DType.INT64));
    same(Tensor.zeros(2, 3), full(0, DType.FLOAT32, 2, 3));
    same(Tensor.ones(2, 3), full(1, DType.FLOAT32, 2, 3));
    same(Tensor.arange(4), Tensor.arange(0, 4, 1, DType.INT64, Device.standard()));
    same(Tensor.linspace(0, 1, 5), Tensor.linspace(0, 1, 5, DType.FLOAT32, Device.standard()));
    same(Tensor.eye(3), Tensor.eye(3, 3, DType.FLOAT32, Device.standard()));
  }

  @Test
  void randomNumbersOfTheThreadsGenerator() {
    Generator.manualSeed(3);
    Generator other = new Generator(3);
    same(Tensor.rand(2, 3), other.uniform(Shape.of(2, 3), DType.FLOAT32, Device.standard()));
    same(Tensor.randn(2, 3), other.normal(Shape.of(2, 3), DType.FLOAT32, Device.standard()));
    Tensor whole = Tensor.randint(-3, 4, 500);
    assertThat(whole.type()).isEqualTo(new TensorType(DType.INT64, Shape.of(500)));
    assertThat(whole.amin().itemAsLong()).isEqualTo(-3);
    assertThat(whole.amax().itemAsLong()).isEqualTo(3);
    assertThat(Tensor.randperm(20).sort(0).values().toLongArray())
        .isEqualTo(Tensor.arange(20).toLongArray());
  }
}
