package dev.ladera.backend.cpu;

import dev.ladera.Tensor;
import dev.ladera.op.Operator;
import dev.ladera.spi.Kernel;
import org.jspecify.annotations.Nullable;

/** A product with a transposed weight, in which the bias is added by the way. */
final class LinearKernel implements Kernel {
  private final Engine engine;

  LinearKernel(Engine engine) {
    this.engine = engine;
  }

  @Override
  public void run(Operator operator, Tensor[] inputs, Tensor[] outputs) {
    switch (Engine.array(outputs[0])) {
      case float[] out -> multiply(engine.floats(), inputs, out);
      case double[] out -> multiply(engine.doubles(), inputs, out);
      default -> throw new IllegalArgumentException("no floating type: " + outputs[0].dtype());
    }
  }

  private <A> void multiply(Gemm<A> gemm, Tensor[] inputs, A out) {
    Tensor weight = inputs[1];
    int depth = weight.size(1);
    int columns = weight.size(0);
    int rows = (int) (inputs[0].shape().slice(0, inputs[0].rank() - 1).elements());
    gemm.multiply(
        rows,
        columns,
        depth,
        lanes(gemm, inputs[0]),
        lanes(gemm, weight),
        out,
        0,
        columns,
        bias(inputs));
  }

  /** A tensor whose last axis is the depth; what has more axes than two is read in one go. */
  private <A> StridedSource<A> lanes(Gemm<A> gemm, Tensor x) {
    if (x.rank() == 2) {
      return new StridedSource<>(
          gemm.elements(),
          array(Engine.array(x)),
          Engine.offset(x),
          (int) x.layout().stride(0),
          (int) x.layout().stride(1));
    }
    Engine.Dense dense = engine.dense(x);
    return new StridedSource<>(
        gemm.elements(), array(dense.array()), dense.offset(), x.size(-1), 1);
  }

  private <A> @Nullable Summand<A> bias(Tensor[] inputs) {
    if (inputs.length < 3) {
      return null;
    }
    Engine.Dense dense = engine.dense(inputs[2]);
    return new Summand<>(array(dense.array()), dense.offset());
  }

  @SuppressWarnings("unchecked") // All inputs have the type of the output.
  private static <A> A array(Object array) {
    return (A) array;
  }
}
