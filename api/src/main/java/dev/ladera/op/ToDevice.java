package dev.ladera.op;

import dev.ladera.Device;
import dev.ladera.Tensor;

/**
 * A copy on another device, by way of a Java array.
 *
 * @param target the device to copy to
 */
public record ToDevice(Device target) implements Composite {
  @Override
  public String name() {
    return "toDevice";
  }

  @Override
  public TensorType[] infer(TensorType... inputs) {
    Checks.arity(name(), inputs, 1);
    return new TensorType[] {inputs[0]};
  }

  @Override
  public Tensor[] decompose(Tensor... inputs) {
    return new Tensor[] {Tensor.ofArray(inputs[0].toArray(), inputs[0].shape(), target)};
  }
}
