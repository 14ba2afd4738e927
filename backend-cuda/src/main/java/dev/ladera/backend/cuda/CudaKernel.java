package dev.ladera.backend.cuda;

/** A function of a module that runs on the device. */
final class CudaKernel {
  /** Threads of a block where a kernel does not care. */
  static final int THREADS = 256;

  private final CudaDevice device;
  private final CudaModule module;
  private final String name;
  private volatile long handle;

  CudaKernel(CudaDevice device, CudaModule module, String name) {
    this.device = device;
    this.module = module;
    this.name = name;
  }

  /** Starts one thread for each of so many tasks; kernels take what is beyond the largest grid. */
  void launch(Arguments arguments, long tasks) {
    long blocks = (tasks + THREADS - 1) / THREADS;
    launch(arguments, (int) Math.min(Integer.MAX_VALUE, blocks), THREADS);
  }

  /** Starts so many blocks of so many threads. */
  void launch(Arguments arguments, int blocks, int threads) {
    long function = handle;
    if (function == 0) {
      function = module.function(name);
      check(function, arguments);
      handle = function;
    }
    device.driver().launch(function, blocks, threads, device.stream(), arguments.address());
  }

  /** Compares what is passed with what the compiled kernel takes: a wrong guess corrupts memory. */
  private void check(long function, Arguments arguments) {
    Driver driver = device.driver();
    for (int i = 0; i <= arguments.count(); i++) {
      long expected = driver.parameterBytes(function, i);
      long passed = i == arguments.count() ? 0 : arguments.bytes(i);
      if (expected >= 0 && expected != passed) {
        throw new IllegalStateException(
            "kernel "
                + name
                + " takes "
                + expected
                + " bytes as parameter "
                + i
                + ", and is given "
                + passed);
      }
    }
  }
}
