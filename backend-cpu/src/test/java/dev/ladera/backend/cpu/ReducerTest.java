package dev.ladera.backend.cpu;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ladera.DType;
import dev.ladera.Device;
import dev.ladera.Shape;
import dev.ladera.Tensor;
import dev.ladera.op.Pointwise;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ReducerTest {
  private static List<Device> devices() {
    List<Device> all = new ArrayList<>(Devices.vector());
    all.addAll(Devices.narrower());
    all.add(Devices.scalar());
    return all;
  }

  /** Whole numbers, of which sums of any order are exact. */
  private static Tensor rows(Device device, DType type, int... sizes) {
    Shape shape = Shape.of(sizes);
    return Tensor.arange(0, shape.elements(), 1, type, device).remainder(11).reshape(shape);
  }

  @ParameterizedTest
  @EnumSource(
      value = DType.class,
      names = {"FLOAT32", "FLOAT64", "INT32", "INT64"})
  void elementsThatAreOneInMemoryAreJoinedEachTime(DType type) {
    for (Device device : devices()) {
      for (int length = 1; length <= 200; length++) {
        Tensor wide = rows(device, type, 3, 2, 1).expand(3, 2, length);
        // 0 + 2 + 4 and 1 + 3 + 5, each so many times.
        assertThat(wide.sum(0, 2).toDoubleArray())
            .as("%s of %s", length, device)
            .containsExactly(6.0 * length, 9.0 * length);
        assertThat(wide.select(0, 1).sum(1).toDoubleArray())
            .as("%s of %s", length, device)
            .containsExactly(2.0 * length, 3.0 * length);
      }
    }
  }

  @ParameterizedTest
  @EnumSource(
      value = DType.class,
      names = {"FLOAT32", "FLOAT64", "INT64"})
  void runsOfAnyLengthAreJoinedOnce(DType type) {
    List<Integer> lengths =
        Stream.concat(IntStream.rangeClosed(1, 70).boxed(), Stream.of(784, 2049, 4096, 4097))
            .toList();
    for (Device device : devices()) {
      for (int length : lengths) {
        for (int runs : new int[] {2, 5, 65, 200}) {
          Tensor x = rows(device, type, runs, 3, length);
          double[] values = x.toDoubleArray();
          double[] expected = new double[3];
          for (int i = 0; i < values.length; i++) {
            expected[i / length % 3] += values[i];
          }
          assertThat(x.sum(0, 2).toDoubleArray())
              .as("%s runs of %s on %s", runs, length, device)
              .containsExactly(expected);
        }
      }
    }
  }

  /** What is left of a row after its last whole vector changes nothing but by its elements. */
  @ParameterizedTest
  @EnumSource(
      value = DType.class,
      names = {"FLOAT32", "FLOAT64", "INT32", "INT64"})
  void whatIsLeftOfARowIsJoinedAlone(DType type) {
    for (Device device : devices()) {
      for (int length = 1; length <= 140; length++) {
        Tensor x = rows(device, type, 3, length);
        String where = length + " on " + device;
        assertThat(x.sub(20).amax(1).toDoubleArray()).as(where).isEqualTo(most(x.sub(20)));
        assertThat(x.add(20).amin(1).neg().toDoubleArray())
            .as(where)
            .isEqualTo(most(x.add(20).neg()));
        Tensor ones = x.mul(0).add(1);
        Tensor last = ones.select(1, length - 1);
        last.assign(Pointwise.of("two", one -> one.add(1)));
        assertThat(ones.prod(1).toDoubleArray()).as(where).containsExactly(2, 2, 2);
        if (type.isFloating()) {
          last.assign(Tensor.full(Shape.of(3), Double.NaN, type, device));
          assertThat(ones.amax(1).toDoubleArray()).as(where).containsOnly(Double.NaN);
          assertThat(ones.sum(1).toDoubleArray()).as(where).containsOnly(Double.NaN);
        }
      }
    }
  }

  private static double[] most(Tensor x) {
    double[] values = x.toDoubleArray();
    double[] most = new double[3];
    Arrays.fill(most, Double.NEGATIVE_INFINITY);
    for (int i = 0; i < values.length; i++) {
      int row = i / (values.length / 3);
      most[row] = Math.max(most[row], values[i]);
    }
    return most;
  }
}
