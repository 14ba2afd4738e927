package dev.ladera.backend.cpu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.ladera.DType;
import dev.ladera.Device;
import dev.ladera.Dispatcher;
import dev.ladera.Generator;
import dev.ladera.Shape;
import dev.ladera.ShapeException;
import dev.ladera.Tensor;
import dev.ladera.op.BatchNorm;
import dev.ladera.op.Composite;
import dev.ladera.op.CrossEntropy;
import dev.ladera.op.LayerNorm;
import dev.ladera.op.LogSoftmax;
import dev.ladera.op.NllLoss;
import dev.ladera.op.Softmax;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Kernels that go over rows, at each length of rows up to some vectors. */
class RowKernelTest {
  private static final int MOST = 140;

  private static List<Device> devices() {
    List<Device> all = new ArrayList<>(Devices.vector());
    all.addAll(Devices.narrower());
    return all;
  }

  private static Tensor random(int seed, DType type, Device device, int... sizes) {
    return new Generator(seed).normal(Shape.of(sizes), type, Devices.scalar()).to(device);
  }

  /** Calls that go over rows of a length, three images of five rows. */
  private static List<Tensor> results(DType type, Device device, int length) {
    Tensor x = random(1, type, device, 3, 5, length);
    Tensor g = random(2, type, device, 3, 5, length);
    Tensor y = x.softmax(-1);
    List<Tensor> all = new ArrayList<>();
    all.add(y);
    add(all, new Softmax.Backward(2), g, y);
    add(all, new LogSoftmax(2), x);
    add(all, new LogSoftmax.Backward(2), g, x.logSoftmax(-1));
    Tensor factor = random(3, type, device, length);
    add(all, new LayerNorm(1, 0.1), x, factor, random(4, type, device, length));
    add(all, new LayerNorm.Backward(1, 0.1), g, x, factor);
    NllLoss loss = new NllLoss(1, 0, NllLoss.Joining.MEAN);
    Tensor target = Tensor.arange(0, 15, 1, DType.INT64, device).remainder(length);
    Tensor[] entropies = new CrossEntropy(loss).callAll(x.flatten(0, 1), target, factor.abs());
    all.addAll(Arrays.asList(entropies));
    add(
        all,
        new CrossEntropy.Backward(loss),
        g.flatten().narrow(0, 0, 1).squeeze(0),
        entropies[2],
        target,
        entropies[1],
        factor.abs());
    add(all, new BatchNorm(0.1), x);
    add(all, new BatchNorm.Backward(0.1), g, x, random(5, type, device, 5).abs());
    return all;
  }

  private static void add(List<Tensor> all, Composite operator, Tensor... inputs) {
    all.addAll(Arrays.asList(Dispatcher.callAll(operator, inputs)));
  }

  @ParameterizedTest
  @EnumSource(
      value = DType.class,
      names = {"FLOAT32", "FLOAT64"})
  void rowsOfAnyLengthHaveTheSameBits(DType type) {
    for (int length = 1; length <= MOST; length++) {
      List<Tensor> expected = results(type, Devices.scalar(), length);
      for (Device device : devices()) {
        List<Tensor> found = results(type, device, length);
        for (int i = 0; i < found.size(); i++) {
          assertThat(found.get(i).toDoubleArray())
              .as("result %s of rows of %s on %s", i, length, device)
              .isEqualTo(expected.get(i).toDoubleArray());
        }
      }
    }
  }

  @Test
  void channelsAreNormalisedAsTheirFormulaSays() {
    List<Device> all = devices();
    all.add(Devices.scalar());
    int[][] shapes = {{3, 5, 8}, {3, 5, 9}, {2, 70, 150}, {5, 70, 64}, {1, 2, 5000}, {7, 2, 3, 4}};
    for (Device device : all) {
      for (int[] sizes : shapes) {
        channelsAreNormalised(device, sizes);
      }
    }
    channelsAreNormalised(Devices.scalar(), 2, 3, 40_000);
  }

  private static void channelsAreNormalised(Device device, int... sizes) {
    Tensor x = random(1, DType.FLOAT64, device, sizes);
    Tensor g = random(2, DType.FLOAT64, device, sizes);
    Tensor variance = random(3, DType.FLOAT64, device, sizes[1]).abs();
    same(new BatchNorm(0.1), x);
    same(new BatchNorm.Backward(0.1), g, x, variance);
    same(new BatchNorm.Backward(0.1), g.mean(true, 2).expand(sizes), x, variance);
    same(new BatchNorm.Backward(0.1), g.mean(true, 2), x, variance);
    same(new BatchNorm.Backward(0.1), g, x, variance.narrow(0, 1, 1));
  }

  @Test
  void crossEntropyIsItsParts() {
    for (Device device : List.of(Devices.scalar(), Devices.vector().getFirst())) {
      for (int classes : new int[] {7, 8, 9, 130}) {
        for (NllLoss.Joining joining : NllLoss.Joining.values()) {
          crossEntropyIsItsParts(device, new NllLoss(1, 3, joining), classes);
        }
      }
    }
  }

  private static void crossEntropyIsItsParts(Device device, NllLoss loss, int classes) {
    Tensor x = random(1, DType.FLOAT64, device, 300, classes);
    Tensor weight = random(2, DType.FLOAT64, device, classes).abs();
    Tensor target = Tensor.arange(0, 300, 1, DType.INT64, device).remainder(classes);
    same(new CrossEntropy(loss), x, target, weight);
    Tensor[] outputs = new CrossEntropy(loss).callAll(x, target, weight);
    Tensor gradient = random(3, DType.FLOAT64, device, outputs[0].shape().toArray());
    same(new CrossEntropy.Backward(loss), gradient, outputs[2], target, outputs[1], weight);
    same(new CrossEntropy.Backward(loss), gradient, outputs[2], target, outputs[1]);
  }

  @Test
  void gradientsOfOtherShapesAreRefused() {
    for (Device device : List.of(Devices.scalar(), Devices.vector().getFirst())) {
      Tensor x = random(1, DType.FLOAT32, device, 3, 5, 8);
      Tensor variance = random(3, DType.FLOAT32, device, 7).abs();
      Tensor wider = random(2, DType.FLOAT32, device, 2, 3, 5, 8);
      assertThatThrownBy(() -> Dispatcher.callAll(new BatchNorm.Backward(0.1), x, x, variance))
          .isInstanceOf(ShapeException.class);
      assertThatThrownBy(() ->
              Dispatcher.callAll(new BatchNorm.Backward(0.1), wider, x, variance.narrow(0, 0, 5)))
          .isInstanceOf(ShapeException.class)
          .hasMessageContaining("batchNormBackward")
          .hasMessageContaining("(2, 3, 5, 8)");
    }
  }

  private static void same(Composite operator, Tensor... inputs) {
    Tensor[] found = Dispatcher.callAll(operator, inputs);
    Tensor[] expected = operator.decompose(inputs);
    for (int i = 0; i < found.length; i++) {
      assertThat(found[i].toDoubleArray())
          .as(operator.name() + " " + i + " of " + inputs[0].shape())
          .containsExactly(expected[i].toDoubleArray(), within(1e-12));
    }
  }
}
