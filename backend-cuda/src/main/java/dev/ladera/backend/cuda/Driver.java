package dev.ladera.backend.cuda;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.util.ArrayList;
import java.util.List;

/**
 * The few functions of NVIDIA's driver library that tell what is there (CUDA Driver API, cuda.h
 * 13.0). Loading it runs none of its code; {@link #start} does.
 */
final class Driver {
  private static final int NAME_BYTES = 256;

  /**
   * A GPU.
   *
   * @param name as the driver tells it
   * @param bytes of its memory
   */
  record Gpu(String name, long bytes) {}

  /** A call that the driver answered with an error code. */
  static final class Failure extends Exception {
    private static final long serialVersionUID = 1L;

    Failure(String function, int code) {
      super(function + " answered error " + code + meaning(code));
    }

    private static String meaning(int code) {
      return switch (code) {
        case 3, 34 -> " (the driver is a stub or not initialized)";
        case 100 -> " (no device)";
        case 803 -> " (the driver and its kernel module have different versions)";
        default -> "";
      };
    }
  }

  private final Linker linker = Linker.nativeLinker();
  private final SymbolLookup symbols;

  private Driver(SymbolLookup symbols) {
    this.symbols = symbols;
  }

  /**
   * Finds the library by name, as the system's loader does.
   *
   * @throws IllegalArgumentException if there is none
   */
  static Driver load(String library) {
    return new Driver(SymbolLookup.libraryLookup(library, Arena.global()));
  }

  /** Initializes the driver. */
  void start() throws Failure {
    call("cuInit", FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_INT), 0);
  }

  /** The CUDA version that the driver supports: 13000 for 13.0. */
  int version() throws Failure {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment value = arena.allocate(ValueLayout.JAVA_INT);
      call(
          "cuDriverGetVersion",
          FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.ADDRESS),
          value);
      return value.get(ValueLayout.JAVA_INT, 0);
    }
  }

  /** The GPUs, in the driver's order. */
  List<Gpu> gpus() throws Failure {
    FunctionDescriptor oneInt =
        FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.ADDRESS, ValueLayout.JAVA_INT);
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment count = arena.allocate(ValueLayout.JAVA_INT);
      call(
          "cuDeviceGetCount",
          FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.ADDRESS),
          count);
      List<Gpu> gpus = new ArrayList<>();
      for (int i = 0; i < count.get(ValueLayout.JAVA_INT, 0); i++) {
        MemorySegment device = arena.allocate(ValueLayout.JAVA_INT);
        call("cuDeviceGet", oneInt, device, i);
        int handle = device.get(ValueLayout.JAVA_INT, 0);
        MemorySegment name = arena.allocate(NAME_BYTES);
        call(
            "cuDeviceGetName",
            FunctionDescriptor.of(
                ValueLayout.JAVA_INT,
                ValueLayout.ADDRESS,
                ValueLayout.JAVA_INT,
                ValueLayout.JAVA_INT),
            name,
            NAME_BYTES,
            handle);
        MemorySegment bytes = arena.allocate(ValueLayout.JAVA_LONG);
        call("cuDeviceTotalMem_v2", oneInt, bytes, handle);
        gpus.add(new Gpu(name.getString(0), bytes.get(ValueLayout.JAVA_LONG, 0)));
      }
      return gpus;
    }
  }

  private void call(String function, FunctionDescriptor descriptor, Object... arguments)
      throws Failure {
    MethodHandle handle = linker.downcallHandle(symbols.findOrThrow(function), descriptor);
    int code;
    try {
      code = (int) handle.invokeWithArguments(arguments);
    } catch (Throwable unexpected) {
      throw new IllegalStateException("the call of " + function + " broke", unexpected);
    }
    if (code != 0) {
      throw new Failure(function, code);
    }
  }
}
