package dev.ladera.backend.cuda;

import dev.ladera.DType;
import dev.ladera.op.Composite;
import dev.ladera.op.LayerNorm;
import dev.ladera.op.Linear;
import dev.ladera.op.LogSoftmax;
import dev.ladera.op.Signature;
import dev.ladera.op.Softmax;
import dev.ladera.spi.Kernel;
import org.jspecify.annotations.Nullable;

/** Composites that go over memory a few times less by a kernel of their own. */
final class CompositeKernels {
  private final Workshop workshop;

  CompositeKernels(Workshop workshop) {
    this.workshop = workshop;
  }

  /** A kernel, or null where the decomposition runs. */
  @Nullable Kernel of(Composite composite, Signature signature) {
    DType dtype = signature.dtype(0);
    for (int i = 0; i < signature.size(); i++) {
      if (signature.dtype(i) != dtype || !dtype.isFloating()) {
        return null;
      }
    }
    return switch (composite) {
      // Not float64, for which cuBLASLt may add no bias: its product and a sum beat our kernel.
      case Linear _ when dtype == DType.FLOAT32 -> {
        LinearKernel kernel = new LinearKernel(workshop, dtype);
        yield (_, in, out) -> kernel.run(in, out[0]);
      }
      case Softmax(int axis) -> along(SoftmaxKernels.forward(workshop, false, dtype, axis));
      case LogSoftmax(int axis) -> along(SoftmaxKernels.forward(workshop, true, dtype, axis));
      case Softmax.Backward(int axis) ->
          along(SoftmaxKernels.gradient(workshop, false, dtype, axis));
      case LogSoftmax.Backward(int axis) ->
          along(SoftmaxKernels.gradient(workshop, true, dtype, axis));
      case LayerNorm(int axes, double eps) -> {
        LayerNormKernels kernels = new LayerNormKernels(workshop, dtype);
        yield (_, in, out) -> kernels.forward(axes, eps, in, out[0]);
      }
      case LayerNorm.Backward(int axes, double eps) -> {
        LayerNormKernels kernels = new LayerNormKernels(workshop, dtype);
        yield (_, in, out) -> kernels.backward(axes, eps, in, out);
      }
      default -> null;
    };
  }

  private static Kernel along(SoftmaxKernels kernels) {
    return (_, in, out) -> kernels.run(in, out[0]);
  }
}
