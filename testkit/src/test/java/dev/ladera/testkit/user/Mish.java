package dev.ladera.testkit.user;

import dev.ladera.ArgumentException;
import dev.ladera.DTypeException;
import dev.ladera.Tensor;
import dev.ladera.op.Composite;
import dev.ladera.op.TensorType;

/** A user's operator: x · tanh(softplus(x)). */
record Mish() implements Composite {
  @Override
  public String name() {
    return "mish";
  }

  @Override
  public TensorType[] infer(TensorType... inputs) {
    if (inputs.length != 1) {
      throw new ArgumentException(name(), "inputs", "must be one, not " + inputs.length);
    }
    if (!inputs[0].dtype().isFloating()) {
      throw new DTypeException(
          name(), "input is " + inputs[0].dtype() + "; a floating type is needed");
    }
    return inputs;
  }

  @Override
  public Tensor[] decompose(Tensor... inputs) {
    return new Tensor[] {inputs[0].mul(inputs[0].softplus().tanh())};
  }
}
