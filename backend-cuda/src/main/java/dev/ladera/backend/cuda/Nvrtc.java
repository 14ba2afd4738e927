package dev.ladera.backend.cuda;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import dev.ladera.BackendException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;

/** NVIDIA's compiler of CUDA C (nvrtc.h 13.0). Safe for use by several threads. */
final class Nvrtc {
  private static final int COMPILATION_FAILED = 6;

  private final NativeLibrary library;
  private final NativeFunction version;
  private final NativeFunction create;
  private final NativeFunction compile;
  private final NativeFunction destroy;
  private final NativeFunction cubinSize;
  private final NativeFunction cubin;
  private final NativeFunction logSize;
  private final NativeFunction log;

  /**
   * Binds the functions.
   *
   * @throws MissingLibraryException if the library is too old to have them
   */
  Nvrtc(NativeLibrary library) {
    this.library = library;
    this.version = library.function("nvrtcVersion");
    this.create = library.function("nvrtcCreateProgram");
    this.compile = library.function("nvrtcCompileProgram");
    this.destroy = library.function("nvrtcDestroyProgram");
    this.cubinSize = library.function("nvrtcGetCUBINSize");
    this.cubin = library.function("nvrtcGetCUBIN");
    this.logSize = library.function("nvrtcGetProgramLogSize");
    this.log = library.function("nvrtcGetProgramLog");
  }

  String path() {
    return library.path();
  }

  private static void check(NativeFunction function, int code) {
    if (code != 0) {
      throw new CallFailure(function.name(), code, code == 7 ? "its builtins were not found" : "");
    }
  }

  /** The version, as in 13.0. */
  String version() {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment numbers = arena.allocate(JAVA_INT, 2);
      long second = numbers.address() + JAVA_INT.byteSize();
      check(version, version.call(numbers.address(), second));
      return numbers.getAtIndex(JAVA_INT, 0) + "." + numbers.getAtIndex(JAVA_INT, 1);
    }
  }

  /**
   * Compiles a source to machine code.
   *
   * @throws BackendException if it does not compile, with the compiler's words
   */
  byte[] compile(String source, List<String> options) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment handle = arena.allocate(JAVA_LONG);
      MemorySegment text = arena.allocateFrom(source);
      check(create, create.call(handle.address(), text.address(), 0L, 0, 0L, 0L));
      long program = handle.get(JAVA_LONG, 0);
      try {
        MemorySegment list = arena.allocate(ADDRESS, options.size());
        for (int i = 0; i < options.size(); i++) {
          list.setAtIndex(ADDRESS, i, arena.allocateFrom(options.get(i)));
        }
        int code = compile.call(program, options.size(), list.address());
        if (code == COMPILATION_FAILED) {
          throw new BackendException(
              "cuda", "NVRTC refused a kernel: " + log(program) + "\n" + source);
        }
        check(compile, code);
        return bytes(program, cubinSize, cubin);
      } finally {
        check(destroy, destroy.call(handle.address()));
      }
    }
  }

  private String log(long program) {
    byte[] text = bytes(program, logSize, log);
    return new String(text, java.nio.charset.StandardCharsets.UTF_8).strip();
  }

  private static byte[] bytes(long program, NativeFunction size, NativeFunction content) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment answer = arena.allocate(JAVA_LONG);
      check(size, size.call(program, answer.address()));
      MemorySegment buffer = arena.allocate(Math.max(1, answer.get(JAVA_LONG, 0)));
      check(content, content.call(program, buffer.address()));
      return buffer.toArray(ValueLayout.JAVA_BYTE);
    }
  }
}
