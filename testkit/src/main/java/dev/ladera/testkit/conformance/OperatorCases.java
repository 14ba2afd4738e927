package dev.ladera.testkit.conformance;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The table of all operations, a line each, and of the operators behind them. */
final class OperatorCases {
  private OperatorCases() {}

  /** By family, in the order in which they are checked. */
  static Map<String, List<OperatorCase>> families() {
    Map<String, List<OperatorCase>> families = new LinkedHashMap<>();
    families.put("pointwise", PointwiseCases.all());
    families.put("binary", BinaryCases.all());
    families.put("reductions", ReductionCases.all());
    families.put("linear algebra", LinearAlgebraCases.all());
    families.put("shapes", ShapeCases.all());
    families.put("indexing", IndexingCases.all());
    families.put("networks", NeuralCases.all());
    families.put("tensors", TensorCases.all());
    families.put("operators", OperatorRecordCases.all());
    return families;
  }

  static List<OperatorCase> all() {
    return families().values().stream().flatMap(List::stream).toList();
  }
}
