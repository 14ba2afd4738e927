package dev.ladera.backend.cuda;

import dev.ladera.Tensor;
import dev.ladera.op.Primitive;

/** Numbers in a row, and random ones. */
final class CreationKernels {
  private CreationKernels() {}

  /** The source of all kernels that have no inputs. */
  static KernelSource source() {
    return new KernelSource().file("prelude").file("create");
  }

  static CudaKernel arange(Workshop workshop, Primitive.Arange arange) {
    return workshop.kernel("arange_" + arange.dtype(), source());
  }

  static void arange(CudaDevice device, CudaKernel kernel, Primitive.Arange arange, Tensor out) {
    Arguments arguments = device.arguments().pointer(CudaStorage.address(out));
    if (out.dtype().isFloating()) {
      arguments.float64(arange.start()).float64(arange.step());
    } else {
      arguments.int64((long) arange.start()).int64((long) arange.step());
    }
    kernel.launch(arguments.int64(arange.count()), arange.count());
  }

  static CudaKernel randomBits(Workshop workshop) {
    return workshop.kernel("random_bits", source());
  }

  static void randomBits(
      CudaDevice device, CudaKernel kernel, Primitive.RandomBits random, Tensor out) {
    kernel.launch(
        device
            .arguments()
            .pointer(CudaStorage.address(out))
            .int64(random.seed())
            .int64(random.offset())
            .int64(random.count()),
        (random.count() + 3) / 4);
  }
}
