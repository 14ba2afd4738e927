package dev.ladera.benchmarks;

import java.util.Arrays;
import java.util.List;

/**
 * What is timed, for any sizes.
 *
 * @param group the table that it stands in
 * @param name the name by which peers know it
 * @param small sizes at which a test runs it
 * @param work what a call must at least do
 * @param maker makes inputs and body
 */
record Operation(String group, String name, List<Integer> small, Sizing work, Maker maker) {
  /** Counts the work of a call. */
  @FunctionalInterface
  interface Sizing {
    Work of(int... sizes);
  }

  /** Makes inputs and body. */
  @FunctionalInterface
  interface Maker {
    Prepared make(Inputs inputs, int... sizes);
  }

  /** One benchmark of it. */
  Benchmark at(String label, Integer... sizes) {
    return new Benchmark(this, label, List.of(sizes));
  }

  /** Benchmarks of one size each, named by it. */
  List<Benchmark> at(List<Integer> sizes) {
    return sizes.stream().map(size -> at(size.toString(), size)).toList();
  }

  /** Benchmarks with the same number for so many sizes, named by it: square matrices. */
  List<Benchmark> square(int axes, Integer... sizes) {
    return Arrays.stream(sizes)
        .map(size -> {
          Integer[] all = new Integer[axes];
          Arrays.fill(all, size);
          return at(size.toString(), all);
        })
        .toList();
  }
}
