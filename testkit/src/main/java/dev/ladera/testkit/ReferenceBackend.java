package dev.ladera.testkit;

import dev.ladera.DType;
import dev.ladera.MemoryUse;
import dev.ladera.Tensor;
import dev.ladera.op.Convolution;
import dev.ladera.op.Operator;
import dev.ladera.op.Pointwise;
import dev.ladera.op.Pool;
import dev.ladera.op.Primitive;
import dev.ladera.op.Signature;
import dev.ladera.spi.Backend;
import dev.ladera.spi.Kernel;
import dev.ladera.spi.MemoryMeter;
import dev.ladera.spi.Storage;
import org.jspecify.annotations.Nullable;

/**
 * The oracle for other backends, and their template: every {@link Primitive} by straight loops,
 * computing in float64 or int64 and rounding to the element type at the end of each step.
 * Composites run by their decompositions. Slow.
 */
public final class ReferenceBackend implements Backend {
  private final MemoryMeter meter = new MemoryMeter();

  /** Makes a backend with memory of its own. */
  public ReferenceBackend() {}

  @Override
  public Storage allocate(DType dtype, long elements) {
    return meter.track(new ReferenceStorage(dtype, Math.toIntExact(elements)));
  }

  @Override
  public @Nullable Kernel prepare(Operator operator, Signature signature) {
    return operator instanceof Primitive primitive ? kernel(primitive, signature) : null;
  }

  private static Kernel kernel(Primitive primitive, Signature signature) {
    return switch (primitive) {
      case Pointwise p -> ExpressionKernels.pointwise(p.program(signature));
      case Primitive.Assign p -> ExpressionKernels.assign(p.body().program(signature));
      case Primitive.Reduce _ -> JoinKernels::reduce;
      case Primitive.ArgReduce _ -> JoinKernels::argReduce;
      case Primitive.Cumulative _ -> JoinKernels::cumulative;
      case Primitive.Sort _ -> JoinKernels::sort;
      case Primitive.TopK _ -> JoinKernels::topK;
      case Primitive.MatMul _ -> ProductKernels::matmul;
      case Convolution _ -> ProductKernels::convolution;
      case Convolution.InputGradient _ -> ProductKernels::convolutionInput;
      case Convolution.WeightGradient _ -> ProductKernels::convolutionWeight;
      case Pool _ -> WindowKernels::pool;
      case Pool.Gradient _ -> WindowKernels::poolGradient;
      case Primitive.Gather _ -> PlaceKernels::gather;
      case Primitive.ScatterAdd _ -> PlaceKernels::scatterAdd;
      case Primitive.Concat _ -> PlaceKernels::concat;
      case Primitive.Pad _ -> PlaceKernels::pad;
      case Primitive.Fill _ -> CreationKernels::fill;
      case Primitive.Arange _ -> CreationKernels::arange;
      case Primitive.RandomBits _ -> CreationKernels::randomBits;
    };
  }

  private static Object array(Storage storage) {
    return ((ReferenceStorage) storage).array;
  }

  @Override
  @SuppressWarnings("SuspiciousSystemArraycopy")
  public void read(Storage storage, long from, Object array, int at, int length) {
    System.arraycopy(array(storage), (int) from, array, at, length);
  }

  @Override
  @SuppressWarnings("SuspiciousSystemArraycopy")
  public void write(Object array, int at, Storage storage, long from, int length) {
    System.arraycopy(array, at, array(storage), (int) from, length);
  }

  @Override
  public void synchronize() {}

  @Override
  public MemoryUse memory() {
    return meter.use();
  }

  @Override
  public String description() {
    return "reference: plain loops in float64";
  }

  /** The elements of each tensor. */
  static Elements[] elements(Tensor... tensors) {
    Elements[] all = new Elements[tensors.length];
    for (int i = 0; i < tensors.length; i++) {
      all[i] = new Elements(tensors[i]);
    }
    return all;
  }
}
