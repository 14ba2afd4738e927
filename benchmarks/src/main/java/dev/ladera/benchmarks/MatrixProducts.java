package dev.ladera.benchmarks;

import dev.ladera.Tensor;
import java.util.ArrayList;
import java.util.List;

/** Products of matrices: square, with a transposed operand, thin ones of a perceptron, batches. */
final class MatrixProducts {
  private static final String GROUP = "products";

  /** (m, k) · (k, n). */
  private static final Operation MATMUL =
      new Operation(
          GROUP,
          "matmul",
          List.of(3, 5, 4),
          MatrixProducts::work,
          (in, s) -> {
            Tensor left = in.values(1, s[0], s[1]);
            Tensor right = in.values(2, s[1], s[2]);
            return Prepared.forward(() -> left.matmul(right));
          });

  /** (m, k) · (n, k)ᵀ. */
  private static final Operation RIGHT_TRANSPOSED =
      new Operation(
          GROUP,
          "matmulRightT",
          List.of(3, 5, 4),
          MatrixProducts::work,
          (in, s) -> {
            Tensor left = in.values(1, s[0], s[1]);
            Tensor right = in.values(2, s[2], s[1]);
            return Prepared.forward(() -> left.matmul(right.t()));
          });

  /** (k, m)ᵀ · (k, n). */
  private static final Operation LEFT_TRANSPOSED =
      new Operation(
          GROUP,
          "matmulLeftT",
          List.of(3, 5, 4),
          MatrixProducts::work,
          (in, s) -> {
            Tensor left = in.values(1, s[1], s[0]);
            Tensor right = in.values(2, s[1], s[2]);
            return Prepared.forward(() -> left.t().matmul(right));
          });

  /** (b, m, k) · (b, k, n). */
  private static final Operation BATCHED =
      new Operation(
          GROUP,
          "batchedMatmul",
          List.of(2, 3, 5, 4),
          s -> Work.flops(2.0 * s[0] * s[1] * s[2] * s[3]),
          (in, s) -> {
            Tensor left = in.values(1, s[0], s[1], s[2]);
            Tensor right = in.values(2, s[0], s[2], s[3]);
            return Prepared.forward(() -> left.matmul(right));
          });

  private MatrixProducts() {}

  private static Work work(int... s) {
    return Work.flops(2.0 * s[0] * s[1] * s[2]);
  }

  static List<Benchmark> all() {
    List<Benchmark> all =
        new ArrayList<>(MATMUL.square(3, 16, 32, 64, 128, 256, 512, 1024, 2048, 4096));
    all.addAll(RIGHT_TRANSPOSED.square(3, 64, 128, 256, 512, 1024, 2048));
    all.addAll(LEFT_TRANSPOSED.square(3, 64, 128, 256, 512, 1024, 2048));
    // The first layer of the perceptron 784-128-64-10 with a batch of 64, as layers compute it.
    all.add(RIGHT_TRANSPOSED.at("mlp-forward", 64, 784, 128));
    all.add(MATMUL.at("mlp-input-gradient", 64, 128, 784));
    all.add(LEFT_TRANSPOSED.at("mlp-weight-gradient", 128, 64, 784));
    all.add(BATCHED.at("32x64", 32, 64, 64, 64));
    all.add(BATCHED.at("attention-scores", 128, 128, 32, 128));
    all.add(BATCHED.at("attention-values", 128, 128, 128, 32));
    return all;
  }
}
