package dev.ladera.backend.cuda;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import org.jspecify.annotations.Nullable;

/** NVIDIA's convolutions (cudnn.h 9.24): the functions that the backend needs. */
final class Cudnn {
  static final int FLOAT32 = 0;
  static final int FLOAT64 = 1;

  private static final int ROW_MAJOR_FILTER = 0;
  private static final int CROSS_CORRELATION = 1;

  /** Math that may round float32 to TF32, and math that does not. */
  private static final int DEFAULT_MATH = 0;

  private static final int FMA_MATH = 3;

  private static final int RESULTS = 10;
  private static final int RESULT_BYTES = 48;
  private static final int RESULT_STATUS = 4;
  private static final int RESULT_MEMORY = 16;
  private static final int RESULT_DETERMINISM = 24;

  private static final MethodHandle FIVE =
      NativeFunction.handle(JAVA_LONG, JAVA_INT, JAVA_INT, JAVA_LONG, JAVA_LONG);
  private static final MethodHandle FILTER =
      NativeFunction.handle(JAVA_LONG, JAVA_INT, JAVA_INT, JAVA_INT, JAVA_LONG);
  private static final MethodHandle CONVOLUTION =
      NativeFunction.handle(
          JAVA_LONG, JAVA_INT, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_INT, JAVA_INT);
  private static final MethodHandle FIND =
      NativeFunction.handle(
          JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_INT, JAVA_LONG, JAVA_LONG);
  private static final MethodHandle RUN =
      NativeFunction.handle(
          JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_INT,
          JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG);

  /**
   * Which of the three: convolution itself (of input and weight), the gradient of its input (of
   * weight and gradient), and that of its weight (of input and gradient). The library's functions
   * take their operands in these orders, and are alike otherwise.
   */
  enum Direction {
    FORWARD("cudnnGetConvolutionForwardAlgorithm_v7", "cudnnConvolutionForward"),
    INPUT_GRADIENT("cudnnGetConvolutionBackwardDataAlgorithm_v7", "cudnnConvolutionBackwardData"),
    WEIGHT_GRADIENT(
        "cudnnGetConvolutionBackwardFilterAlgorithm_v7", "cudnnConvolutionBackwardFilter");

    private final String find;
    private final String run;

    Direction(String find, String run) {
      this.find = find;
      this.run = run;
    }
  }

  /**
   * An algorithm.
   *
   * @param number its number among those of its direction
   * @param workspace bytes that it needs
   */
  record Algorithm(int number, long workspace) {}

  private final NativeLibrary library;
  private final NativeFunction create;
  private final NativeFunction setStream;
  private final NativeFunction tensorCreate;
  private final NativeFunction tensorSet;
  private final NativeFunction tensorDestroy;
  private final NativeFunction filterCreate;
  private final NativeFunction filterSet;
  private final NativeFunction filterDestroy;
  private final NativeFunction convolutionCreate;
  private final NativeFunction convolutionSet;
  private final NativeFunction convolutionGroups;
  private final NativeFunction convolutionMath;
  private final NativeFunction convolutionDestroy;
  private final NativeFunction[] find = new NativeFunction[Direction.values().length];
  private final NativeFunction[] run = new NativeFunction[Direction.values().length];

  /**
   * Binds the functions.
   *
   * @throws MissingLibraryException if the library is too old to have them
   */
  Cudnn(NativeLibrary library) {
    this.library = library;
    this.create = library.function("cudnnCreate");
    this.setStream = library.function("cudnnSetStream");
    this.tensorCreate = library.function("cudnnCreateTensorDescriptor");
    this.tensorSet = library.function("cudnnSetTensorNdDescriptor");
    this.tensorDestroy = library.function("cudnnDestroyTensorDescriptor");
    this.filterCreate = library.function("cudnnCreateFilterDescriptor");
    this.filterSet = library.function("cudnnSetFilterNdDescriptor");
    this.filterDestroy = library.function("cudnnDestroyFilterDescriptor");
    this.convolutionCreate = library.function("cudnnCreateConvolutionDescriptor");
    this.convolutionSet = library.function("cudnnSetConvolutionNdDescriptor");
    this.convolutionGroups = library.function("cudnnSetConvolutionGroupCount");
    this.convolutionMath = library.function("cudnnSetConvolutionMathType");
    this.convolutionDestroy = library.function("cudnnDestroyConvolutionDescriptor");
    for (Direction direction : Direction.values()) {
      find[direction.ordinal()] = library.function(direction.find);
      run[direction.ordinal()] = library.function(direction.run);
    }
  }

  String path() {
    return library.path();
  }

  private static void check(NativeFunction function, int code) {
    if (code != 0) {
      throw new CallFailure(function.name(), code, meaning(code));
    }
  }

  /** The thousands of a code say what kind of failure it is. */
  private static String meaning(int code) {
    return switch (code / 1000) {
      case 1 -> "CUDNN_STATUS_NOT_INITIALIZED, or a library that cuDNN needs is not there";
      case 2 -> "CUDNN_STATUS_BAD_PARAM";
      case 3 -> "CUDNN_STATUS_NOT_SUPPORTED";
      case 4 -> "CUDNN_STATUS_INTERNAL_ERROR";
      case 5 -> "CUDNN_STATUS_EXECUTION_FAILED";
      default -> "";
    };
  }

  private static long made(NativeFunction function) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment answer = arena.allocate(JAVA_LONG);
      check(function, function.call(answer.address()));
      return answer.get(JAVA_LONG, 0);
    }
  }

  /** A handle for the current context, whose work goes through a stream. */
  long create(long stream) {
    long handle = made(create);
    check(setStream, setStream.call(handle, stream));
    return handle;
  }

  /** How a tensor lies. */
  long tensor(int type, int[] sizes, int[] strides) {
    long tensor = made(tensorCreate);
    int code;
    try (Arena arena = Arena.ofConfined()) {
      code =
          (int)
              FIVE.invokeExact(
                  tensorSet.address(),
                  tensor,
                  type,
                  sizes.length,
                  arena.allocateFrom(JAVA_INT, sizes).address(),
                  arena.allocateFrom(JAVA_INT, strides).address());
    } catch (Throwable e) {
      throw tensorSet.broken(e);
    }
    check(tensorSet, code);
    return tensor;
  }

  /** A weight in row-major order. */
  long filter(int type, int[] sizes) {
    long filter = made(filterCreate);
    int code;
    try (Arena arena = Arena.ofConfined()) {
      code =
          (int)
              FILTER.invokeExact(
                  filterSet.address(),
                  filter,
                  type,
                  ROW_MAJOR_FILTER,
                  sizes.length,
                  arena.allocateFrom(JAVA_INT, sizes).address());
    } catch (Throwable e) {
      throw filterSet.broken(e);
    }
    check(filterSet, code);
    return filter;
  }

  /** A convolution's attributes; lists have one entry for each spatial axis. */
  long convolution(
      int type, int[] padding, int[] stride, int[] dilation, int groups, boolean tf32) {
    long convolution = made(convolutionCreate);
    int code;
    try (Arena arena = Arena.ofConfined()) {
      code =
          (int)
              CONVOLUTION.invokeExact(
                  convolutionSet.address(),
                  convolution,
                  padding.length,
                  arena.allocateFrom(JAVA_INT, padding).address(),
                  arena.allocateFrom(JAVA_INT, stride).address(),
                  arena.allocateFrom(JAVA_INT, dilation).address(),
                  CROSS_CORRELATION,
                  type);
    } catch (Throwable e) {
      throw convolutionSet.broken(e);
    }
    check(convolutionSet, code);
    check(convolutionGroups, convolutionGroups.call(convolution, groups));
    check(convolutionMath, convolutionMath.call(convolution, tf32 ? DEFAULT_MATH : FMA_MATH));
    return convolution;
  }

  void destroy(ConvolutionPlan plan) {
    for (long tensor : plan.tensors()) {
      check(tensorDestroy, tensorDestroy.call(tensor));
    }
    check(filterDestroy, filterDestroy.call(plan.filter()));
    check(convolutionDestroy, convolutionDestroy.call(plan.convolution()));
  }

  /**
   * The algorithm that the library thinks best among those that answer the same bits each time;
   * null if there is none.
   */
  @Nullable Algorithm best(
      long handle,
      Direction direction,
      long first,
      long second,
      long convolution,
      long result,
      long mostWorkspace) {
    NativeFunction function = find[direction.ordinal()];
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment count = arena.allocate(JAVA_INT);
      MemorySegment results = arena.allocate((long) RESULTS * RESULT_BYTES, Long.BYTES);
      int code;
      try {
        code =
            (int)
                FIND.invokeExact(
                    function.address(),
                    handle,
                    first,
                    second,
                    convolution,
                    result,
                    RESULTS,
                    count.address(),
                    results.address());
      } catch (Throwable e) {
        throw function.broken(e);
      }
      if (code != 0) {
        return null;
      }
      for (int i = 0; i < count.get(JAVA_INT, 0); i++) {
        long at = (long) i * RESULT_BYTES;
        long memory = results.get(JAVA_LONG, at + RESULT_MEMORY);
        if (results.get(JAVA_INT, at + RESULT_STATUS) == 0
            && results.get(JAVA_INT, at + RESULT_DETERMINISM) == 1
            && memory <= mostWorkspace) {
          return new Algorithm(results.get(JAVA_INT, at), memory);
        }
      }
      return null;
    }
  }

  /** Runs a plan: result = first ∗ second. */
  void run(
      long handle, ConvolutionPlan plan, long first, long second, long result, long workspace) {
    NativeFunction function = run[plan.direction().ordinal()];
    Algorithm algorithm = plan.chosen();
    int code;
    try {
      code =
          (int)
              RUN.invokeExact(
                  function.address(),
                  handle,
                  plan.one(),
                  plan.first(),
                  first,
                  plan.second(),
                  second,
                  plan.convolution(),
                  algorithm.number(),
                  workspace,
                  algorithm.workspace(),
                  plan.zero(),
                  plan.result(),
                  result);
    } catch (Throwable e) {
      throw function.broken(e);
    }
    check(function, code);
  }
}
