package dev.ladera.backend.cpu;

import dev.ladera.DType;
import dev.ladera.op.BatchNorm;
import dev.ladera.op.CrossEntropy;
import dev.ladera.op.LayerNorm;
import dev.ladera.op.Linear;
import dev.ladera.op.LogSoftmax;
import dev.ladera.op.NllLoss;
import dev.ladera.op.Operator;
import dev.ladera.op.Signature;
import dev.ladera.op.Softmax;
import dev.ladera.spi.Kernel;
import org.jspecify.annotations.Nullable;

/** Kernels for composites that gain by one of their own. */
final class CompositeKernels {
  private CompositeKernels() {}

  /** A kernel, or null where the decomposition is as good. */
  static @Nullable Kernel prepare(Engine engine, Operator operator, Signature signature) {
    DType type = signature.dtype(0);
    if (operator instanceof NllLoss loss) {
      return NllLossKernels.forward(engine, type, loss);
    }
    if (operator instanceof NllLoss.Backward backward) {
      return NllLossKernels.backward(engine, type, backward.loss());
    }
    if (operator instanceof CrossEntropy(NllLoss loss)) {
      return CrossEntropyKernels.forward(engine, type, loss);
    }
    if (operator instanceof CrossEntropy.Backward(NllLoss loss)) {
      return CrossEntropyKernels.backward(engine, type, loss);
    }
    for (int i = 0; i < signature.size(); i++) {
      if (signature.dtype(i) != type || !type.isFloating()) {
        return null;
      }
    }
    return switch (operator) {
      case Linear _ -> new LinearKernel(engine);
      case Softmax(int axis) -> SoftmaxKernels.softmax(engine, type, axis);
      case Softmax.Backward(int axis) -> SoftmaxKernels.softmaxGradient(engine, type, axis);
      case LogSoftmax(int axis) -> SoftmaxKernels.logSoftmax(engine, type, axis);
      case LogSoftmax.Backward(int axis) -> SoftmaxKernels.logSoftmaxGradient(engine, type, axis);
      case LayerNorm norm -> LayerNormKernels.forward(engine, type, norm, signature.size());
      case LayerNorm.Backward norm ->
          LayerNormKernels.backward(engine, type, norm, signature.size());
      case BatchNorm norm -> BatchNormKernels.forward(engine, type, norm);
      case BatchNorm.Backward norm -> BatchNormKernels.backward(engine, type, norm);
      default -> null;
    };
  }
}
