package com.example;

import dev.ladera.Tensor;
import dev.ladera.op.Composite;
import dev.ladera.op.Gradient;
import dev.ladera.op.TensorType;
import java.util.List;

/** x³; run by a kernel of this project on the cpu. */
public record Cube() implements Composite {
  @Override
  public String name() {
    return "cube";
  }

  @Override
  public TensorType[] infer(TensorType... inputs) {
    return new TensorType[] {inputs[0]};
  }

  @Override
  public Tensor[] decompose(Tensor... inputs) {
    return new Tensor[] {inputs[0].pow(3)};
  }

  @Override
  public Gradient gradient() {
    return Gradient.of((inputs, outputs, gradients) ->
        List.of(gradients.get(0).mul(inputs.get(0).square()).mul(3)));
  }

  /** Runs it; exit code 1 if its kernel was not found, or is wrong. */
  public static void main(String[] arguments) {
    Tensor x = Tensor.of(new float[] {1, 2, 3}).requiresGrad(true);
    Tensor sum = new Cube().call(x).sum();
    sum.backward();
    boolean found = x.device().hasKernel(new Cube(), x.type());
    String where = Cube.class.getModule().isNamed() ? "module path" : "class path";
    System.out.printf(
        "%s on %s: kernel %s, sum %s, gradient %s%n",
        where, x.device(), found ? "found" : "missing", sum.item(), x.grad());
    if (!found || CubeOnCpu.RUNS.get() != 1 || sum.item() != 36 || x.grad().at(2) != 27) {
      System.exit(1);
    }
  }
}
