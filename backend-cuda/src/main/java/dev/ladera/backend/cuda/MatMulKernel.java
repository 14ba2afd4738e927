package dev.ladera.backend.cuda;

import dev.ladera.DType;
import dev.ladera.Layout;
import dev.ladera.Shape;
import dev.ladera.Tensor;
import org.jspecify.annotations.Nullable;

/**
 * Products of matrices by kernels of our own, for all types and layouts, with or without a row that
 * is added to each row.
 */
final class MatMulKernel {
  private static final int TILE = 64;
  private static final int THREADS = 256;

  private final CudaDevice device;
  private final SizedKernel plain;
  private final SizedKernel biased;

  MatMulKernel(Workshop workshop, DType dtype) {
    this.device = workshop.device();
    this.plain = workshop.sized("matmul", wide -> source(dtype, false, wide));
    this.biased = workshop.sized("matmul", wide -> source(dtype, true, wide));
  }

  static KernelSource source(DType dtype, boolean biased, boolean wide) {
    return new KernelSource()
        .define("T", CType.of(dtype))
        .define("BIAS", biased ? "1" : "0")
        .walking(2, wide)
        .file("matmul");
  }

  /**
   * Computes a product.
   *
   * @param bias what is added to each row, without gaps; null for nothing
   */
  void run(Tensor left, Tensor right, Tensor out, @Nullable Tensor bias) {
    Layout a = left.layout();
    Layout b = right.layout();
    Shape shape = out.shape();
    long rows = shape.size(-2);
    long columns = shape.size(-1);
    Arguments arguments =
        device
            .arguments()
            .pointer(CudaStorage.address(left))
            .pointer(CudaStorage.address(right))
            .pointer(CudaStorage.address(out))
            .pointer(bias == null ? 0 : CudaStorage.address(bias));
    int at = arguments.structure(7 * Long.BYTES);
    arguments.put(at, rows);
    arguments.put(at + Long.BYTES, columns);
    arguments.put(at + 2 * Long.BYTES, (long) a.shape().size(-1));
    arguments.put(at + 3 * Long.BYTES, a.stride(a.rank() - 2));
    arguments.put(at + 4 * Long.BYTES, a.stride(a.rank() - 1));
    arguments.put(at + 5 * Long.BYTES, b.stride(b.rank() - 2));
    arguments.put(at + 6 * Long.BYTES, b.stride(b.rank() - 1));
    Walk batches = batches(arguments, a, b, shape);
    long tiles = ((rows + TILE - 1) / TILE) * ((columns + TILE - 1) / TILE);
    long blocks = tiles * (shape.elements() / (rows * columns));
    SizedKernel kernel = bias == null ? plain : biased;
    kernel.of(shape.elements()).launch(arguments.walk(batches), Math.toIntExact(blocks), THREADS);
  }

  /** A walk over the matrices of two operands, as they broadcast to a result. */
  static Walk batches(Arguments arguments, Layout left, Layout right, Shape result) {
    Walk batches = arguments.newWalk(2);
    for (int axis = 0; axis < result.rank() - 2; axis++) {
      batches
          .stride(0, Walk.stride(left, result, axis))
          .stride(1, Walk.stride(right, result, axis))
          .axis(result.size(axis));
    }
    return batches;
  }
}
