package dev.ladera.nn;

import dev.ladera.ArgumentException;
import dev.ladera.DType;
import dev.ladera.Device;
import dev.ladera.Shape;
import dev.ladera.Tensor;
import org.jspecify.annotations.Nullable;

/**
 * input · weightᵀ + bias: (…, inputs) gives (…, outputs). Weight (outputs, inputs) and bias
 * (outputs) begin uniformly within ±1 / √inputs.
 */
public final class Linear extends Layer {
  private final int inputs;
  private final int outputs;
  private final Slot weight;
  private @Nullable Slot bias;

  /**
   * A layer with bias.
   *
   * @throws ArgumentException if a size is not positive
   */
  public Linear(int inputs, int outputs) {
    this.inputs = Arguments.atLeast("linear", "inputs", inputs, 1);
    this.outputs = Arguments.atLeast("linear", "outputs", outputs, 1);
    Tensor first = Tensor.zeros(outputs, inputs);
    this.weight = parameter("weight", Init.standardWeight(first));
    this.bias = makeBias();
  }

  private Slot makeBias() {
    Device device = weight.tensor().device();
    DType dtype = weight.tensor().dtype();
    Tensor first = Tensor.zeros(Shape.of(outputs), dtype, device);
    return parameter("bias", Init.standardBias(first, inputs));
  }

  /** Sets whether a bias is added. */
  public Linear bias(boolean on) {
    if (!on) {
      forget("bias");
      bias = null;
    } else if (bias == null) {
      bias = makeBias();
    }
    return this;
  }

  /** The weight, (outputs, inputs). */
  public Tensor weight() {
    return weight.tensor();
  }

  /** The bias, (outputs); null if there is none. */
  public @Nullable Tensor bias() {
    return bias == null ? null : bias.tensor();
  }

  @Override
  protected Tensor compute(Tensor input) {
    return input.linear(weight(), bias());
  }

  @Override
  protected String describe() {
    return "in_features="
        + inputs
        + ", out_features="
        + outputs
        + ", bias="
        + PythonText.bool(bias != null);
  }
}
