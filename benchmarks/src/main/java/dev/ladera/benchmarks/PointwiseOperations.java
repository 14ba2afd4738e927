package dev.ladera.benchmarks;

import dev.ladera.Dispatcher;
import dev.ladera.Tensor;
import dev.ladera.op.Pointwise;
import java.util.List;
import java.util.function.BinaryOperator;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/** Elementwise functions of vectors, and sums that broadcast. */
final class PointwiseOperations {
  private static final String GROUP = "pointwise";
  private static final List<Integer> SIZES = List.of(1, 1_000, 1_000_000, 10_000_000);

  /** Below this a call is its dispatch, and a share of the memory's bandwidth says nothing. */
  private static final int LARGE = 100_000;

  private static final Pointwise CHAIN =
      Pointwise.of("tanhChain", 3, x -> x.get(0).mul(x.get(1)).add(x.get(2)).tanh());

  /** tanh(a · b + c) as one expression. */
  private static final Operation TANH_CHAIN =
      new Operation(
          GROUP,
          "tanhChain",
          List.of(9),
          s -> work(4, s),
          (in, s) -> {
            Tensor a = in.values(1, s);
            Tensor b = in.values(2, s);
            Tensor c = in.values(3, s);
            return Prepared.forward(() -> Dispatcher.call(CHAIN, a, b, c));
          });

  /** (rows, columns) + (columns). */
  private static final Operation ADD_ROW =
      new Operation(
          GROUP,
          "addRow",
          List.of(3, 5),
          s -> Work.floats(2.0 * s[0] * s[1] + s[1]),
          (in, s) -> {
            Tensor matrix = in.values(1, s);
            Tensor row = in.values(2, s[1]);
            return Prepared.forward(() -> matrix.add(row));
          });

  /** (rows, columns) + (rows, 1). */
  private static final Operation ADD_COLUMN =
      new Operation(
          GROUP,
          "addColumn",
          List.of(3, 5),
          s -> Work.floats(2.0 * s[0] * s[1] + s[0]),
          (in, s) -> {
            Tensor matrix = in.values(1, s);
            Tensor column = in.values(2, s[0], 1);
            return Prepared.forward(() -> matrix.add(column));
          });

  private PointwiseOperations() {}

  private static Work work(int tensors, int... s) {
    return s[0] < LARGE ? Work.none() : Work.floats((double) tensors * s[0]);
  }

  private static Operation unary(String name, UnaryOperator<Tensor> function) {
    return new Operation(
        GROUP,
        name,
        List.of(9),
        s -> work(2, s),
        (in, s) -> {
          Tensor input = in.values(1, s);
          return Prepared.forward(() -> function.apply(input));
        });
  }

  private static Operation binary(String name, BinaryOperator<Tensor> function) {
    return new Operation(
        GROUP,
        name,
        List.of(9),
        s -> work(3, s),
        (in, s) -> {
          Tensor left = in.values(1, s);
          Tensor right = in.values(2, s);
          return Prepared.forward(() -> function.apply(left, right));
        });
  }

  static List<Benchmark> all() {
    Stream<Benchmark> vectors =
        Stream.of(
                binary("add", Tensor::add),
                binary("mul", Tensor::mul),
                unary("exp", Tensor::exp),
                unary("tanh", Tensor::tanh),
                unary("gelu", Tensor::gelu),
                unary("relu", Tensor::relu),
                TANH_CHAIN)
            .flatMap(operation -> operation.at(SIZES).stream());
    Stream<Benchmark> broadcasts =
        Stream.of(ADD_ROW.at("1000x1000", 1000, 1000), ADD_COLUMN.at("1000x1000", 1000, 1000));
    return Stream.concat(vectors, broadcasts).toList();
  }
}
