package dev.ladera.nn;

import dev.ladera.ArgumentException;
import dev.ladera.DType;
import dev.ladera.Device;
import dev.ladera.Shape;
import dev.ladera.ShapeException;
import dev.ladera.Tensor;
import org.jspecify.annotations.Nullable;

/**
 * Layer normalisation (Ba, Kiros and Hinton, 2016): each sample less its mean, divided by its
 * standard deviation, over the last axes, times a weight, plus a bias.
 */
public final class LayerNorm extends Layer {
  private final Shape normalizedShape;
  private double eps = 1e-5;
  private @Nullable Slot weight;
  private @Nullable Slot bias;

  /**
   * A layer over axes of these sizes, the last of an input, with eps 1e-5, weight and bias.
   *
   * @throws ArgumentException if no sizes are given
   */
  public LayerNorm(int... normalizedShape) {
    if (normalizedShape.length == 0) {
      throw new ArgumentException("layerNorm", "normalizedShape", "must have at least one size");
    }
    this.normalizedShape = Shape.of(normalizedShape);
    makeParameters(true, true);
  }

  private void makeParameters(boolean affine, boolean biased) {
    forget("weight");
    forget("bias");
    weight = affine ? parameter("weight", full(1)) : null;
    bias = affine && biased ? parameter("bias", full(0)) : null;
  }

  private Tensor full(double value) {
    return Tensor.full(normalizedShape, value, DType.FLOAT32, Device.standard());
  }

  /** Sets what is added to the variance. */
  public LayerNorm eps(double value) {
    eps = Arguments.positive("layerNorm", "eps", value);
    return this;
  }

  /** Sets whether there are a weight and a bias. */
  public LayerNorm elementwiseAffine(boolean on) {
    makeParameters(on, on);
    return this;
  }

  /** Sets whether there is a bias beside the weight. */
  public LayerNorm bias(boolean on) {
    makeParameters(weight != null, on);
    return this;
  }

  /** The factor of each place; null if not affine. */
  public @Nullable Tensor weight() {
    return weight == null ? null : weight.tensor();
  }

  /** What is added to each place; null if nothing is. */
  public @Nullable Tensor bias() {
    return bias == null ? null : bias.tensor();
  }

  @Override
  protected Tensor compute(Tensor input) {
    int axes = normalizedShape.rank();
    int rank = input.rank();
    if (rank < axes || !input.shape().slice(rank - axes, rank).equals(normalizedShape)) {
      throw new ShapeException(
          "layerNorm",
          "input " + input.shape() + " must end in the normalised shape " + normalizedShape,
          input.shape(),
          normalizedShape);
    }
    return input.layerNorm(axes, weight(), bias(), eps);
  }

  @Override
  protected String describe() {
    return PythonText.tuple(normalizedShape.toList())
        + ", eps="
        + PythonText.number(eps)
        + ", elementwise_affine="
        + PythonText.bool(weight != null)
        + ", bias="
        + PythonText.bool(bias != null);
  }
}
