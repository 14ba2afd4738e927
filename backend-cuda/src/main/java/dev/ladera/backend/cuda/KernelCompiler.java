package dev.ladera.backend.cuda;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Modules by their source; those asked for least recently are dropped when there are many.
 *
 * <p>Sums and products are not contracted to one rounding, so that expressions answer the CPU's
 * bits; kernels that want it say {@code fmaf}.
 */
final class KernelCompiler {
  private static final int MOST_MODULES = 1024;

  private final CudaDevice device;
  private final Nvrtc nvrtc;
  private final CubinCache cubins;
  private final List<String> options;
  private final Map<String, CudaModule> modules = new LinkedHashMap<>(16, 0.75f, true);

  KernelCompiler(CudaDevice device, Nvrtc nvrtc) {
    this.device = device;
    this.nvrtc = nvrtc;
    this.options = options(device.capability());
    this.cubins = new CubinCache(CacheFolder.ofProcess(), nvrtc.version() + options);
  }

  /** How kernels are compiled for a compute capability, such as 90. */
  static List<String> options(int capability) {
    return List.of("--gpu-architecture=sm_" + capability, "--std=c++17", "--fmad=false");
  }

  /** The module of a source. */
  synchronized CudaModule module(KernelSource source) {
    String text = source.toString();
    CudaModule module = modules.get(text);
    if (module == null) {
      module = new CudaModule(device, this, text);
      modules.put(text, module);
      if (modules.size() > MOST_MODULES) {
        modules.remove(modules.keySet().iterator().next());
      }
    }
    return module;
  }

  /** Compiles and loads a source; from the folder of compiled ones, where it is there. */
  long load(String source) {
    byte[] kept = cubins.get(source);
    if (kept != null) {
      try {
        return load(kept);
      } catch (CallFailure damaged) {
        if (DriverErrors.losesDevice(damaged.code())) {
          throw damaged;
        }
        cubins.remove(source);
      }
    }
    byte[] cubin = nvrtc.compile(source, options);
    long module = load(cubin);
    cubins.put(source, cubin);
    return module;
  }

  private long load(byte[] cubin) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment image = arena.allocate(cubin.length, Long.BYTES);
      MemorySegment.copy(cubin, 0, image, java.lang.foreign.ValueLayout.JAVA_BYTE, 0, cubin.length);
      return device.driver().loadModule(image);
    }
  }
}
