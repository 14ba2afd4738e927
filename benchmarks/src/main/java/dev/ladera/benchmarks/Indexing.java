package dev.ladera.benchmarks;

import dev.ladera.Tensor;
import java.util.List;

/** Rows of a table by number, rows added to a table, and order. */
final class Indexing {
  private static final String GROUP = "indexing";

  /** Sizes: rows of the table, its width, how many rows are looked up. */
  private static final Operation EMBEDDING =
      new Operation(
          GROUP,
          "embedding",
          List.of(7, 3, 5),
          s -> Work.floats(2.0 * s[1] * s[2]),
          (in, s) -> {
            Tensor table = in.values(1, s[0], s[1]);
            Tensor places = in.places(2, s[0], s[2]);
            return Prepared.forward(() -> table.embedding(places));
          });

  /** Sizes as {@link #EMBEDDING}'s; the result is a new table. */
  private static final Operation SCATTER_ADD =
      new Operation(
          GROUP,
          "scatterAdd",
          List.of(7, 3, 5),
          s -> Work.floats(2.0 * s[0] * s[1] + 3.0 * s[1] * s[2]),
          (in, s) -> {
            Tensor table = in.values(1, s[0], s[1]);
            Tensor places = in.places(2, s[0], s[2]).unsqueeze(1).expand(s[2], s[1]);
            Tensor rows = in.values(3, s[2], s[1]);
            return Prepared.forward(() -> table.scatterAdd(0, places, rows));
          });

  private static final Operation SORT =
      new Operation(
          GROUP,
          "sort",
          List.of(9),
          _ -> Work.none(),
          (in, s) -> {
            Tensor input = in.values(1, s);
            return Prepared.forward(() -> input.sort(0).values());
          });

  /** Sizes: elements, how many of the largest. */
  private static final Operation TOP_K =
      new Operation(
          GROUP,
          "topk",
          List.of(9, 3),
          s -> Work.floats(s[0]),
          (in, s) -> {
            Tensor input = in.values(1, s[0]);
            return Prepared.forward(() -> input.topk(s[1]).values());
          });

  private Indexing() {}

  static List<Benchmark> all() {
    return List.of(
        EMBEDDING.at("2000-of-30000x512", 30_000, 512, 2_000),
        SCATTER_ADD.at("2000-to-30000x512", 30_000, 512, 2_000),
        SORT.at("1000000", 1_000_000),
        TOP_K.at("100-of-1000000", 1_000_000, 100));
  }
}
