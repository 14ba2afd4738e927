package dev.ladera.op;

import dev.ladera.DType;
import dev.ladera.DTypeException;
import dev.ladera.Dispatcher;
import dev.ladera.Shape;
import dev.ladera.ShapeException;
import dev.ladera.Tensor;

/**
 * The negative logarithm of the target class's probability. Inputs are logarithms of probabilities,
 * numbers of classes (int32 or int64, the logarithms' shape without the axis of the classes) and,
 * if there is one, a weight for each class, (classes), that is not differentiated. Outputs are the
 * loss, and the sum of the weights of what counts, a scalar.
 *
 * @param axis of the classes, from the front
 * @param ignoreIndex the number of a class that counts nowhere
 * @param joining how the losses of targets become the loss
 */
public record NllLoss(int axis, long ignoreIndex, Joining joining) implements Composite {
  private static final Pointwise KNOWN =
      Pointwise.of("target", t -> Expr.where(t.eq(Expr.of(0L)), Expr.of(0L), t));
  private static final Pointwise KEPT =
      Pointwise.of("kept", (value, t) -> Expr.where(t.eq(Expr.of(0L)), Expr.of(0.0), value));

  /** How losses are joined. */
  public enum Joining {
    /** Not at all: one for each target, 0 where that is ignored. */
    NONE,
    /** By their sum. */
    SUM,
    /** By their sum, divided by that of the weights of what counts: NaN where nothing does. */
    MEAN
  }

  @Override
  public String name() {
    return "nllLoss";
  }

  /**
   * {@inheritDoc}
   *
   * @throws ShapeException if targets or weights do not fit the logarithms
   * @throws DTypeException if logarithms are not floating, weights of another type, or targets no
   *     integers
   */
  @Override
  public TensorType[] infer(TensorType... inputs) {
    return infer(name(), inputs);
  }

  /** The types of the outputs, for an operation that is named in errors. */
  TensorType[] infer(String operation, TensorType... inputs) {
    Checks.arity(operation, inputs, 2, 3);
    Checks.floating(operation, "input", inputs[0]);
    if (!inputs[1].dtype().isInteger()) {
      throw new DTypeException(
          operation,
          "target is "
              + inputs[1].dtype()
              + "; classes are numbered by int32 or int64, use to(DType.INT64)",
          inputs[1].dtype(),
          DType.INT64);
    }
    Shape shape = inputs[0].shape();
    Checks.axis(operation, axis, shape);
    Shape targets = shape.without(axis);
    checkShape(operation, "target", inputs[1].shape(), targets, shape);
    if (inputs.length == 3) {
      Checks.sameDType(operation, "input", inputs[0], "weight", inputs[2]);
      checkShape(operation, "weight", inputs[2].shape(), Shape.of(shape.size(axis)), shape);
    }
    DType dtype = inputs[0].dtype();
    return new TensorType[] {
      new TensorType(dtype, joining == Joining.NONE ? targets : Shape.SCALAR),
      new TensorType(dtype, Shape.SCALAR)
    };
  }

  private void checkShape(
      String operation, String argument, Shape actual, Shape expected, Shape input) {
    if (!actual.equals(expected)) {
      throw new ShapeException(
          operation,
          argument
              + " "
              + actual
              + " must be "
              + expected
              + " for input "
              + input
              + " with classes along axis "
              + axis,
          actual,
          input);
    }
  }

  /**
   * {@inheritDoc}
   *
   * @throws dev.ladera.IndexException if a target is no class and not ignored
   */
  @Override
  public Tensor[] decompose(Tensor... inputs) {
    Tensor target = inputs[1];
    Tensor known = known(target);
    Tensor losses = inputs[0].gather(axis, known.unsqueeze(axis)).squeeze(axis).neg();
    Tensor total;
    if (inputs.length == 3) {
      Tensor weights = weights(inputs[2], known);
      losses = losses.mul(weights);
      total = kept(weights, target).sum();
    } else {
      total = target.ne(ignoreIndex).sum().to(losses.dtype());
    }
    losses = kept(losses, target);
    return new Tensor[] {
      switch (joining) {
        case NONE -> losses;
        case SUM -> losses.sum();
        case MEAN -> losses.sum().div(total);
      },
      total
    };
  }

  /** Targets with a class that there is in place of the ignored one. */
  private Tensor known(Tensor target) {
    return Dispatcher.call(KNOWN.with(ignoreIndex, 0L), target);
  }

  private Tensor kept(Tensor values, Tensor target) {
    return Dispatcher.call(KEPT.with(ignoreIndex, 0.0), values, target);
  }

  private static Tensor weights(Tensor weight, Tensor known) {
    return weight.gather(0, known.flatten()).reshape(known.shape());
  }

  /**
   * The gradient of nllLoss, from the gradient of the loss, the logarithms (of which only the shape
   * counts), the targets, the sum of weights, and, if it had them, the weights.
   *
   * @param loss the operator
   */
  public record Backward(NllLoss loss) implements Composite {
    @Override
    public String name() {
      return "nllLossBackward";
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
      return infer(name(), inputs);
    }

    /** The types of the outputs, for an operation that is named in errors. */
    TensorType[] infer(String operation, TensorType... inputs) {
      Checks.arity(operation, inputs, 4, 5);
      TensorType[] outputs =
          inputs.length == 5
              ? loss.infer(operation, inputs[1], inputs[2], inputs[4])
              : loss.infer(operation, inputs[1], inputs[2]);
      Shape input = inputs[1].shape();
      Checks.sameDType(operation, "gradient", inputs[0], "input", inputs[1]);
      Checks.sameDType(operation, "total", inputs[3], "input", inputs[1]);
      loss.checkShape(operation, "gradient", inputs[0].shape(), outputs[0].shape(), input);
      loss.checkShape(operation, "total", inputs[3].shape(), Shape.SCALAR, input);
      return new TensorType[] {inputs[1]};
    }

    @Override
    public Tensor[] decompose(Tensor... inputs) {
      Tensor target = inputs[2];
      Tensor known = loss.known(target);
      Tensor each = loss.joining == Joining.MEAN ? inputs[0].div(inputs[3]) : inputs[0];
      each = each.neg().expand(target.shape());
      if (inputs.length == 5) {
        each = each.mul(weights(inputs[4], known));
      }
      Tensor zeros = Tensor.zeros(inputs[1].shape(), inputs[1].dtype(), inputs[1].device());
      Tensor places = known.unsqueeze(loss.axis);
      Tensor kept = loss.kept(each, target).unsqueeze(loss.axis);
      return new Tensor[] {zeros.scatterAdd(loss.axis, places, kept)};
    }
  }
}
