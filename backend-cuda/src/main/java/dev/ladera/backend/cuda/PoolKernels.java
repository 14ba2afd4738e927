package dev.ladera.backend.cuda;

import dev.ladera.DType;
import dev.ladera.Layout;
import dev.ladera.Tensor;
import dev.ladera.op.Pool;
import java.util.List;

/** Pooling and its gradients. */
final class PoolKernels {
  private static final int WINDOW_BYTES = 6 * 3 * Integer.BYTES + Long.BYTES;

  private final CudaDevice device;
  private final CudaKernel forward;
  private final CudaKernel gradient;

  /** Kernels for a type, and a type of places, which only gradients of maxima have. */
  PoolKernels(Workshop workshop, Pool.Kind kind, DType dtype, DType places) {
    this.device = workshop.device();
    KernelSource source = source(dtype, places);
    String name = kind == Pool.Kind.MAX ? "maximum" : "average";
    this.forward = workshop.kernel(name, source);
    this.gradient = workshop.kernel(name + "_gradient", source);
  }

  static KernelSource source(DType dtype, DType places) {
    return new KernelSource()
        .define("T", CType.of(dtype))
        .define("P", CType.of(places))
        .file("prelude")
        .file("pool");
  }

  void forward(Pool pool, Tensor input, Tensor[] outputs) {
    Arguments arguments =
        device
            .arguments()
            .pointer(CudaStorage.address(input))
            .pointer(CudaStorage.address(outputs[0]));
    boolean maximum = pool.kind() == Pool.Kind.MAX;
    if (maximum) {
      arguments.pointer(CudaStorage.address(outputs[1]));
    }
    Layout layout = input.layout();
    addWindow(arguments, pool, Spatial.sizes(layout), outputs[0].layout());
    Spatial.addStrides(arguments, layout);
    if (!maximum) {
      arguments.int32(pool.countIncludePad() ? 1 : 0);
    }
    long count = outputs[0].elements();
    forward.launch(arguments.int64(count), count);
  }

  void gradient(Pool.Gradient operator, Tensor[] inputs, Tensor out) {
    Pool pool = operator.pool();
    Arguments arguments = device.arguments().pointer(CudaStorage.address(inputs[0]));
    boolean maximum = pool.kind() == Pool.Kind.MAX;
    if (maximum) {
      arguments.pointer(CudaStorage.address(inputs[1]));
    }
    arguments.pointer(CudaStorage.address(out));
    addWindow(arguments, pool, operator.inputSize(), inputs[0].layout());
    Spatial.addStrides(arguments, inputs[0].layout());
    if (maximum) {
      Spatial.addStrides(arguments, inputs[1].layout());
    } else {
      arguments.int32(pool.countIncludePad() ? 1 : 0);
    }
    long count = out.elements();
    gradient.launch(arguments.int64(count), count);
  }

  /** The structure {@code Window} of pool.cu. */
  private static void addWindow(Arguments arguments, Pool pool, List<Integer> size, Layout pooled) {
    int at = arguments.structure(WINDOW_BYTES);
    at = Spatial.put(arguments, at, size, 1);
    at = Spatial.put(arguments, at, Spatial.sizes(pooled), 1);
    at = Spatial.put(arguments, at, pool.kernel(), 1);
    at = Spatial.put(arguments, at, pool.stride(), 1);
    at = Spatial.put(arguments, at, pool.padding(), 0);
    at = Spatial.put(arguments, at, pool.dilation(), 1);
    arguments.put(at, (long) pooled.shape().size(1));
  }
}
