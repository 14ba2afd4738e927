package dev.ladera.op;

import dev.ladera.Tensor;

/**
 * The logarithm of {@link Softmax}, without overflow.
 *
 * @param axis the axis, from the front
 */
public record LogSoftmax(int axis) implements Composite {
  @Override
  public String name() {
    return "logSoftmax";
  }

  @Override
  public TensorType[] infer(TensorType... inputs) {
    Checks.arity(name(), inputs, 1);
    Checks.floating(name(), "input", inputs[0]);
    Checks.axis(name(), axis, inputs[0].shape());
    return new TensorType[] {inputs[0]};
  }

  @Override
  public Tensor[] decompose(Tensor... inputs) {
    Tensor x = inputs[0];
    if (x.elements() == 0) {
      return new Tensor[] {x.copy()};
    }
    Tensor shifted = x.sub(x.amax(true, axis));
    return new Tensor[] {shifted.sub(shifted.exp().sum(true, axis).log())};
  }

  /**
   * The gradient of logSoftmax, from the gradient of its output and the output.
   *
   * @param axis the axis, from the front
   */
  public record Backward(int axis) implements Composite {
    @Override
    public String name() {
      return "logSoftmaxBackward";
    }

    @Override
    public TensorType[] infer(TensorType... inputs) {
      Checks.arity(name(), inputs, 2);
      return new TensorType[] {inputs[1]};
    }

    @Override
    public Tensor[] decompose(Tensor... inputs) {
      Tensor total = inputs[0].sum(true, axis);
      return new Tensor[] {inputs[0].sub(inputs[1].exp().mul(total))};
    }
  }
}
