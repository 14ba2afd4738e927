package dev.ladera.backend.cuda;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

/** NVIDIA's products of matrices (cublasLt.h 13.1): the functions that the backend needs. */
final class CublasLt {
  /** Bytes of {@code cublasLtMatmulAlgo_t}, which a heuristic's result begins with. */
  static final int ALGORITHM_BYTES = 64;

  private static final int RESULT_BYTES = 96;
  private static final int DESCRIPTOR_TRANSPOSE_A = 3;
  private static final int DESCRIPTOR_TRANSPOSE_B = 4;
  private static final int DESCRIPTOR_EPILOGUE = 7;
  private static final int DESCRIPTOR_BIAS = 8;
  private static final int EPILOGUE_BIAS = 4;
  private static final int LAYOUT_BATCH_COUNT = 5;
  private static final int LAYOUT_BATCH_OFFSET = 6;
  private static final int PREFERENCE_WORKSPACE = 1;
  private static final int PREFERENCE_ALIGNMENT_A = 5;
  private static final int PREFERENCE_ALIGNMENT_B = 6;

  private static final MethodHandle SET =
      NativeFunction.handle(JAVA_LONG, JAVA_INT, JAVA_LONG, JAVA_LONG);
  private static final MethodHandle LAYOUT =
      NativeFunction.handle(JAVA_LONG, JAVA_INT, JAVA_LONG, JAVA_LONG, JAVA_LONG);
  private static final MethodHandle HEURISTIC =
      NativeFunction.handle(
          JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_INT,
          JAVA_LONG, JAVA_LONG);
  private static final MethodHandle MATMUL =
      NativeFunction.handle(
          JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG,
          JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG);

  private final NativeLibrary library;
  private final NativeFunction create;
  private final NativeFunction descriptorCreate;
  private final NativeFunction descriptorDestroy;
  private final NativeFunction descriptorSet;
  private final NativeFunction layoutCreate;
  private final NativeFunction layoutDestroy;
  private final NativeFunction layoutSet;
  private final NativeFunction preferenceCreate;
  private final NativeFunction preferenceDestroy;
  private final NativeFunction preferenceSet;
  private final NativeFunction heuristic;
  private final NativeFunction matmul;

  /**
   * Binds the functions.
   *
   * @throws MissingLibraryException if the library is too old to have them
   */
  CublasLt(NativeLibrary library) {
    this.library = library;
    this.create = library.function("cublasLtCreate");
    this.descriptorCreate = library.function("cublasLtMatmulDescCreate");
    this.descriptorDestroy = library.function("cublasLtMatmulDescDestroy");
    this.descriptorSet = library.function("cublasLtMatmulDescSetAttribute");
    this.layoutCreate = library.function("cublasLtMatrixLayoutCreate");
    this.layoutDestroy = library.function("cublasLtMatrixLayoutDestroy");
    this.layoutSet = library.function("cublasLtMatrixLayoutSetAttribute");
    this.preferenceCreate = library.function("cublasLtMatmulPreferenceCreate");
    this.preferenceDestroy = library.function("cublasLtMatmulPreferenceDestroy");
    this.preferenceSet = library.function("cublasLtMatmulPreferenceSetAttribute");
    this.heuristic = library.function("cublasLtMatmulAlgoGetHeuristic");
    this.matmul = library.function("cublasLtMatmul");
  }

  String path() {
    return library.path();
  }

  private static void check(NativeFunction function, int code) {
    if (code != 0) {
      String meaning =
          switch (code) {
            case 1 -> "CUBLAS_STATUS_NOT_INITIALIZED";
            case 3 -> "CUBLAS_STATUS_ALLOC_FAILED";
            case 7 -> "CUBLAS_STATUS_INVALID_VALUE";
            case 8 -> "CUBLAS_STATUS_ARCH_MISMATCH";
            case 13 -> "CUBLAS_STATUS_EXECUTION_FAILED";
            case 14 -> "CUBLAS_STATUS_INTERNAL_ERROR";
            case 15 -> "CUBLAS_STATUS_NOT_SUPPORTED";
            default -> "";
          };
      throw new CallFailure(function.name(), code, meaning);
    }
  }

  /** A handle for the current context. */
  long create() {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment answer = arena.allocate(JAVA_LONG);
      check(create, create.call(answer.address()));
      return answer.get(JAVA_LONG, 0);
    }
  }

  /** What is computed: in a type, with operands transposed or not. */
  long descriptor(int computeType, int scaleType, boolean transposeA, boolean transposeB) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment answer = arena.allocate(JAVA_LONG);
      check(descriptorCreate, descriptorCreate.call(answer.address(), computeType, scaleType));
      long descriptor = answer.get(JAVA_LONG, 0);
      setInt(descriptorSet, descriptor, DESCRIPTOR_TRANSPOSE_A, transposeA ? 1 : 0);
      setInt(descriptorSet, descriptor, DESCRIPTOR_TRANSPOSE_B, transposeB ? 1 : 0);
      return descriptor;
    }
  }

  /** Lets a product add a number to each row of what it computes. */
  void addBias(long descriptor, long address) {
    setInt(descriptorSet, descriptor, DESCRIPTOR_EPILOGUE, EPILOGUE_BIAS);
    bias(descriptor, address);
  }

  /** Says where the numbers are that are added. */
  void bias(long descriptor, long address) {
    setLong(descriptorSet, descriptor, DESCRIPTOR_BIAS, address);
  }

  void destroyDescriptor(long descriptor) {
    check(descriptorDestroy, descriptorDestroy.call(descriptor));
  }

  /** How a matrix lies, column after column, and how matrices follow each other. */
  long layout(int type, long rows, long columns, long lead, long batch, long distance) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment answer = arena.allocate(JAVA_LONG);
      int code;
      try {
        code =
            (int)
                LAYOUT.invokeExact(
                    layoutCreate.address(), answer.address(), type, rows, columns, lead);
      } catch (Throwable e) {
        throw layoutCreate.broken(e);
      }
      check(layoutCreate, code);
      long layout = answer.get(JAVA_LONG, 0);
      setInt(layoutSet, layout, LAYOUT_BATCH_COUNT, (int) batch);
      setLong(layoutSet, layout, LAYOUT_BATCH_OFFSET, distance);
      return layout;
    }
  }

  void destroyLayout(long layout) {
    check(layoutDestroy, layoutDestroy.call(layout));
  }

  private static void setInt(NativeFunction function, long object, int attribute, int value) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment buffer = arena.allocateFrom(JAVA_INT, value);
      set(function, object, attribute, buffer);
    }
  }

  private static void setLong(NativeFunction function, long object, int attribute, long value) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment buffer = arena.allocateFrom(JAVA_LONG, value);
      set(function, object, attribute, buffer);
    }
  }

  private static void set(
      NativeFunction function, long object, int attribute, MemorySegment value) {
    int code;
    try {
      code =
          (int)
              SET.invokeExact(
                  function.address(), object, attribute, value.address(), value.byteSize());
    } catch (Throwable e) {
      throw function.broken(e);
    }
    check(function, code);
  }

  /**
   * The algorithm that the library thinks best.
   *
   * @param algorithm takes it
   * @return the bytes of workspace that it needs; −1 if there is none
   */
  long best(
      long handle,
      long descriptor,
      long a,
      long b,
      long d,
      long workspace,
      int alignmentA,
      int alignmentB,
      MemorySegment algorithm) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment answer = arena.allocate(JAVA_LONG);
      check(preferenceCreate, preferenceCreate.call(answer.address()));
      long preference = answer.get(JAVA_LONG, 0);
      setLong(preferenceSet, preference, PREFERENCE_WORKSPACE, workspace);
      setInt(preferenceSet, preference, PREFERENCE_ALIGNMENT_A, alignmentA);
      setInt(preferenceSet, preference, PREFERENCE_ALIGNMENT_B, alignmentB);
      MemorySegment result = arena.allocate(RESULT_BYTES, Long.BYTES);
      int code;
      try {
        code =
            (int)
                HEURISTIC.invokeExact(
                    heuristic.address(),
                    handle,
                    descriptor,
                    a,
                    b,
                    d,
                    d,
                    preference,
                    1,
                    result.address(),
                    answer.address());
      } catch (Throwable e) {
        throw heuristic.broken(e);
      }
      check(preferenceDestroy, preferenceDestroy.call(preference));
      if (code != 0
          || answer.get(JAVA_INT, 0) == 0
          || result.get(JAVA_INT, ALGORITHM_BYTES + Long.BYTES) != 0) {
        return -1;
      }
      MemorySegment.copy(result, 0, algorithm, 0, ALGORITHM_BYTES);
      return result.get(JAVA_LONG, ALGORITHM_BYTES);
    }
  }

  /** D = alpha · A · B + beta · D. */
  void matmul(long handle, ProductPlan plan, long a, long b, long d, long workspace, long stream) {
    int code;
    try {
      code =
          (int)
              MATMUL.invokeExact(
                  matmul.address(),
                  handle,
                  plan.descriptor(),
                  plan.one(),
                  a,
                  plan.layoutA(),
                  b,
                  plan.layoutB(),
                  plan.zero(),
                  d,
                  plan.layoutD(),
                  d,
                  plan.layoutD(),
                  plan.algorithm().address(),
                  workspace,
                  plan.workspace(),
                  stream);
    } catch (Throwable e) {
      throw matmul.broken(e);
    }
    check(matmul, code);
  }
}
