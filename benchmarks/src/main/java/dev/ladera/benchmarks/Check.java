package dev.ladera.benchmarks;

import dev.ladera.Gradients;
import dev.ladera.Tensor;
import java.util.ArrayList;
import java.util.List;

/**
 * Two numbers for each tensor that a benchmark makes: its product with a fixed vector, and its root
 * mean square. Contestants that agree in them compute the same thing from the same inputs.
 */
final class Check {
  private static final int CALLS = 3;

  /** float32 results in different orders of summing agree far better than this. */
  private static final double TOLERANCE = 1e-4;

  /**
   * Through twenty layers, a rounding that switches one ReLU moves a whole gradient: PyTorch's own
   * float32 is 3e-4 from its float64 for ResNet-20.
   */
  private static final double GRADIENT_TOLERANCE = 1e-2;

  private Check() {}

  /** Runs a body, three times if it makes gradients, and looks at results and gradients. */
  static List<Double> of(Prepared prepared) {
    List<Double> numbers = new ArrayList<>();
    int calls = prepared.recording() ? CALLS : 1;
    for (int i = 0; i < calls; i++) {
      add(numbers, prepared.scope(prepared.body()));
      for (Tensor leaf : prepared.leaves()) {
        Tensor gradient = leaf.grad();
        if (gradient != null) {
          add(numbers, gradient);
        }
      }
    }
    return numbers;
  }

  private static void add(List<Double> numbers, Tensor tensor) {
    double[] values = Gradients.noGrad(() -> tensor.detach().toDoubleArray());
    add(numbers, values);
  }

  static void add(List<Double> numbers, double[] values) {
    double product = 0;
    double square = 0;
    for (int i = 0; i < values.length; i++) {
      product += values[i] * Inputs.value(0, i);
      square += values[i] * values[i];
    }
    numbers.add(product / Math.sqrt(values.length));
    numbers.add(Math.sqrt(square / values.length));
  }

  /**
   * Where two answers differ first, in words; empty if they tell of one computation.
   *
   * @param recording whether gradients are among them
   */
  static String difference(List<Double> ours, List<Double> theirs, boolean recording) {
    if (ours.size() != theirs.size()) {
      return "ours are " + ours.size() / 2 + " tensors, theirs " + theirs.size() / 2;
    }
    double tolerance = recording ? GRADIENT_TOLERANCE : TOLERANCE;
    for (int i = 0; i < ours.size(); i++) {
      // Both numbers of a tensor are of the size of its root mean square.
      double size = ours.get(i | 1);
      double ourNumber = ours.get(i);
      double theirNumber = theirs.get(i);
      if (!(Math.abs(ourNumber - theirNumber) <= tolerance * size)) {
        return Units.format(
            "tensor %d: ours %s, theirs %s, of size %.2g", i / 2, ourNumber, theirNumber, size);
      }
    }
    return "";
  }
}
