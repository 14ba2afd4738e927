package dev.ladera.testkit.conformance;

import dev.ladera.Tensor;
import dev.ladera.op.Operator;
import dev.ladera.op.Signature;
import dev.ladera.spi.Kernel;
import dev.ladera.testkit.ReferenceBackend;
import org.jspecify.annotations.Nullable;

/** The reference, but that one thing is wrong with it. */
final class BrokenBackend extends WrappedBackend {
  /** How a kernel goes wrong. */
  @FunctionalInterface
  interface Fault {
    /** Runs the kernel, or something else. */
    void run(Kernel kernel, Operator operator, Tensor[] inputs, Tensor[] outputs);
  }

  private final Fault fault;

  BrokenBackend(Fault fault) {
    super(new ReferenceBackend());
    this.fault = fault;
  }

  @Override
  public @Nullable Kernel prepare(Operator operator, Signature signature) {
    Kernel kernel = super.prepare(operator, signature);
    return kernel == null
        ? null
        : (called, inputs, outputs) -> fault.run(kernel, called, inputs, outputs);
  }
}
