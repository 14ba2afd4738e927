package dev.ladera.op;

import dev.ladera.Tensor;

/**
 * Exponentials along an axis, divided by their sum.
 *
 * @param axis the axis, from the front
 */
public record Softmax(int axis) implements Composite {
  @Override
  public String name() {
    return "softmax";
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
    Tensor exponentials = x.sub(x.amax(true, axis)).exp();
    return new Tensor[] {exponentials.div(exponentials.sum(true, axis))};
  }

  /**
   * The gradient of softmax, from the gradient of its output and the output.
   *
   * @param axis the axis, from the front
   */
  public record Backward(int axis) implements Composite {
    @Override
    public String name() {
      return "softmaxBackward";
    }

    @Override
    public TensorType[] infer(TensorType... inputs) {
      Checks.arity(name(), inputs, 2);
      return new TensorType[] {inputs[1]};
    }

    @Override
    public Tensor[] decompose(Tensor... inputs) {
      Tensor weighted = inputs[0].mul(inputs[1]);
      return new Tensor[] {weighted.sub(inputs[1].mul(weighted.sum(true, axis)))};
    }
  }
}
