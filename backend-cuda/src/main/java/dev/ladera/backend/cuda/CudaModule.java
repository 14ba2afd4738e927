package dev.ladera.backend.cuda;

import java.lang.ref.Cleaner;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * A source, compiled and loaded when its first kernel is launched, and unloaded when nobody holds
 * it.
 */
final class CudaModule {
  private static final Cleaner CLEANER = Cleaner.create();

  private final CudaDevice device;
  private final KernelCompiler compiler;
  private final String source;
  private final Map<String, CudaKernel> kernels = new ConcurrentHashMap<>();
  private long handle;

  CudaModule(CudaDevice device, KernelCompiler compiler, String source) {
    this.device = device;
    this.compiler = compiler;
    this.source = source;
  }

  /** A kernel by its name in the source. */
  CudaKernel kernel(String name) {
    return kernels.computeIfAbsent(name, key -> new CudaKernel(device, this, key));
  }

  /** The handle of a kernel; compiles and loads where that was not done before. */
  synchronized long function(String name) {
    if (handle == 0) {
      long loaded = compiler.load(source);
      CudaDevice owner = device;
      CLEANER.register(this, () -> unload(owner, loaded));
      handle = loaded;
    }
    return device.driver().function(handle, name);
  }

  private static void unload(CudaDevice device, long module) {
    if (device.isLost()) {
      return;
    }
    try (var _ = device.enter()) {
      // Its kernels may still be waiting in the stream.
      device.synchronize();
      device.driver().unloadModule(module);
    } catch (CallFailure failure) {
      throw device.failure("unload", "", failure);
    }
  }
}
