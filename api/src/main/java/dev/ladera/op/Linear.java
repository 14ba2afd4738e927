package dev.ladera.op;

import dev.ladera.DType;
import dev.ladera.DTypeException;
import dev.ladera.Shape;
import dev.ladera.ShapeException;
import dev.ladera.Tensor;

/**
 * input · weightᵀ + bias: (…, inputs) gives (…, outputs). Inputs are the tensor, the weight
 * (outputs, inputs) and, if there is one, the bias (outputs), all of one type.
 */
public record Linear() implements Composite {
  @Override
  public String name() {
    return "linear";
  }

  /**
   * {@inheritDoc}
   *
   * @throws ShapeException if input, weight and bias do not fit each other
   * @throws DTypeException if their types differ, or are bool
   */
  @Override
  public TensorType[] infer(TensorType... inputs) {
    Checks.arity(name(), inputs, 2, 3);
    Shape input = inputs[0].shape();
    Shape weight = inputs[1].shape();
    Checks.sameDType(name(), "input", inputs[0], "weight", inputs[1]);
    if (inputs[0].dtype() == DType.BOOL) {
      throw new DTypeException(name(), "bool has no product; use to(DType)", DType.BOOL);
    }
    if (weight.rank() != 2) {
      throw new ShapeException(
          name(), "weight " + weight + " must be (outputs, inputs)", input, weight);
    }
    if (input.rank() == 0 || input.size(-1) != weight.size(1)) {
      throw new ShapeException(
          name(),
          "input "
              + input
              + " must have "
              + weight.size(1)
              + " features along its last axis, for weight "
              + weight
              + "; flatten or reshape it",
          input,
          weight);
    }
    if (inputs.length == 3) {
      Shape bias = inputs[2].shape();
      Checks.sameDType(name(), "input", inputs[0], "bias", inputs[2]);
      if (!bias.equals(weight.slice(0, 1))) {
        throw new ShapeException(
            name(),
            "bias " + bias + " must have one entry for each of the outputs of weight " + weight,
            bias,
            weight);
      }
    }
    return new TensorType[] {new TensorType(inputs[0].dtype(), input.with(-1, weight.size(0)))};
  }

  @Override
  public Tensor[] decompose(Tensor... inputs) {
    Tensor product = inputs[0].matmul(inputs[1].t());
    return new Tensor[] {inputs.length == 3 ? product.add(inputs[2]) : product};
  }
}
