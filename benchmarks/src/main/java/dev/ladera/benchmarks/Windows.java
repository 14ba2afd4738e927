package dev.ladera.benchmarks;

import dev.ladera.Tensor;
import java.util.ArrayList;
import java.util.List;

/** Convolutions and pooling of real networks' layers, without and with their gradients. */
final class Windows {
  private static final String GROUP = "windows";

  /** Sizes: batch, channels, height and width, outputs, kernel, stride, padding. */
  private static final Operation CONV =
      new Operation(
          GROUP,
          "conv",
          List.of(2, 3, 9, 4, 3, 2, 1),
          s -> Work.flops(flops(s)),
          (in, s) -> {
            Tensor input = in.values(1, s[0], s[1], s[2], s[2]);
            Tensor weight = in.values(2, s[3], s[1], s[4], s[4]);
            return Prepared.forward(() -> input.conv2d(weight, null, s[5], s[6], 1, 1));
          });

  /** With the gradients of input and weight. */
  private static final Operation CONV_GRADIENT =
      new Operation(
          GROUP,
          "convGradient",
          List.of(2, 3, 9, 4, 3, 2, 1),
          s -> Work.flops(3 * flops(s)),
          (in, s) -> {
            Tensor input = in.leaf(1, s[0], s[1], s[2], s[2]);
            Tensor weight = in.leaf(2, s[3], s[1], s[4], s[4]);
            int side = side(s[2], s[4], s[5], s[6]);
            return Prepared.backward(
                () -> input.conv2d(weight, null, s[5], s[6], 1, 1),
                in.values(3, s[0], s[3], side, side),
                input,
                weight);
          });

  /** Sizes: batch, channels, height and width, kernel, stride, padding. */
  private static final Operation MAX_POOL =
      new Operation(
          GROUP,
          "maxPoolGradient",
          List.of(2, 3, 8, 3, 2, 1),
          Windows::poolWork,
          (in, s) -> {
            Tensor input = in.leaf(1, s[0], s[1], s[2], s[2]);
            int side = side(s[2], s[3], s[4], s[5]);
            return Prepared.backward(
                () -> input.maxPool(pair(s[3]), pair(s[4]), pair(s[5]), pair(1), false).values(),
                in.values(2, s[0], s[1], side, side),
                input);
          });

  private static final Operation AVERAGE_POOL =
      new Operation(
          GROUP,
          "avgPoolGradient",
          List.of(2, 3, 8, 3, 2, 1),
          Windows::poolWork,
          (in, s) -> {
            Tensor input = in.leaf(1, s[0], s[1], s[2], s[2]);
            int side = side(s[2], s[3], s[4], s[5]);
            return Prepared.backward(
                () -> input.avgPool(pair(s[3]), pair(s[4]), pair(s[5]), false, true),
                in.values(2, s[0], s[1], side, side),
                input);
          });

  private Windows() {}

  private static List<Integer> pair(int both) {
    return List.of(both, both);
  }

  static int side(int size, int kernel, int stride, int padding) {
    return (size + 2 * padding - kernel) / stride + 1;
  }

  private static double flops(int... s) {
    int side = side(s[2], s[4], s[5], s[6]);
    return 2.0 * s[0] * side * side * s[3] * s[1] * s[4] * s[4];
  }

  /** Reads the input, writes the output, reads the output's gradient, writes the input's. */
  private static Work poolWork(int... s) {
    int side = side(s[2], s[3], s[4], s[5]);
    return Work.floats(2.0 * s[0] * s[1] * (s[2] * s[2] + side * side));
  }

  static List<Benchmark> all() {
    List<Benchmark> all = new ArrayList<>();
    for (Operation operation : List.of(CONV, CONV_GRADIENT)) {
      all.add(operation.at("lenet-1", 64, 1, 28, 6, 5, 1, 2));
      all.add(operation.at("lenet-2", 64, 6, 14, 16, 5, 1, 0));
      all.add(operation.at("3x3-64", 8, 64, 56, 64, 3, 1, 1));
      all.add(operation.at("3x3-128", 8, 128, 28, 128, 3, 1, 1));
      all.add(operation.at("3x3-256", 8, 256, 14, 256, 3, 1, 1));
      all.add(operation.at("3x3-64-128-stride2", 8, 64, 56, 128, 3, 2, 1));
      all.add(operation.at("3x3-128-256-stride2", 8, 128, 28, 256, 3, 2, 1));
      all.add(operation.at("7x7-stem", 8, 3, 224, 64, 7, 2, 3));
      all.add(operation.at("1x1-256-64", 8, 256, 56, 64, 1, 1, 0));
      all.add(operation.at("1x1-64-256", 8, 64, 56, 256, 1, 1, 0));
    }
    for (Operation operation : List.of(MAX_POOL, AVERAGE_POOL)) {
      all.add(operation.at("lenet", 64, 6, 28, 2, 2, 0));
      all.add(operation.at("3x3-stride2", 8, 64, 112, 3, 2, 1));
    }
    return all;
  }
}
