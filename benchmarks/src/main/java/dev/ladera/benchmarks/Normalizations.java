package dev.ladera.benchmarks;

import dev.ladera.Tensor;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/** Softmax, logSoftmax and layer normalisation of the rows of a matrix, there and back. */
final class Normalizations {
  private static final String GROUP = "normalisation";
  private static final double EPS = 1e-5;

  /** With a factor and a summand, as the layer has. */
  private static final Operation LAYER_NORM =
      new Operation(
          GROUP,
          "layerNorm",
          List.of(3, 5),
          s -> Work.floats(2.0 * s[0] * s[1]),
          (in, s) -> {
            Tensor input = in.values(1, s);
            Tensor weight = in.values(2, s[1]);
            Tensor bias = in.values(3, s[1]);
            return Prepared.forward(() -> input.layerNorm(1, weight, bias, EPS));
          });

  private static final Operation LAYER_NORM_GRADIENT =
      new Operation(
          GROUP,
          "layerNormGradient",
          List.of(3, 5),
          s -> Work.floats(5.0 * s[0] * s[1]),
          (in, s) -> {
            Tensor input = in.leaf(1, s);
            Tensor weight = in.leaf(2, s[1]);
            Tensor bias = in.leaf(3, s[1]);
            return Prepared.backward(
                () -> input.layerNorm(1, weight, bias, EPS), in.values(4, s), input, weight, bias);
          });

  private Normalizations() {}

  private static Operation forward(String name, UnaryOperator<Tensor> function) {
    return new Operation(
        GROUP,
        name,
        List.of(3, 5),
        s -> Work.floats(2.0 * s[0] * s[1]),
        (in, s) -> {
          Tensor input = in.values(1, s);
          return Prepared.forward(() -> function.apply(input));
        });
  }

  /** Reads the input, writes the output, reads it and its gradient, writes the input's. */
  private static Operation backward(String name, UnaryOperator<Tensor> function) {
    return new Operation(
        GROUP,
        name,
        List.of(3, 5),
        s -> Work.floats(5.0 * s[0] * s[1]),
        (in, s) -> {
          Tensor input = in.leaf(1, s);
          return Prepared.backward(() -> function.apply(input), in.values(2, s), input);
        });
  }

  static List<Benchmark> all() {
    return Stream.of(
            forward("softmax", x -> x.softmax(1)),
            backward("softmaxGradient", x -> x.softmax(1)),
            forward("logSoftmax", x -> x.logSoftmax(1)),
            backward("logSoftmaxGradient", x -> x.logSoftmax(1)),
            LAYER_NORM,
            LAYER_NORM_GRADIENT)
        .map(operation -> operation.at("1024x1024", 1024, 1024))
        .toList();
  }
}
