package dev.ladera.backend.cuda;

import dev.ladera.DType;
import dev.ladera.Layout;
import dev.ladera.Tensor;

/** Softmax, its logarithm and their gradients, along any axis of any layout. */
final class SoftmaxKernels {
  private final CudaDevice device;
  private final LineGroups kernels;
  private final int axis;

  private SoftmaxKernels(Workshop workshop, LineGroups kernels, int axis) {
    this.device = workshop.device();
    this.kernels = kernels;
    this.axis = axis;
  }

  /** Softmax, or its logarithm. */
  static SoftmaxKernels forward(Workshop workshop, boolean logarithm, DType dtype, int axis) {
    return new SoftmaxKernels(
        workshop,
        LineGroups.of(
            workshop, name(logarithm), (solo, wide) -> source("softmax", 2, dtype, solo, wide)),
        axis);
  }

  /** The gradient of softmax, or of its logarithm. */
  static SoftmaxKernels gradient(Workshop workshop, boolean logarithm, DType dtype, int axis) {
    return new SoftmaxKernels(
        workshop,
        LineGroups.of(
            workshop,
            name(logarithm),
            (solo, wide) -> source("softmaxgradient", 3, dtype, solo, wide)),
        axis);
  }

  private static String name(boolean logarithm) {
    return logarithm ? "log_softmax" : "softmax";
  }

  static KernelSource source(String file, int operands, DType dtype, boolean solo, boolean wide) {
    KernelSource source =
        new KernelSource()
            .define("T", CType.of(dtype))
            .define("A", CType.accumulator(dtype))
            .walking(operands, wide);
    return LineGroups.begin(source, solo).file(file);
  }

  /** Runs on inputs that broadcast to the output's shape. */
  void run(Tensor[] in, Tensor out) {
    Layout target = out.layout();
    Arguments arguments = device.arguments();
    Walk walk = arguments.newWalk(in.length + 1);
    for (Tensor input : in) {
      arguments.pointer(CudaStorage.address(input));
    }
    arguments.pointer(CudaStorage.address(out));
    for (int i = 0; i < target.rank(); i++) {
      if (i != axis) {
        for (int k = 0; k < in.length; k++) {
          walk.stride(k, Walk.stride(in[k].layout(), target.shape(), i));
        }
        walk.stride(in.length, target.stride(i)).axis(target.shape().size(i));
      }
    }
    arguments.walk(walk);
    for (Tensor input : in) {
      arguments.int64(Walk.stride(input.layout(), target.shape(), axis));
    }
    long length = target.shape().size(axis);
    long lines = LineKernels.lines(target.shape(), axis);
    boolean apart = target.stride(axis) > 1;
    kernels.launch(
        arguments.int64(target.stride(axis)).int64(lines).int64(length), lines, length, apart);
  }
}
