package dev.ladera.benchmarks;

import dev.ladera.Tensor;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/** Sum, mean and maximum of a matrix: down the columns, along the rows, over all. */
final class Reductions {
  private Reductions() {}

  private static Operation reduction(String name, UnaryOperator<Tensor> function) {
    return new Operation(
        "reductions",
        name,
        List.of(3, 5),
        s -> Work.floats((double) s[0] * s[1]),
        (in, s) -> {
          Tensor input = in.values(1, s);
          return Prepared.forward(() -> function.apply(input));
        });
  }

  static List<Benchmark> all() {
    return Stream.of(
            reduction("sum", x -> x.sum()),
            reduction("sumColumns", x -> x.sum(0)),
            reduction("sumRows", x -> x.sum(1)),
            reduction("mean", x -> x.mean()),
            reduction("meanColumns", x -> x.mean(0)),
            reduction("meanRows", x -> x.mean(1)),
            reduction("max", x -> x.amax()),
            reduction("maxColumns", x -> x.amax(0)),
            reduction("maxRows", x -> x.amax(1)))
        .map(operation -> operation.at("1000x1000", 1000, 1000))
        .toList();
  }
}
