package dev.ladera.benchmarks;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** All that is timed, in the order of the tables. */
final class Benchmarks {
  private Benchmarks() {}

  static List<Benchmark> all() {
    return Stream.of(
            MatrixProducts.all(),
            PointwiseOperations.all(),
            Reductions.all(),
            Normalizations.all(),
            Windows.all(),
            Indexing.all(),
            OptimizerSteps.all(),
            TrainingSteps.all())
        .flatMap(List::stream)
        .toList();
  }

  /** All that is timed on a device: on a GPU also what is large enough for one. */
  static List<Benchmark> on(String device) {
    return device.startsWith("cuda")
        ? Stream.concat(all().stream(), GpuBenchmarks.all().stream()).toList()
        : all();
  }

  /** The operation of a name. */
  static Optional<Operation> operation(String name) {
    return all().stream()
        .map(Benchmark::operation)
        .filter(operation -> operation.name().equals(name))
        .findFirst();
  }
}
