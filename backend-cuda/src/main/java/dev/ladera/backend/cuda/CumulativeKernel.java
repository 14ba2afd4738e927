package dev.ladera.backend.cuda;

import dev.ladera.DType;
import dev.ladera.Layout;
import dev.ladera.Tensor;
import dev.ladera.op.Primitive;
import dev.ladera.op.Primitive.Scan;

/** Running sums and products along each line. */
final class CumulativeKernel {
  private static final int SHORT = 256;
  private static final int MANY_LINES = 16384;

  private final CudaDevice device;
  private final SizedKernel byThread;
  private final SizedKernel byBlock;

  CumulativeKernel(Workshop workshop, Scan scan, DType dtype) {
    this.device = workshop.device();
    this.byThread = workshop.sized("by_thread", wide -> source(scan, dtype, wide));
    this.byBlock = workshop.sized("by_block", wide -> source(scan, dtype, wide));
  }

  static KernelSource source(Scan scan, DType dtype, boolean wide) {
    return new KernelSource()
        .define("T", CType.of(dtype))
        .define("A", CType.accumulator(dtype))
        .define("FIRST", scan == Scan.SUM ? "0" : "1")
        .define("JOIN", scan == Scan.SUM ? "add" : "multiply")
        .walking(2, wide)
        .file("cumulative");
  }

  void run(Primitive.Cumulative operator, Tensor input, Tensor out) {
    Layout layout = input.layout();
    int axis = operator.axis();
    long lines = LineKernels.lines(layout.shape(), axis);
    long length = layout.shape().size(axis);
    Arguments arguments =
        device.arguments().pointer(CudaStorage.address(input)).pointer(CudaStorage.address(out));
    arguments
        .walk(LineKernels.walk(arguments, layout, out.layout(), axis))
        .int64(layout.stride(axis))
        .int64(out.layout().stride(axis));
    if (length <= SHORT || lines >= MANY_LINES) {
      byThread.of(lines).launch(arguments.int64(lines).int64(length), lines);
    } else {
      byBlock.of(lines).launch(arguments.int64(length), Math.toIntExact(lines), CudaKernel.THREADS);
    }
  }
}
