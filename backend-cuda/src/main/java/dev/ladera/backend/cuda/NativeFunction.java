package dev.ladera.backend.cuda;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

/**
 * A C function that answers a status code. Pointers, handles and sizes are longs, as they are one
 * register wide like them.
 *
 * <p>The handles that call are constants, one for each list of parameter types, and take the
 * function's address as an argument: so the JIT compiler inlines them, although which library is
 * called is known only when it was found.
 *
 * @param name as in the header
 * @param address where it is
 */
record NativeFunction(String name, MemorySegment address) {
  private static final MethodHandle I = handle(JAVA_INT);
  private static final MethodHandle L = handle(JAVA_LONG);
  private static final MethodHandle LI = handle(JAVA_LONG, JAVA_INT);
  private static final MethodHandle LL = handle(JAVA_LONG, JAVA_LONG);
  private static final MethodHandle LII = handle(JAVA_LONG, JAVA_INT, JAVA_INT);
  private static final MethodHandle LIL = handle(JAVA_LONG, JAVA_INT, JAVA_LONG);
  private static final MethodHandle LLI = handle(JAVA_LONG, JAVA_LONG, JAVA_INT);
  private static final MethodHandle LLL = handle(JAVA_LONG, JAVA_LONG, JAVA_LONG);
  private static final MethodHandle LLLL = handle(JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG);
  private static final MethodHandle CREATE =
      handle(JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_INT, JAVA_LONG, JAVA_LONG);
  private static final MethodHandle LAUNCH =
      handle(
          JAVA_LONG, JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT,
          JAVA_LONG, JAVA_LONG, JAVA_LONG);

  static MethodHandle handle(MemoryLayout... parameters) {
    return Linker.nativeLinker().downcallHandle(FunctionDescriptor.of(JAVA_INT, parameters));
  }

  int call(int a) {
    try {
      return (int) I.invokeExact(address, a);
    } catch (Throwable e) {
      throw broken(e);
    }
  }

  int call(long a) {
    try {
      return (int) L.invokeExact(address, a);
    } catch (Throwable e) {
      throw broken(e);
    }
  }

  int call(long a, int b) {
    try {
      return (int) LI.invokeExact(address, a, b);
    } catch (Throwable e) {
      throw broken(e);
    }
  }

  int call(long a, long b) {
    try {
      return (int) LL.invokeExact(address, a, b);
    } catch (Throwable e) {
      throw broken(e);
    }
  }

  int call(long a, int b, int c) {
    try {
      return (int) LII.invokeExact(address, a, b, c);
    } catch (Throwable e) {
      throw broken(e);
    }
  }

  int call(long a, int b, long c) {
    try {
      return (int) LIL.invokeExact(address, a, b, c);
    } catch (Throwable e) {
      throw broken(e);
    }
  }

  int call(long a, long b, int c) {
    try {
      return (int) LLI.invokeExact(address, a, b, c);
    } catch (Throwable e) {
      throw broken(e);
    }
  }

  int call(long a, long b, long c) {
    try {
      return (int) LLL.invokeExact(address, a, b, c);
    } catch (Throwable e) {
      throw broken(e);
    }
  }

  int call(long a, long b, long c, long d) {
    try {
      return (int) LLLL.invokeExact(address, a, b, c, d);
    } catch (Throwable e) {
      throw broken(e);
    }
  }

  /** Three pointers, a count, and two lists of it, as {@code nvrtcCreateProgram} takes. */
  int call(long a, long b, long c, int count, long d, long e) {
    try {
      return (int) CREATE.invokeExact(address, a, b, c, count, d, e);
    } catch (Throwable t) {
      throw broken(t);
    }
  }

  /** What {@code cuLaunchKernel} takes, for blocks and grids along one axis. */
  int launch(long function, int blocks, int threads, long stream, long parameters) {
    try {
      return (int)
          LAUNCH.invokeExact(
              address, function, blocks, 1, 1, threads, 1, 1, 0, stream, parameters, 0L);
    } catch (Throwable e) {
      throw broken(e);
    }
  }

  /** Calls through native code do not throw, so this is a fault of ours. */
  RuntimeException broken(Throwable cause) {
    return new IllegalStateException("the call of " + name + " broke", cause);
  }
}
