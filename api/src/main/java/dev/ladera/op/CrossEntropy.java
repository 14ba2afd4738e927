package dev.ladera.op;

import dev.ladera.DTypeException;
import dev.ladera.ShapeException;
import dev.ladera.Tensor;

/**
 * {@link LogSoftmax} and {@link NllLoss} in one. Inputs are those of nllLoss, with any numbers in
 * the place of logarithms. Outputs are the loss, the sum of the weights of what counts, a scalar,
 * and the logarithms of probabilities, of the shape of the numbers.
 *
 * @param loss what becomes of the logarithms
 */
public record CrossEntropy(NllLoss loss) implements Composite {
  @Override
  public String name() {
    return "crossEntropy";
  }

  /**
   * {@inheritDoc}
   *
   * @throws ShapeException if targets or weights do not fit the numbers
   * @throws DTypeException if the numbers are not floating, weights of another type, or targets no
   *     integers
   */
  @Override
  public TensorType[] infer(TensorType... inputs) {
    TensorType[] outputs = loss.infer(name(), inputs);
    return new TensorType[] {outputs[0], outputs[1], inputs[0]};
  }

  /**
   * {@inheritDoc}
   *
   * @throws dev.ladera.IndexException if a target is no class and not ignored
   */
  @Override
  public Tensor[] decompose(Tensor... inputs) {
    Tensor logarithms = new LogSoftmax(loss.axis()).call(inputs[0]);
    Tensor[] outputs =
        inputs.length == 3
            ? loss.callAll(logarithms, inputs[1], inputs[2])
            : loss.callAll(logarithms, inputs[1]);
    return new Tensor[] {outputs[0], outputs[1], logarithms};
  }

  /**
   * The gradient of crossEntropy, from the gradient of the loss, the logarithms of probabilities,
   * the targets, the sum of weights, and, if it had them, the weights.
   *
   * @param loss as in the operator
   */
  public record Backward(NllLoss loss) implements Composite {
    @Override
    public String name() {
      return "crossEntropyBackward";
    }

    /**
     * {@inheritDoc}
     *
     * @throws ShapeException if the gradient has not the loss's shape, the sum of weights is no
     *     scalar, or targets or weights do not fit the logarithms
     * @throws DTypeException where types do not fit
     */
    @Override
    public TensorType[] infer(TensorType... inputs) {
      return new NllLoss.Backward(loss).infer(name(), inputs);
    }

    @Override
    public Tensor[] decompose(Tensor... inputs) {
      Tensor gradient = new NllLoss.Backward(loss).call(inputs);
      return new Tensor[] {new LogSoftmax.Backward(loss.axis()).call(gradient, inputs[1])};
    }
  }
}
