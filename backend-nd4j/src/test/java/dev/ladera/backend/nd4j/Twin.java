package dev.ladera.backend.nd4j;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ladera.DType;
import dev.ladera.Device;
import dev.ladera.Shape;
import dev.ladera.Tensor;
import java.util.Random;
import java.util.function.Function;
import org.junit.jupiter.api.DynamicTest;

/** Runs the same computation on ND4J and on the reference backend, and compares. */
final class Twin {
  static final Device ND4J = Device.of("nd4j");
  static final Device REFERENCE = Device.of("reference");

  private static final double[] SPECIAL = {
    Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY, -0.0, 0.0, 1e-30, 1e30, 1, -1
  };
  private static final long[] SPECIAL_WHOLE = {
    0, 1, -1, Integer.MAX_VALUE, Integer.MIN_VALUE, Long.MAX_VALUE, Long.MIN_VALUE, 2, 1L << 53
  };

  private Twin() {}

  /** A test that a computation answers the same tensors on both devices. */
  static DynamicTest same(String name, Function<Device, Tensor[]> computation) {
    return DynamicTest.dynamicTest(name, () -> assertSame(computation));
  }

  /** The same for a computation of one tensor. */
  static DynamicTest sameOne(String name, Function<Device, Tensor> computation) {
    return same(name, device -> new Tensor[] {computation.apply(device)});
  }

  private static void assertSame(Function<Device, Tensor[]> computation) {
    Tensor[] expected = computation.apply(REFERENCE);
    Tensor[] actual = computation.apply(ND4J);
    assertThat(actual).hasSameSizeAs(expected);
    for (int i = 0; i < expected.length; i++) {
      assertThat(actual[i].type()).isEqualTo(expected[i].type());
      compare(actual[i].toArray(), expected[i].toArray());
    }
  }

  private static void compare(Object actual, Object expected) {
    switch (expected) {
      case float[] values -> {
        float[] found = (float[]) actual;
        for (int i = 0; i < values.length; i++) {
          close(found[i], values[i], 2e-5, i);
        }
      }
      case double[] values -> {
        double[] found = (double[]) actual;
        for (int i = 0; i < values.length; i++) {
          close(found[i], values[i], 1e-12, i);
        }
      }
      default -> assertThat(actual).isEqualTo(expected);
    }
  }

  private static void close(double actual, double expected, double tolerance, int at) {
    boolean same =
        Double.isNaN(expected)
            ? Double.isNaN(actual)
            : actual == expected
                || Math.abs(actual - expected) <= tolerance * Math.max(1, Math.abs(expected));
    assertThat(same).as("element %d is %s, expected %s", at, actual, expected).isTrue();
  }

  /** Numbers without surprises, of any type, the same for each shape. */
  static Tensor data(Device device, DType dtype, int... sizes) {
    Shape shape = Shape.of(sizes);
    Random random = new Random(shape.hashCode());
    Object array = dtype.newArray((int) shape.elements());
    for (int i = 0; i < shape.elements(); i++) {
      put(array, i, random.nextGaussian() * 2, random.nextInt(-5, 6));
    }
    return Tensor.ofArray(array, shape, device);
  }

  /** Numbers with all the surprises, among others. */
  static Tensor special(Device device, DType dtype, int... sizes) {
    Shape shape = Shape.of(sizes);
    Random random = new Random(shape.hashCode());
    Object array = dtype.newArray((int) shape.elements());
    for (int i = 0; i < shape.elements(); i++) {
      boolean plain = random.nextBoolean();
      put(
          array,
          i,
          plain ? random.nextGaussian() : SPECIAL[random.nextInt(SPECIAL.length)],
          plain ? random.nextInt(-9, 9) : SPECIAL_WHOLE[random.nextInt(SPECIAL_WHOLE.length)]);
    }
    return Tensor.ofArray(array, shape, device);
  }

  private static void put(Object array, int at, double number, long whole) {
    switch (array) {
      case float[] values -> values[at] = (float) number;
      case double[] values -> values[at] = number;
      case int[] values -> values[at] = (int) whole;
      case long[] values -> values[at] = whole;
      case boolean[] values -> values[at] = (whole & 1) == 1;
      default -> throw new IllegalArgumentException("no element array");
    }
  }

  /** Places below a size, int64. */
  static Tensor places(Device device, int below, int... sizes) {
    Shape shape = Shape.of(sizes);
    Random random = new Random(shape.hashCode() + below);
    long[] array = random.longs(shape.elements(), 0, below).toArray();
    return Tensor.ofArray(array, shape, device);
  }
}
