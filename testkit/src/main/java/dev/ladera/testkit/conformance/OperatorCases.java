package dev.ladera.testkit.conformance;

import java.util.List;
import java.util.stream.Stream;

/** The table of all operations, a line each. */
final class OperatorCases {
  private OperatorCases() {}

  static List<OperatorCase> all() {
    return Stream.of(
            PointwiseCases.all(),
            BinaryCases.all(),
            ReductionCases.all(),
            LinearAlgebraCases.all(),
            IndexingCases.all(),
            NeuralCases.all(),
            ShapeCases.all(),
            TensorCases.all())
        .flatMap(List::stream)
        .toList();
  }
}
