package dev.ladera.backend.cpu;

import dev.ladera.op.Operator;
import dev.ladera.op.Signature;
import dev.ladera.spi.Kernel;
import org.jspecify.annotations.Nullable;

/** Kernels for composites that gain by one of their own. */
final class CompositeKernels {
  private CompositeKernels() {}

  /** A kernel, or null where the decomposition is as good. */
  static @Nullable Kernel prepare(Engine engine, Operator operator, Signature signature) {
    return null;
  }
}
