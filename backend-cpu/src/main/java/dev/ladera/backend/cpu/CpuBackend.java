package dev.ladera.backend.cpu;

import dev.ladera.ArgumentException;
import dev.ladera.BackendException;
import dev.ladera.DType;
import dev.ladera.MemoryUse;
import dev.ladera.op.Convolution.InputGradient;
import dev.ladera.op.Convolution.WeightGradient;
import dev.ladera.op.Operator;
import dev.ladera.op.Pointwise;
import dev.ladera.op.Pool;
import dev.ladera.op.Primitive;
import dev.ladera.op.Signature;
import dev.ladera.spi.Backend;
import dev.ladera.spi.Kernel;
import dev.ladera.spi.MemoryMeter;
import dev.ladera.spi.Storage;
import java.lang.System.Logger.Level;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * The pure-Java backend. Storage is Java arrays, which the garbage collector owns; those that a
 * {@link dev.ladera.MemoryScope} gives back are kept, up to an eighth of the heap, for the next
 * tensors of their size. Kernels run on the caller's thread and workers, and have ended when they
 * return.
 *
 * <p>Results are the same bits on any number of threads, with and without the module {@code
 * jdk.incubator.vector}, in the first call and in the millionth.
 */
public final class CpuBackend implements Backend {
  /** The system property that says how many threads the standard backend has. */
  public static final String THREADS = "ladera.threads";

  private static final System.Logger LOGGER = System.getLogger(CpuBackend.class.getName());

  private final Engine engine;
  private final MemoryMeter meter = new MemoryMeter();
  private final ArrayPool pool = new ArrayPool(Runtime.getRuntime().maxMemory() / 8);

  /**
   * A backend with as many threads as the system property {@value #THREADS} says, or as there are
   * processors.
   *
   * @throws ArgumentException if the property is no number of at least 1
   */
  public CpuBackend() {
    this(standardThreads());
  }

  /**
   * A backend with so many threads, the caller's included.
   *
   * @throws ArgumentException if there is not at least one
   */
  public CpuBackend(int threads) {
    this(threads, VectorSupport.detect(), KernelSet.Warmth.BACKGROUND);
    engine.support().warning().ifPresent(text -> LOGGER.log(Level.WARNING, text));
  }

  CpuBackend(int threads, VectorSupport support, KernelSet.Warmth warmth) {
    if (threads < 1) {
      throw new ArgumentException("cpu", "threads", "must be at least 1, not " + threads);
    }
    this.engine = new Engine(new Parallel(threads), support, warmth);
  }

  private static int standardThreads() {
    String text = System.getProperty(THREADS);
    if (text == null) {
      return Runtime.getRuntime().availableProcessors();
    }
    try {
      int threads = Integer.parseInt(text.strip());
      if (threads >= 1) {
        return threads;
      }
    } catch (NumberFormatException notANumber) {
      // Reported below together with numbers below 1.
    }
    throw new ArgumentException(
        "cpu",
        "system property " + THREADS,
        "must be a number of threads, at least 1, not '" + text + "'");
  }

  @Override
  public Storage allocate(DType dtype, long elements) {
    if (elements > Integer.MAX_VALUE - 8) {
      throw new BackendException(
          "allocate",
          elements + " elements are more than a Java array holds, which is " + Integer.MAX_VALUE);
    }
    try {
      int length = (int) elements;
      return meter.track(new CpuStorage(dtype, pool.take(dtype, length), length));
    } catch (OutOfMemoryError e) {
      throw new BackendException(
          "allocate",
          "no room for "
              + elements
              + " elements of "
              + dtype
              + " ("
              + elements * dtype.bytes()
              + " bytes) in a heap of at most "
              + Runtime.getRuntime().maxMemory()
              + " bytes; give Java more by -Xmx, or keep fewer tensors",
          e);
    }
  }

  @Override
  public void release(Storage storage) {
    pool.give(storage.dtype(), ((CpuStorage) storage).take());
  }

  @Override
  public @Nullable Kernel prepare(Operator operator, Signature signature) {
    return operator instanceof Primitive primitive
        ? primitive(primitive, signature)
        : CompositeKernels.prepare(engine, operator, signature);
  }

  private Kernel primitive(Primitive primitive, Signature signature) {
    return switch (primitive) {
      case Pointwise pointwise -> PointwiseKernels.pointwise(engine, pointwise, signature);
      case Primitive.Assign assign -> PointwiseKernels.assign(engine, assign, signature);
      case Primitive.Reduce reduce -> ReductionKernels.reduce(engine, reduce, signature.dtype(0));
      case Primitive.ArgReduce argReduce -> ReductionKernels.argReduce(engine, argReduce);
      case Primitive.Cumulative cumulative -> ReductionKernels.cumulative(engine, cumulative);
      case Primitive.MatMul _ -> new MatMulKernel(engine);
      case dev.ladera.op.Convolution convolution -> WindowKernels.convolution(engine, convolution);
      case InputGradient gradient -> WindowKernels.inputGradient(engine, gradient);
      case WeightGradient gradient -> WindowKernels.weightGradient(engine, gradient);
      case Pool pool -> WindowKernels.pool(engine, pool);
      case Pool.Gradient gradient -> WindowKernels.poolGradient(engine, gradient);
      case Primitive.Gather gather -> IndexingKernels.gather(engine, gather);
      case Primitive.ScatterAdd scatterAdd -> IndexingKernels.scatterAdd(engine, scatterAdd);
      case Primitive.Concat concat -> ShapeKernels.concat(engine, concat);
      case Primitive.Pad _ -> ShapeKernels.pad(engine);
      case Primitive.Sort sort -> SortKernels.sort(engine, sort);
      case Primitive.TopK topK -> SortKernels.topK(engine, topK);
      case Primitive.Fill _ -> CreationKernels.fill();
      case Primitive.Arange _ -> CreationKernels.arange();
      case Primitive.RandomBits _ -> CreationKernels.randomBits(engine);
    };
  }

  @Override
  public void read(Storage storage, long from, Object array, int at, int length) {
    System.arraycopy(((CpuStorage) storage).array(), (int) from, array, at, length);
  }

  @Override
  public void write(Object array, int at, Storage storage, long from, int length) {
    System.arraycopy(array, at, ((CpuStorage) storage).array(), (int) from, length);
  }

  /** Does nothing: kernels have ended when they return. */
  @Override
  public void synchronize() {}

  @Override
  public MemoryUse memory() {
    return meter.use();
  }

  /** The number of threads that kernels run on, the caller's included. */
  public int threads() {
    return engine.parallel().threads();
  }

  @Override
  public String description() {
    return description(engine.support(), threads());
  }

  /** The description of a standard backend, without making one; never throws. */
  static String standardDescription() {
    try {
      return description(VectorSupport.detect(), standardThreads());
    } catch (ArgumentException e) {
      return String.valueOf(e.getMessage());
    }
  }

  private static String description(VectorSupport support, int threads) {
    return "pure Java, "
        + vectors(support)
        + ", "
        + threads
        + (threads == 1 ? " thread" : " threads")
        + ", JDK "
        + System.getProperty("java.version");
  }

  private static String vectors(VectorSupport support) {
    if (!support.available()) {
      return "scalar loops (" + support.reason() + ")";
    }
    String architecture = System.getProperty("os.arch", "").toLowerCase(Locale.ROOT);
    boolean intel = architecture.equals("amd64") || architecture.contains("86");
    String name =
        switch (support.bits()) {
          case 512 -> intel ? "AVX-512 " : "SVE ";
          case 256 -> intel ? "AVX2 " : "SVE ";
          case 128 -> intel ? "SSE " : "NEON ";
          default -> "";
        };
    return name + support.bits() + "-bit vectors";
  }
}
