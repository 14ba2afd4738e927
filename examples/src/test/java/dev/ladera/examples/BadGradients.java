package dev.ladera.examples;

import dev.ladera.DType;
import dev.ladera.DTypeException;
import dev.ladera.GradientException;
import dev.ladera.Gradients;
import dev.ladera.Tensor;
import java.util.List;

/** Gradients that cannot be had. */
final class BadGradients {
  private BadGradients() {}

  private static Tensor leaf() {
    return Tensor.ones(2, 3).requiresGrad(true);
  }

  static List<BadInput> table() {
    return List.of(
        new BadInput(
            "backward without anything that requires a gradient",
            GradientException.class,
            "backward: output 0 of shape () was not computed from a tensor that requires a gradient, or not recorded; call requiresGrad(true) before computing, and compute outside of noGrad",
            () -> Tensor.ones(2).sum().backward()),
        new BadInput(
            "backward from a detached tensor",
            GradientException.class,
            "backward: output 0 of shape () was not computed from a tensor that requires a gradient, or not recorded; call requiresGrad(true) before computing, and compute outside of noGrad",
            () -> leaf().sum().detach().backward()),
        new BadInput(
            "backward from integers",
            GradientException.class,
            "backward: output 0 of shape () was not computed from a tensor that requires a gradient, or not recorded; call requiresGrad(true) before computing, and compute outside of noGrad",
            () -> leaf().to(DType.INT64).sum().backward()),
        new BadInput(
            "backward through argmax",
            GradientException.class,
            "backward: output 0 of shape () was not computed from a tensor that requires a gradient, or not recorded; call requiresGrad(true) before computing, and compute outside of noGrad",
            () -> leaf().argmax().backward()),
        new BadInput(
            "fill a leaf while recording",
            GradientException.class,
            "assign: a tensor that requires a gradient cannot be overwritten, nor be written elsewhere, while gradients are recorded; do it in Gradients.noGrad, or detach() the value",
            () -> leaf().fill(0)),
        new BadInput(
            "assign to a view of a leaf while recording",
            GradientException.class,
            "assign: a tensor that requires a gradient cannot be overwritten, nor be written elsewhere, while gradients are recorded; do it in Gradients.noGrad, or detach() the value",
            () -> leaf().select(0, 0).assign(Tensor.zeros(3))),
        new BadInput(
            "backward over a saved output that was assigned since",
            GradientException.class,
            "backward: output 0 of exp, of shape (2, 3), was overwritten after it was saved for the gradient; assign to a copy()",
            () -> {
              Tensor result = leaf().exp();
              Tensor loss = result.sum();
              result.detach().fill(5);
              loss.backward();
            }),
        new BadInput(
            "a hook on what requires no gradient",
            GradientException.class,
            "registerHook: the tensor of shape (2,) requires no gradient; call requiresGrad(true) on it, or on what it is computed from",
            () -> Tensor.ones(2).registerHook(g -> g)),
        new BadInput(
            "retainGrad on what requires no gradient",
            GradientException.class,
            "retainGrad: the tensor of shape (2,) requires no gradient; call requiresGrad(true) on it, or on what it is computed from",
            () -> Tensor.ones(2).retainGrad()),
        new BadInput(
            "grad for what the output does not depend on",
            GradientException.class,
            "grad: the output does not depend on input 0 of shape (2, 3)",
            () -> Gradients.grad(leaf().sum(), leaf())),
        new BadInput(
            "grad for what requires no gradient",
            GradientException.class,
            "grad: input 0 of shape (2,) requires no gradient; call requiresGrad(true) before computing with it",
            () -> Gradients.grad(leaf().sum(), Tensor.ones(2))),
        new BadInput(
            "grad of as many outputs as there are no gradients for",
            GradientException.class,
            "grad: there are 1 outputs and 0 gradients",
            () -> Gradients.grad(List.of(leaf().sum()), List.of(leaf()), List.of(), false, false)),
        new BadInput(
            "a hook that answers another shape",
            GradientException.class,
            "registerHook: a hook was given a gradient float32(2, 3) on cpu and answered float32(4,) on cpu; shape, type and device must stay",
            () -> {
              Tensor x = leaf();
              x.registerHook(g -> Tensor.ones(4));
              x.sum().backward();
            }),
        new BadInput(
            "a gradient of another type",
            DTypeException.class,
            "grad: gradient is float64 and the tensor float32; use to(DType)",
            () -> leaf().grad(Tensor.ones(2, 3).to(DType.FLOAT64))));
  }
}
