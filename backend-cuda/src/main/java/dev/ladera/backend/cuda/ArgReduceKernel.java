package dev.ladera.backend.cuda;

import dev.ladera.DType;
import dev.ladera.Layout;
import dev.ladera.Tensor;
import dev.ladera.op.Primitive;

/** The place of the largest or least element of each line. */
final class ArgReduceKernel {
  private static final int SHORT = 64;
  private static final int MANY_LINES = 4096;

  private final CudaDevice device;
  private final SizedKernel byThread;
  private final SizedKernel byBlock;

  ArgReduceKernel(Workshop workshop, boolean largest, DType dtype) {
    this.device = workshop.device();
    this.byThread = workshop.sized("by_thread", wide -> source(largest, dtype, wide));
    this.byBlock = workshop.sized("by_block", wide -> source(largest, dtype, wide));
  }

  static KernelSource source(boolean largest, DType dtype, boolean wide) {
    return new KernelSource()
        .define("T", CType.of(dtype))
        .define("BETTER", largest ? ">" : "<")
        .walking(1, wide)
        .file("argreduce");
  }

  void run(Primitive.ArgReduce operator, Tensor input, Tensor out) {
    Layout layout = input.layout();
    int axis = operator.axis();
    long outputs = out.elements();
    long length = layout.shape().size(axis);
    Arguments arguments =
        device.arguments().pointer(CudaStorage.address(input)).pointer(CudaStorage.address(out));
    arguments.walk(LineKernels.walk(arguments, layout, axis)).int64(layout.stride(axis));
    boolean far = Math.abs(layout.stride(axis)) > 1 && outputs >= MANY_LINES;
    if (length <= SHORT || far) {
      byThread.of(outputs).launch(arguments.int64(outputs).int64(length), outputs);
    } else {
      byBlock
          .of(outputs)
          .launch(arguments.int64(length), Math.toIntExact(outputs), ReduceKernel.threads(length));
    }
  }
}
