package dev.ladera.backend.cuda;

import java.util.function.Function;

/**
 * What families of kernels are made with, and run with.
 *
 * @param device where they run
 * @param memory for what they need beside their outputs
 * @param compiler makes them
 * @param faults where they report indices that are out of range
 * @param vendor NVIDIA's own kernels, where their libraries are there
 */
record Workshop(
    CudaDevice device,
    DeviceMemory memory,
    KernelCompiler compiler,
    IndexFaults faults,
    VendorKernels vendor) {

  CudaKernel kernel(String name, KernelSource source) {
    return compiler.module(source).kernel(name);
  }

  /** A kernel that walks; the source is asked for with whether it walks far. */
  SizedKernel sized(String name, Function<Boolean, KernelSource> source) {
    return new SizedKernel(kernel(name, source.apply(false)), kernel(name, source.apply(true)));
  }
}
