package dev.ladera.backend.cpu;

import dev.ladera.DTypeException;
import dev.ladera.DeviceException;
import dev.ladera.ShapeException;
import dev.ladera.Tensor;
import java.lang.foreign.MemorySegment;

/**
 * The elements of tensors on {@code cpu}, for kernels of the user's own: Java memory of their type,
 * in row-major order without gaps, for {@code getAtIndex} and {@code setAtIndex} or for the
 * incubating Vector API.
 *
 * <pre>{@code
 * Kernel kernel = (operator, inputs, outputs) -> {
 *   MemorySegment x = CpuMemory.read(inputs[0]);
 *   MemorySegment y = CpuMemory.write(outputs[0]);
 *   for (long i = 0; i < outputs[0].elements(); i++) {
 *     y.setAtIndex(JAVA_FLOAT, i, 2 * x.getAtIndex(JAVA_FLOAT, i));
 *   }
 * };
 * }</pre>
 *
 * <p>bool has no such memory, as Java has none over a {@code boolean[]}: let the provider answer no
 * kernel for it, or read it by {@link Tensor#toBooleanArray()}.
 */
public final class CpuMemory {
  private CpuMemory() {}

  /**
   * The elements of a tensor, to be read only: where they stand, or a copy where they lie with gaps
   * or in another order.
   *
   * @param tensor of any shape and layout, not bool
   * @throws DTypeException if it is bool
   * @throws DeviceException if it is not on {@code cpu}
   */
  public static MemorySegment read(Tensor tensor) {
    return elements(tensor.isContiguous() ? tensor : tensor.detach().contiguous()).asReadOnly();
  }

  /**
   * The elements of a tensor, to be written: a kernel's output, or an input that its operator says
   * it overwrites; no other.
   *
   * @param tensor contiguous, as outputs are, and not bool
   * @throws ShapeException if its elements lie with gaps or in another order
   * @throws DTypeException if it is bool
   * @throws DeviceException if it is not on {@code cpu}
   */
  public static MemorySegment write(Tensor tensor) {
    if (!tensor.isContiguous()) {
      throw new ShapeException(
          "cpuMemory",
          "a view with gaps, " + tensor.layout() + ", cannot be written as one run of elements",
          tensor.shape());
    }
    return elements(tensor);
  }

  private static MemorySegment elements(Tensor tensor) {
    if (!(tensor.storage() instanceof CpuStorage storage)) {
      throw new DeviceException(
          "cpuMemory", "the tensor is on " + tensor.device() + ", not on cpu; use to(Device)");
    }
    MemorySegment all =
        switch (storage.array()) {
          case float[] values -> MemorySegment.ofArray(values);
          case double[] values -> MemorySegment.ofArray(values);
          case int[] values -> MemorySegment.ofArray(values);
          case long[] values -> MemorySegment.ofArray(values);
          default ->
              throw new DTypeException(
                  "cpuMemory",
                  tensor.dtype()
                      + " has no memory in Java; use to(DType.INT32) before the operator, or"
                      + " toBooleanArray() in the kernel",
                  tensor.dtype());
        };
    long bytes = tensor.dtype().bytes();
    return all.asSlice(tensor.layout().offset() * bytes, tensor.elements() * bytes);
  }
}
