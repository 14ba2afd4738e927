package dev.ladera.backend.cpu;

import dev.ladera.DType;
import dev.ladera.Layout;
import dev.ladera.Tensor;
import dev.ladera.op.Primitive.Reduction;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** What the kernels of one backend share. */
final class Engine {
  private final Parallel parallel;
  private final VectorSupport support;
  private final KernelSet.Warmth warmth;
  private final WarmUpQueue warmUps = new WarmUpQueue();
  private final PairMaxima pairMaxima;
  private final FunctionTable functions = new FunctionTable();
  private final Gemm<float[]> floats;
  private final Gemm<double[]> doubles;
  private final Map<DType, ElementLoops> copies = new ConcurrentHashMap<>();
  private final Map<Reducer.Key, Reducer> reducers = new ConcurrentHashMap<>();

  Engine(Parallel parallel, VectorSupport support, KernelSet.Warmth warmth) {
    this.parallel = parallel;
    this.support = support;
    this.warmth = warmth;
    this.pairMaxima = new PairMaxima(support, warmth, warmUps);
    this.floats = new Gemm<>(new KernelSet<>(FloatElements.INSTANCE, support, warmth), parallel);
    this.doubles = new Gemm<>(new KernelSet<>(DoubleElements.INSTANCE, support, warmth), parallel);
  }

  Parallel parallel() {
    return parallel;
  }

  VectorSupport support() {
    return support;
  }

  KernelSet.Warmth warmth() {
    return warmth;
  }

  WarmUpQueue warmUps() {
    return warmUps;
  }

  PairMaxima pairMaxima() {
    return pairMaxima;
  }

  FunctionTable functions() {
    return functions;
  }

  Gemm<float[]> floats() {
    return floats;
  }

  Gemm<double[]> doubles() {
    return doubles;
  }

  /** The Java array that a tensor's elements are in. */
  static Object array(Tensor tensor) {
    return ((CpuStorage) tensor.storage()).array();
  }

  /** Where in its array a tensor begins. */
  static int offset(Tensor tensor) {
    return (int) tensor.layout().offset();
  }

  /** Copies elements between layouts of one shape. */
  void copy(DType dtype, Object source, Layout from, Object target, Layout to) {
    if (from.shape().elements() > 0) {
      copies.computeIfAbsent(dtype, this::newCopy).run(LoopNest.of(target, to, source, from), null);
    }
  }

  private ElementLoops newCopy(DType dtype) {
    LaneCode.Builder code = new LaneCode.Builder();
    return new ElementLoops(code.build(List.of(dtype), code.input(0, dtype)), this);
  }

  /** The loops that join elements of a type. */
  Reducer reducer(DType dtype, Reduction reduction) {
    return reducers.computeIfAbsent(
        new Reducer.Key(dtype, reduction), key -> new Reducer(key, this));
  }

  /**
   * Elements in row-major order without gaps.
   *
   * @param array the array
   * @param offset the first element
   */
  record Dense(Object array, int offset) {}

  /** A tensor's own array if it is contiguous, else a copy. */
  Dense dense(Tensor tensor) {
    if (tensor.isContiguous()) {
      return new Dense(array(tensor), offset(tensor));
    }
    Object array = tensor.dtype().newArray((int) tensor.elements());
    copy(tensor.dtype(), array(tensor), tensor.layout(), array, Layout.contiguous(tensor.shape()));
    return new Dense(array, 0);
  }
}
