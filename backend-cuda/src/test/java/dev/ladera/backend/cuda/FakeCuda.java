package dev.ladera.backend.cuda;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Assumptions;

/**
 * The fake NVIDIA driver of src/test/native, with what a test may ask of it: fake_cuda.h in Java.
 *
 * <p>There is one in a process. A test that uses it starts with {@link #reset}.
 */
final class FakeCuda {
  /** What a test can set. The order is that of FakeSetting in fake_cuda.h. */
  enum Setting {
    DEVICES,
    MEMORY,
    CAPABILITY,
    DRIVER_VERSION,
    DELAYED,
    THREAD_ORDER,
    LOG_CALLS
  }

  /** What the driver counts. The order is that of FakeCount in fake_cuda.h. */
  enum Count {
    ALLOCATIONS,
    BYTES,
    PEAK_BYTES,
    HOST_ALLOCATIONS,
    HOST_BYTES,
    STREAMS,
    EVENTS,
    MODULES,
    GRAPHS,
    GRAPH_EXECS,
    CONTEXTS,
    PROGRAMS,
    LAUNCHES,
    COMPILATIONS,
    PENDING
  }

  private static final FakeCudaBuild BUILD = new FakeCudaBuild();

  private final Linker linker = Linker.nativeLinker();
  private final Path library;
  private final SymbolLookup symbols;
  private final Map<String, MethodHandle> handles = new HashMap<>();

  private FakeCuda(Path library) {
    this.library = library;
    this.symbols = SymbolLookup.libraryLookup(library, Arena.global());
    setText("fake_set_compiler", BUILD.compiler().orElseThrow().toString());
    setText("fake_set_cache", BUILD.cache().toString());
  }

  /** Made at the first use, for the build takes its time. */
  private static final class Only {
    static final FakeCuda FAKE = new FakeCuda(BUILD.library());
  }

  /** Why there is no fake driver on this machine, if so. */
  static Optional<String> missing() {
    return BUILD.missing();
  }

  /** The driver, built if need be. Where it cannot be built, the test is skipped. */
  static FakeCuda assumed() {
    Optional<String> missing = missing();
    Assumptions.assumeTrue(missing.isEmpty(), missing.orElse(""));
    return Only.FAKE;
  }

  /** The sizes, offsets and constants of NVIDIA's headers, as layouts.cpp prints them. */
  static Map<String, Long> layouts() {
    Map<String, Long> values = new HashMap<>();
    for (String line : BUILD.output("layouts.cpp")) {
      int space = line.lastIndexOf(' ');
      values.put(line.substring(0, space), Long.parseLong(line.substring(space + 1)));
    }
    return values;
  }

  /** The file to give as ladera.cuda.driver, and as NVRTC's library too. */
  Path library() {
    return library;
  }

  /** NVIDIA's functions, for tests that call them themselves. */
  SymbolLookup symbols() {
    return symbols;
  }

  void set(Setting setting, long value) {
    call(
        "fake_set",
        FunctionDescriptor.ofVoid(ValueLayout.JAVA_INT, ValueLayout.JAVA_LONG),
        setting.ordinal(),
        value);
  }

  long get(Setting setting) {
    return (long)
        call(
            "fake_get",
            FunctionDescriptor.of(ValueLayout.JAVA_LONG, ValueLayout.JAVA_INT),
            setting.ordinal());
  }

  /**
   * Frees whatever is alive, and forgets rules, counts, logs and violations. Settings stay.
   * Contexts that a backend still holds are gone afterwards.
   */
  void reset() {
    call("fake_reset", FunctionDescriptor.ofVoid());
  }

  long count(Count count) {
    return (long)
        call(
            "fake_count",
            FunctionDescriptor.of(ValueLayout.JAVA_LONG, ValueLayout.JAVA_INT),
            count.ordinal());
  }

  /** How often NVIDIA's function of that name was called since the last reset. */
  long calls(String function) {
    try (Arena arena = Arena.ofConfined()) {
      return (long)
          call(
              "fake_calls",
              FunctionDescriptor.of(ValueLayout.JAVA_LONG, ValueLayout.ADDRESS),
              arena.allocateFrom(function));
    }
  }

  /**
   * Makes one call answer an error code and do nothing.
   *
   * @param function its name, or "*" for any
   * @param nth 1 for the next call
   */
  void fail(String function, long nth, int code) {
    fail(function, nth, code, 1);
  }

  /** As {@link #fail(String, long, int)}, for some calls in a row, or for ever if negative. */
  void fail(String function, long nth, int code, long times) {
    try (Arena arena = Arena.ofConfined()) {
      call(
          "fake_fail",
          FunctionDescriptor.ofVoid(
              ValueLayout.ADDRESS,
              ValueLayout.JAVA_LONG,
              ValueLayout.JAVA_INT,
              ValueLayout.JAVA_LONG),
          arena.allocateFrom(function),
          nth,
          code,
          times);
    }
  }

  /** Loses a device: after so many launches, the next one and all later calls answer the code. */
  void loseDevice(int device, long launches, int code) {
    call(
        "fake_lose_device",
        FunctionDescriptor.ofVoid(
            ValueLayout.JAVA_INT, ValueLayout.JAVA_LONG, ValueLayout.JAVA_INT),
        device,
        launches,
        code);
  }

  /** What went wrong that a real driver would not have told; looks at all memory first. */
  List<String> violations() {
    long count = (long) call("fake_violations", FunctionDescriptor.of(ValueLayout.JAVA_LONG));
    List<String> texts = new ArrayList<>();
    for (long i = 0; i < count; i++) {
      texts.add(text("fake_violation", i));
    }
    return texts;
  }

  void forgetViolations() {
    call("fake_forget_violations", FunctionDescriptor.ofVoid());
  }

  /** The calls since the log was switched on ({@link Setting#LOG_CALLS}), one a line. */
  List<String> log() {
    return text("fake_log").lines().toList();
  }

  void forgetLog() {
    call("fake_forget_log", FunctionDescriptor.ofVoid());
  }

  /** Calls a function of the library that answers an int, as almost all of NVIDIA's do. */
  int status(String function, Object... arguments) {
    MemoryLayout[] layouts = new MemoryLayout[arguments.length];
    for (int i = 0; i < arguments.length; i++) {
      layouts[i] =
          switch (arguments[i]) {
            case MemorySegment segment -> ValueLayout.ADDRESS;
            case Long number -> ValueLayout.JAVA_LONG;
            case Integer number -> ValueLayout.JAVA_INT;
            case Byte number -> ValueLayout.JAVA_BYTE;
            default -> throw new IllegalArgumentException("an argument of " + arguments[i]);
          };
    }
    return (int) call(function, FunctionDescriptor.of(ValueLayout.JAVA_INT, layouts), arguments);
  }

  private void setText(String function, String value) {
    try (Arena arena = Arena.ofConfined()) {
      call(function, FunctionDescriptor.ofVoid(ValueLayout.ADDRESS), arena.allocateFrom(value));
    }
  }

  /** The text of a function that tells its size first; the arguments before it are longs. */
  private String text(String function, Object... arguments) {
    MemoryLayout[] layouts = new MemoryLayout[arguments.length + 2];
    Object[] all = new Object[arguments.length + 2];
    for (int i = 0; i < arguments.length; i++) {
      layouts[i] = ValueLayout.JAVA_LONG;
      all[i] = arguments[i];
    }
    layouts[arguments.length] = ValueLayout.ADDRESS;
    layouts[arguments.length + 1] = ValueLayout.JAVA_LONG;
    FunctionDescriptor descriptor = FunctionDescriptor.of(ValueLayout.JAVA_LONG, layouts);
    all[arguments.length] = MemorySegment.NULL;
    all[arguments.length + 1] = 0L;
    long size = (long) call(function, descriptor, all);
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment room = arena.allocate(size);
      all[arguments.length] = room;
      all[arguments.length + 1] = size;
      call(function, descriptor, all);
      return room.getString(0);
    }
  }

  private Object call(String function, FunctionDescriptor descriptor, Object... arguments) {
    MethodHandle handle;
    synchronized (handles) {
      handle =
          handles.computeIfAbsent(
              function + descriptor,
              key -> linker.downcallHandle(symbols.findOrThrow(function), descriptor));
    }
    try {
      return handle.invokeWithArguments(arguments);
    } catch (Throwable unexpected) {
      throw new IllegalStateException("the call of " + function + " broke", unexpected);
    }
  }
}
