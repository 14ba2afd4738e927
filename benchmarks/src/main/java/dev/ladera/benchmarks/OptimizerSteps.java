package dev.ladera.benchmarks;

import dev.ladera.Tensor;
import dev.ladera.optim.Adam;
import dev.ladera.optim.Optimizer;
import dev.ladera.optim.SGD;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;

/** An optimizer's step over one large parameter with its gradient. */
final class OptimizerSteps {
  private static final double LR = 1e-3;

  private OptimizerSteps() {}

  private static Operation step(
      String name, int passes, Function<List<Tensor>, Optimizer> optimizers) {
    return new Operation(
        "optimizers",
        name,
        List.of(9),
        s -> Work.floats((double) passes * s[0]),
        (in, s) -> {
          Tensor parameter = in.leaf(1, s);
          parameter.grad(in.values(2, s));
          Optimizer optimizer = optimizers.apply(List.of(parameter));
          return Prepared.recording(() -> {
            optimizer.step();
            return parameter;
          });
        });
  }

  static List<Benchmark> all() {
    return Stream.of(
            // Reads parameter, gradient and buffer, writes parameter and buffer.
            step("sgdMomentum", 5, parameters -> new SGD(parameters, LR).momentum(0.9)),
            // Reads parameter, gradient and two means, writes parameter and means.
            step("adam", 7, parameters -> new Adam(parameters, LR)))
        .map(operation -> operation.at("10000000", 10_000_000))
        .toList();
  }
}
