package dev.ladera.backend.cuda;

import dev.ladera.DType;
import dev.ladera.Layout;
import dev.ladera.Shape;
import dev.ladera.Tensor;

/** Elements picked, or added, at indexed places of an axis. */
final class IndexKernels {
  /** Lines that keep the device busy with a thread each. */
  private static final int ENOUGH_LINES = 8192;

  private static final int MOST_OWNERS = 1024;
  private static final int SHORT = 16;

  private IndexKernels() {}

  static KernelSource gatherSource(DType dtype, DType index, boolean wide) {
    return new KernelSource()
        .define("T", CType.word(dtype))
        .define("I", CType.of(index))
        .walking(2, wide)
        .file("index")
        .file("gather");
  }

  static SizedKernel gather(Workshop workshop, DType dtype, DType index) {
    return workshop.sized("gather", wide -> gatherSource(dtype, index, wide));
  }

  static void gather(Workshop workshop, SizedKernel kernel, int axis, Tensor[] in, Tensor out) {
    Layout x = in[0].layout();
    Layout index = in[1].layout();
    long count = index.shape().elements();
    Arguments arguments =
        workshop
            .device()
            .arguments()
            .pointer(CudaStorage.address(out))
            .pointer(CudaStorage.address(in[0]))
            .pointer(CudaStorage.address(in[1]));
    Walk walk = arguments.newWalk(2);
    for (int i = 0; i < index.rank(); i++) {
      long stride = i == axis ? 0 : x.stride(i);
      walk.stride(0, stride).stride(1, index.stride(i)).axis(index.shape().size(i));
    }
    arguments.walk(walk).int64(x.stride(axis)).int64(x.shape().size(axis)).int64(count);
    arguments.pointer(workshop.faults().address());
    arguments.int32(workshop.faults().ticket("gather", x.shape(), axis));
    kernel.of(count).launch(arguments, count);
  }

  static KernelSource scatterAddSource(DType dtype, DType index, boolean wide) {
    return new KernelSource()
        .define("T", CType.of(dtype))
        .define("I", CType.of(index))
        .walking(3, wide)
        .file("index")
        .file("scatter");
  }

  static SizedKernel scatterAdd(Workshop workshop, DType dtype, DType index) {
    return workshop.sized("scatter", wide -> scatterAddSource(dtype, index, wide));
  }

  static void scatterAdd(
      Workshop workshop, SizedKernel kernel, CopyKernels copy, int axis, Tensor[] in, Tensor out) {
    copy.copy(in[0], out.layout(), out);
    Layout target = out.layout();
    Layout index = in[1].layout();
    Layout source = in[2].layout();
    Shape shape = index.shape();
    if (shape.elements() == 0) {
      return;
    }
    long lines = LineKernels.lines(shape, axis);
    long owners = owners(lines, shape.size(axis));
    Arguments arguments =
        workshop
            .device()
            .arguments()
            .pointer(CudaStorage.address(out))
            .pointer(CudaStorage.address(in[1]))
            .pointer(CudaStorage.address(in[2]));
    Walk walk = arguments.newWalk(3);
    for (int i = 0; i < shape.rank(); i++) {
      if (i != axis) {
        walk.stride(0, target.stride(i)).stride(1, index.stride(i)).stride(2, source.stride(i));
        walk.axis(shape.size(i));
      }
    }
    arguments.walk(walk);
    arguments.int64(target.stride(axis)).int64(index.stride(axis)).int64(source.stride(axis));
    arguments.int64(target.shape().size(axis)).int64(shape.size(axis)).int64(lines).int64(owners);
    arguments.pointer(workshop.faults().address());
    arguments.int32(workshop.faults().ticket("scatterAdd", target.shape(), axis));
    kernel.of(lines).launch(arguments, lines * owners);
  }

  /** Threads that share a line: a power of two. Each reads all of its indices. */
  private static long owners(long lines, long length) {
    if (length <= SHORT || lines >= ENOUGH_LINES) {
      return 1;
    }
    return Math.min(MOST_OWNERS, Long.highestOneBit(ENOUGH_LINES / lines));
  }
}
