package dev.ladera.backend.nd4j;

import dev.ladera.DeviceException;
import dev.ladera.ShapeException;
import dev.ladera.Tensor;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.ref.Reference;

/**
 * The elements of tensors on {@code nd4j}, for kernels of the user's own: native memory of their
 * type, in row-major order without gaps, for {@code getAtIndex} and {@code setAtIndex} or for the
 * incubating Vector API. bool is one byte an element, 0 or 1. The memory stays as long as the
 * segment is in reach.
 */
public final class Nd4jMemory {
  private Nd4jMemory() {}

  /**
   * The elements of a tensor, to be read only: where they stand, or a copy where they lie with gaps
   * or in another order.
   *
   * @throws DeviceException if it is not on {@code nd4j}
   */
  public static MemorySegment read(Tensor tensor) {
    return elements(tensor.isContiguous() ? tensor : tensor.detach().contiguous()).asReadOnly();
  }

  /**
   * The elements of a tensor, to be written: a kernel's output, or an input that its operator says
   * it overwrites; no other.
   *
   * @param tensor contiguous, as outputs are
   * @throws ShapeException if its elements lie with gaps or in another order
   * @throws DeviceException if it is not on {@code nd4j}
   */
  public static MemorySegment write(Tensor tensor) {
    if (!tensor.isContiguous()) {
      throw new ShapeException(
          "nd4jMemory",
          "a view with gaps, " + tensor.layout() + ", cannot be written as one run of elements",
          tensor.shape());
    }
    return elements(tensor);
  }

  private static MemorySegment elements(Tensor tensor) {
    if (!(tensor.storage() instanceof Nd4jStorage storage)) {
      throw new DeviceException(
          "nd4jMemory", "the tensor is on " + tensor.device() + ", not on nd4j; use to(Device)");
    }
    // A segment over an address knows nothing of the storage, whose buffer goes back to the pool
    // when nobody holds it: an arena that goes with the segment does.
    return storage
        .block()
        .slice(tensor.layout().offset(), tensor.elements())
        .memory()
        .reinterpret(Arena.ofAuto(), _ -> Reference.reachabilityFence(storage));
  }
}
