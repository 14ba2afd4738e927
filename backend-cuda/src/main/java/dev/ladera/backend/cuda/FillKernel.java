package dev.ladera.backend.cuda;

import dev.ladera.DType;
import dev.ladera.Tensor;
import dev.ladera.op.Expr;

/** One value everywhere. */
final class FillKernel {
  private final CudaDevice device;
  private final CudaKernel fill;
  private final DType dtype;

  FillKernel(Workshop workshop, DType dtype) {
    this.device = workshop.device();
    this.fill = workshop.kernel("fill" + dtype.bytes(), CreationKernels.source());
    this.dtype = dtype;
  }

  void run(Number value, Tensor out) {
    long count = out.elements();
    fill.launch(
        device.arguments().pointer(CudaStorage.address(out)).int64(bits(value, dtype)).int64(count),
        count);
  }

  /** The bits of a value converted to a type; integers keep all of theirs. */
  private static long bits(Number value, DType dtype) {
    boolean whole = Expr.isInteger(value);
    return switch (dtype) {
      case FLOAT32 ->
          Float.floatToRawIntBits(whole ? (float) value.longValue() : (float) value.doubleValue());
      case FLOAT64 ->
          Double.doubleToRawLongBits(whole ? (double) value.longValue() : value.doubleValue());
      case INT32 -> whole ? (int) value.longValue() : (int) value.doubleValue();
      case INT64 -> whole ? value.longValue() : (long) value.doubleValue();
      case BOOL -> value.doubleValue() != 0 ? 1 : 0;
    };
  }
}
