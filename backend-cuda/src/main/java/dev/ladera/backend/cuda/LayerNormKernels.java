package dev.ladera.backend.cuda;

import dev.ladera.DType;
import dev.ladera.Shape;
import dev.ladera.Tensor;

/** Layer normalisation and its gradients. Inputs that do not lie row by row are copied first. */
final class LayerNormKernels {
  private static final int LEAST_ROWS = 32;
  private static final int MOST_CHUNKS = 64;

  private final Workshop workshop;
  private final DType dtype;
  private final LineGroups normalize;
  private final LineGroups inputGradient;
  private final CudaKernel columnParts;
  private final CudaKernel columns;

  LayerNormKernels(Workshop workshop, DType dtype) {
    this.workshop = workshop;
    this.dtype = dtype;
    LineGroups.Source source = (solo, _) -> source(dtype, solo);
    this.normalize = LineGroups.of(workshop, "normalize", source);
    this.inputGradient = LineGroups.of(workshop, "input_gradient", source);
    this.columnParts = workshop.kernel("column_parts", source(dtype, true));
    this.columns = workshop.kernel("columns", source(dtype, true));
  }

  static KernelSource source(DType dtype, boolean solo) {
    KernelSource source =
        new KernelSource()
            .define("T", CType.of(dtype))
            .define("A", CType.accumulator(dtype))
            .file("prelude");
    return LineGroups.begin(source, solo).file("layernorm");
  }

  /** Normalises the first input, with a factor and a summand if there are more. */
  void forward(int axes, double eps, Tensor[] in, Tensor out) {
    Tensor x = rowByRow(in[0]);
    long length = length(x.shape(), axes);
    long rows = x.elements() / length;
    Tensor factor = in.length > 1 ? rowByRow(in[1]) : null;
    Tensor summand = in.length > 2 ? rowByRow(in[2]) : null;
    Arguments arguments =
        workshop
            .device()
            .arguments()
            .pointer(CudaStorage.address(x))
            .pointer(factor == null ? 0 : CudaStorage.address(factor))
            .pointer(summand == null ? 0 : CudaStorage.address(summand))
            .pointer(CudaStorage.address(out))
            .float64(eps);
    normalize.launch(arguments.int64(rows).int64(length), rows, length, false);
  }

  /** The gradients from that of the output, the input and, if it had one, its factor. */
  void backward(int axes, double eps, Tensor[] in, Tensor[] out) {
    Shape shape = in[1].shape();
    Tensor gradient = rowByRow(in[0].detach().expand(shape));
    Tensor x = rowByRow(in[1]);
    long length = length(shape, axes);
    long rows = x.elements() / length;
    if (out.length == 1) {
      inputGradient(eps, gradient, x, 0, out[0], 0, rows, length);
      return;
    }
    Tensor factor = rowByRow(in[2]);
    long moments = Math.max(1, rows) * 2 * dtype.bytes();
    try (Scratch kept = workshop.memory().scratch(moments)) {
      if (rows > 0) {
        inputGradient(
            eps, gradient, x, CudaStorage.address(factor), out[0], kept.address(), rows, length);
      }
      columns(gradient, x, kept.address(), out, rows, length);
    }
  }

  private void inputGradient(
      double eps,
      Tensor gradient,
      Tensor x,
      long factor,
      Tensor out,
      long kept,
      long rows,
      long length) {
    Arguments arguments =
        workshop
            .device()
            .arguments()
            .pointer(CudaStorage.address(gradient))
            .pointer(CudaStorage.address(x))
            .pointer(factor)
            .pointer(CudaStorage.address(out))
            .pointer(kept)
            .float64(eps);
    inputGradient.launch(arguments.int64(rows).int64(length), rows, length, false);
  }

  /** The gradients of factor and summand, in chunks of rows that sizes alone decide. */
  private void columns(Tensor gradient, Tensor x, long kept, Tensor[] out, long rows, long length) {
    long chunk = Math.max(LEAST_ROWS, (rows + MOST_CHUNKS - 1) / MOST_CHUNKS);
    long chunks = Math.max(1, (rows + chunk - 1) / chunk);
    try (Scratch parts = workshop.memory().scratch(2 * chunks * length * Double.BYTES)) {
      Arguments arguments =
          workshop
              .device()
              .arguments()
              .pointer(CudaStorage.address(gradient))
              .pointer(CudaStorage.address(x))
              .pointer(kept)
              .pointer(parts.address());
      columnParts.launch(
          arguments.int64(rows).int64(length).int64(chunk).int64(chunks), chunks * length);
      columns.launch(
          workshop
              .device()
              .arguments()
              .pointer(parts.address())
              .pointer(CudaStorage.address(out[1]))
              .pointer(CudaStorage.address(out[2]))
              .int64(length)
              .int64(chunks),
          length);
    }
  }

  /** A copy may be out of reach before it is read: it is freed in a later turn all the same. */
  private static Tensor rowByRow(Tensor tensor) {
    return tensor.isContiguous() ? tensor : tensor.detach().contiguous();
  }

  private static long length(Shape shape, int axes) {
    return shape.slice(shape.rank() - axes, shape.rank()).elements();
  }
}
