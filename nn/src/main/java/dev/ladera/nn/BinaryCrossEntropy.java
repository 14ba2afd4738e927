package dev.ladera.nn;

import dev.ladera.Dispatcher;
import dev.ladera.Tensor;
import dev.ladera.op.Composite;
import dev.ladera.op.Expr;
import dev.ladera.op.Gradient;
import dev.ladera.op.Pointwise;
import dev.ladera.op.TensorType;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * −target · log p − (1 − target) · log(1 − p), logarithms cut off at −100. Its gradient is that of
 * the function without the cut, p · (1 − p) in its divisor being at least 1e-12, as in PyTorch: a
 * probability that is exactly wrong must still learn.
 */
record BinaryCrossEntropy() implements Composite {
  private static final Pointwise VALUE =
      Pointwise.of(
          "binaryCrossEntropy",
          (p, target) ->
              target
                  .sub(Expr.of(1.0))
                  .mul(p.neg().log1p().max(-100.0))
                  .sub(target.mul(p.log().max(-100.0))));
  private static final Pointwise OF_PROBABILITY =
      Pointwise.of(
          "binaryCrossEntropyBackward",
          3,
          x ->
              x.get(2)
                  .mul(x.get(0).sub(x.get(1)))
                  .div(x.get(0).neg().add(1.0).mul(x.get(0)).max(1e-12)));
  private static final Pointwise OF_TARGET =
      Pointwise.of(
          "binaryCrossEntropyBackward",
          (p, gradient) -> gradient.mul(p.neg().log1p().sub(p.log())));

  @Override
  public String name() {
    return "binaryCrossEntropy";
  }

  @Override
  public TensorType[] infer(TensorType... inputs) {
    return VALUE.infer(inputs);
  }

  @Override
  public Tensor[] decompose(Tensor... inputs) {
    return new Tensor[] {Dispatcher.call(VALUE, inputs)};
  }

  @Override
  public Gradient gradient() {
    return Gradient.of(BinaryCrossEntropy::gradients);
  }

  private static List<@Nullable Tensor> gradients(
      List<Tensor> inputs, List<Tensor> outputs, List<Tensor> gradients) {
    Tensor gradient = gradients.getFirst();
    Tensor p = inputs.get(0);
    Tensor target = inputs.get(1);
    return Arrays.asList(
        Dispatcher.call(OF_PROBABILITY, p, target, gradient),
        target.requiresGrad() ? Dispatcher.call(OF_TARGET, p, gradient) : null);
  }
}
