package dev.ladera.backend.nd4j;

import dev.ladera.BackendException;
import dev.ladera.DType;
import dev.ladera.DeviceException;
import dev.ladera.LaderaException;
import dev.ladera.MemoryUse;
import dev.ladera.op.Convolution;
import dev.ladera.op.Operator;
import dev.ladera.op.Pointwise;
import dev.ladera.op.Pool;
import dev.ladera.op.Primitive;
import dev.ladera.op.Signature;
import dev.ladera.spi.Backend;
import dev.ladera.spi.Kernel;
import dev.ladera.spi.MemoryMeter;
import dev.ladera.spi.Probe;
import dev.ladera.spi.Storage;
import java.lang.ref.Reference;
import org.jspecify.annotations.Nullable;

/**
 * ND4J on the processor. Composites run by their decompositions. Kernels have ended when they
 * return; they may be run by several threads.
 */
public final class Nd4jBackend implements Backend {
  private final MemoryMeter meter = new MemoryMeter();
  private final BufferPool pool = new BufferPool(Runtime.getRuntime().maxMemory() / 2);
  private final String description;

  /**
   * Loads ND4J, where that was not done before.
   *
   * @throws DeviceException if it cannot be loaded, with the reason and what to do
   */
  public Nd4jBackend() {
    Probe probe = Nd4jLibrary.probe();
    if (!probe.available()) {
      throw new DeviceException(
          "device", "nd4j is not there: " + probe.reason() + "; " + probe.remedy());
    }
    this.description = probe.reason();
  }

  @Override
  public Storage allocate(DType dtype, long elements) {
    try {
      return meter.track(pool.storage(dtype, elements));
    } catch (OutOfMemoryError | RuntimeException e) {
      throw new BackendException(
          "allocate",
          "ND4J has no room for "
              + elements
              + " elements of "
              + dtype
              + " ("
              + memory().live()
              + " bytes are in use); give Java more by -Xmx, because a tensor also takes half its size"
              + " of the heap, or keep fewer tensors",
          e);
    }
  }

  @Override
  public void release(Storage storage) {
    ((Nd4jStorage) storage).giveBack();
  }

  @Override
  public @Nullable Kernel prepare(Operator operator, Signature signature) {
    return operator instanceof Primitive primitive ? guarded(kernel(primitive, signature)) : null;
  }

  private static Kernel kernel(Primitive primitive, Signature signature) {
    return switch (primitive) {
      case Pointwise p -> PointwiseKernels.pointwise(p.program(signature));
      case Primitive.Assign p -> PointwiseKernels.assign(p.body().program(signature));
      case Primitive.Reduce _ -> ReduceKernels::reduce;
      case Primitive.ArgReduce _ -> ReduceKernels::argReduce;
      case Primitive.Cumulative _ -> ReduceKernels::cumulative;
      case Primitive.Sort _ -> SortKernels::sort;
      case Primitive.TopK _ -> SortKernels::topK;
      case Primitive.MatMul _ -> MatMulKernel::run;
      case Convolution _ -> ConvolutionKernels::forward;
      case Convolution.InputGradient _ -> ConvolutionKernels::inputGradient;
      case Convolution.WeightGradient _ -> ConvolutionKernels::weightGradient;
      case Pool _ -> PoolKernels::pool;
      case Pool.Gradient _ -> PoolKernels::gradient;
      case Primitive.Gather _ -> IndexKernels::gather;
      case Primitive.ScatterAdd _ -> IndexKernels::scatterAdd;
      case Primitive.Concat _ -> PlaceKernels::concat;
      case Primitive.Pad _ -> PlaceKernels::pad;
      case Primitive.Fill _ -> CreationKernels::fill;
      case Primitive.Arange _ -> CreationKernels::arange;
      case Primitive.RandomBits _ -> CreationKernels::randomBits;
    };
  }

  /** Keeps the tensors' memory while the kernel runs, and names the operation in ND4J's errors. */
  private static Kernel guarded(Kernel kernel) {
    return (operator, inputs, outputs) -> {
      try {
        kernel.run(operator, inputs, outputs);
      } catch (LaderaException e) {
        throw e;
      } catch (OutOfMemoryError | RuntimeException e) {
        throw new BackendException(operator.name(), "ND4J failed: " + e.getMessage(), e);
      } finally {
        Reference.reachabilityFence(inputs);
        Reference.reachabilityFence(outputs);
      }
    };
  }

  @Override
  public void read(Storage storage, long from, Object array, int at, int length) {
    try {
      HostCopy.read(((Nd4jStorage) storage).block().memory(), from, array, at, length);
    } finally {
      Reference.reachabilityFence(storage);
    }
  }

  @Override
  public void write(Object array, int at, Storage storage, long from, int length) {
    try {
      HostCopy.write(array, at, ((Nd4jStorage) storage).block().memory(), from, length);
    } finally {
      Reference.reachabilityFence(storage);
    }
  }

  @Override
  public void synchronize() {}

  @Override
  public MemoryUse memory() {
    return meter.use();
  }

  @Override
  public String description() {
    return description;
  }
}
