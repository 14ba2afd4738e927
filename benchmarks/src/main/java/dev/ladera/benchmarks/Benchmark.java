package dev.ladera.benchmarks;

import java.util.List;

/**
 * An operation at sizes.
 *
 * @param label tells it from others of the operation
 */
record Benchmark(Operation operation, String label, List<Integer> sizes) {
  /** Such as {@code matmul/256}. */
  String name() {
    return operation.name() + "/" + label;
  }

  String group() {
    return operation.group();
  }

  Work work() {
    return operation.work().of(array(sizes));
  }

  Prepared prepare(Inputs inputs) {
    return operation.maker().make(inputs, array(sizes));
  }

  private static int[] array(List<Integer> sizes) {
    return sizes.stream().mapToInt(Integer::intValue).toArray();
  }
}
