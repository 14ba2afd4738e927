package dev.ladera.benchmarks;

import dev.ladera.Gradients;
import dev.ladera.Tensor;
import java.util.List;
import java.util.function.Supplier;

/**
 * A benchmark with its inputs made.
 *
 * @param recording whether gradients are recorded while it runs
 * @param body what is timed
 * @param leaves tensors whose gradients the body makes anew in each call
 */
record Prepared(boolean recording, Supplier<Tensor> body, List<Tensor> leaves) {
  /** A computation without gradients. */
  static Prepared forward(Supplier<Tensor> body) {
    return new Prepared(false, body, List.of());
  }

  /** A computation that makes gradients. */
  static Prepared recording(Supplier<Tensor> body, Tensor... leaves) {
    return new Prepared(true, body, List.of(leaves));
  }

  /** A computation and its way back from a given gradient of its result. */
  static Prepared backward(Supplier<Tensor> forward, Tensor gradient, Tensor... leaves) {
    return recording(
        () -> {
          for (Tensor leaf : leaves) {
            leaf.clearGrad();
          }
          Tensor out = forward.get();
          out.backward(gradient);
          return out;
        },
        leaves);
  }

  /** Runs something as the body is meant to run: recording, or not. */
  <T> T scope(Supplier<T> action) {
    return recording ? action.get() : Gradients.noGrad(action);
  }
}
