package dev.ladera.testkit.conformance;

import dev.ladera.DType;
import dev.ladera.Device;
import dev.ladera.op.Composite;
import dev.ladera.op.Operator;
import dev.ladera.op.Signature;
import dev.ladera.spi.Backend;
import dev.ladera.spi.Kernel;
import dev.ladera.testkit.conformance.OperatorCase.Sample;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A backend, noting for which operators it answers a kernel. */
final class KernelRecorder extends WrappedBackend {
  /** How a backend runs an operation. */
  enum Way {
    /** No kernel runs: a view, or something that the host does. */
    NONE,
    /** By kernels of its own for all that is called. */
    KERNELS,
    /** A composite is run by its decomposition. */
    DECOMPOSITION
  }

  private boolean kernels;
  private boolean decomposed;

  private KernelRecorder(Backend inner) {
    super(inner);
  }

  /** How a device runs an operation's samples. */
  static Way way(OperatorCase line, Device device) {
    KernelRecorder recorder = new KernelRecorder(device.backend());
    Device recording = Device.of(device.type(), recorder);
    for (Sample sample : line.samples()) {
      DType dtype = line.dtypes(sample).getFirst();
      List<HostValue> inputs = Runs.inputs(line, sample, dtype);
      Runs.outputs(sample, recording, inputs, Placement.CONTIGUOUS);
    }
    return recorder.decomposed ? Way.DECOMPOSITION : recorder.kernels ? Way.KERNELS : Way.NONE;
  }

  @Override
  public @Nullable Kernel prepare(Operator operator, Signature signature) {
    Kernel kernel = super.prepare(operator, signature);
    if (kernel != null) {
      kernels = true;
    } else if (operator instanceof Composite) {
      decomposed = true;
    }
    return kernel;
  }
}
