package dev.ladera.backend.cuda;

import dev.ladera.DType;
import dev.ladera.Layout;
import dev.ladera.Shape;
import dev.ladera.Tensor;
import dev.ladera.op.Primitive;
import java.util.List;

/** Operators that put elements elsewhere as they are: concatenation and padding. */
final class CopyKernels {
  private final CudaDevice device;
  private final SizedKernel copy;
  private final FillKernel fill;
  private final int bytes;

  CopyKernels(Workshop workshop, DType dtype) {
    this.device = workshop.device();
    this.copy = workshop.sized("copy", wide -> source(dtype, wide));
    this.fill = new FillKernel(workshop, dtype);
    this.bytes = dtype.bytes();
  }

  static KernelSource source(DType dtype, boolean wide) {
    return new KernelSource().define("T", CType.word(dtype)).walking(2, wide).file("copy");
  }

  /** Copies a tensor to where a layout of its shape over an output's elements says. */
  void copy(Tensor from, Layout to, Tensor out) {
    Layout own = from.layout();
    Shape shape = own.shape();
    long count = shape.elements();
    if (count == 0) {
      return;
    }
    Arguments arguments =
        device
            .arguments()
            .pointer(CudaStorage.address(out) + to.offset() * bytes)
            .pointer(CudaStorage.address(from));
    Walk walk = arguments.newWalk(2);
    for (int axis = 0; axis < shape.rank(); axis++) {
      walk.stride(0, to.stride(axis)).stride(1, own.stride(axis)).axis(shape.size(axis));
    }
    copy.of(count).launch(arguments.walk(walk).int64(count), count);
  }

  void concat(Primitive.Concat concat, Tensor[] inputs, Tensor out) {
    int axis = out.shape().axis(concat.name(), concat.axis());
    int from = 0;
    for (Tensor input : inputs) {
      int size = input.shape().size(axis);
      copy(input, out.layout().slice(axis, from, size, 1), out);
      from += size;
    }
  }

  void pad(Primitive.Pad pad, Tensor input, Tensor out) {
    fill.run(pad.value(), out);
    Layout inner = out.layout();
    List<Integer> before = pad.before();
    for (int axis = 0; axis < before.size(); axis++) {
      int step = pad.between().get(axis) + 1;
      inner = inner.slice(axis, before.get(axis), input.shape().size(axis), step);
    }
    copy(input, inner, out);
  }
}
