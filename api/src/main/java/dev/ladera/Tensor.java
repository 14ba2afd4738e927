package dev.ladera;

import dev.ladera.op.TensorType;
import dev.ladera.spi.GradientNode;
import dev.ladera.spi.GradientState;
import dev.ladera.spi.Storage;
import java.util.List;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * A multi-dimensional array of one {@link DType} on one {@link Device}. Its operations are grouped
 * in the interfaces that it implements; how to make one stands here.
 *
 * <p>Operations answer new tensors; {@code reshape}, {@code permute}, {@code slice} and their like
 * answer views of the same storage where they can. Only {@link #assign} overwrites. A tensor may be
 * read by any thread. Nothing needs to be closed; a {@link MemoryScope} can give memory back early.
 */
public final class Tensor
    implements PointwiseOps, ReductionOps, LinearAlgebraOps, ShapeOps, IndexingOps, NeuralOps {
  private final Storage storage;
  private final Layout layout;
  private final Device device;
  private @Nullable GradientState gradientState;

  /** A tensor over a storage; for backends and engines. Others use the factories below. */
  public Tensor(Storage storage, Layout layout, Device device) {
    this.storage = storage;
    this.layout = layout;
    this.device = device;
  }

  // --- making tensors ------------------------------------------------------------------------

  /**
   * A float32 tensor of these values, in row-major order, on the {@linkplain Device#standard()
   * standard} device.
   */
  public static Tensor of(float[] values, int... shape) {
    return TensorFactory.of(values, DType.FLOAT32, values.length, shape);
  }

  /** A float64 tensor of these values, in row-major order. */
  public static Tensor of(double[] values, int... shape) {
    return TensorFactory.of(values, DType.FLOAT64, values.length, shape);
  }

  /** An int32 tensor of these values, in row-major order. */
  public static Tensor of(int[] values, int... shape) {
    return TensorFactory.of(values, DType.INT32, values.length, shape);
  }

  /** An int64 tensor of these values, in row-major order. */
  public static Tensor of(long[] values, int... shape) {
    return TensorFactory.of(values, DType.INT64, values.length, shape);
  }

  /** A bool tensor of these values, in row-major order. */
  public static Tensor of(boolean[] values, int... shape) {
    return TensorFactory.of(values, DType.BOOL, values.length, shape);
  }

  /**
   * A tensor of the elements of a Java array ({@code float[]}, {@code double[]}, {@code int[]},
   * {@code long[]} or {@code boolean[]}), which are copied.
   *
   * @throws ShapeException if there are more or fewer values than the shape has places
   * @throws ArgumentException if the array is of another type
   */
  public static Tensor ofArray(Object array, Shape shape, Device device) {
    return TensorFactory.ofArray(array, shape, device);
  }

  /** A float32 scalar; see {@link #full} for other types. */
  public static Tensor scalar(double value) {
    return full(Shape.SCALAR, value, DType.FLOAT32, Device.standard());
  }

  /** A scalar of a type. */
  public static Tensor scalar(Number value, DType dtype) {
    return full(Shape.SCALAR, value, dtype, Device.standard());
  }

  /** Zeros, float32. */
  public static Tensor zeros(int... shape) {
    return zeros(Shape.of(shape), DType.FLOAT32, Device.standard());
  }

  /** Zeros. */
  public static Tensor zeros(Shape shape, DType dtype, Device device) {
    return full(shape, 0, dtype, device);
  }

  /** Ones, float32. */
  public static Tensor ones(int... shape) {
    return ones(Shape.of(shape), DType.FLOAT32, Device.standard());
  }

  /** Ones. */
  public static Tensor ones(Shape shape, DType dtype, Device device) {
    return full(shape, 1, dtype, device);
  }

  /** One value everywhere; for bool, whether it is not zero. */
  public static Tensor full(Shape shape, Number value, DType dtype, Device device) {
    return TensorFactory.full(shape, value, dtype, device);
  }

  /** The int64 numbers from 0 to end − 1. */
  public static Tensor arange(int end) {
    return arange(0, end, 1, DType.INT64, Device.standard());
  }

  /**
   * The numbers {@code start, start + step, …} before {@code end}.
   *
   * @throws ArgumentException if the step is 0 or leads away from the end
   */
  public static Tensor arange(double start, double end, double step, DType dtype, Device device) {
    return TensorFactory.arange(start, end, step, dtype, device);
  }

  /** So many float32 numbers at even distances, the first and the last given. */
  public static Tensor linspace(double start, double end, int count) {
    return TensorFactory.linspace(start, end, count, DType.FLOAT32, Device.standard());
  }

  /** So many numbers at even distances, the first and the last given. */
  public static Tensor linspace(double start, double end, int count, DType dtype, Device device) {
    return TensorFactory.linspace(start, end, count, dtype, device);
  }

  /** The float32 identity matrix of n rows. */
  public static Tensor eye(int n) {
    return TensorFactory.eye(n, n, DType.FLOAT32, Device.standard());
  }

  /** A matrix with ones on the diagonal. */
  public static Tensor eye(int rows, int columns, DType dtype, Device device) {
    return TensorFactory.eye(rows, columns, dtype, device);
  }

  /** Float32 numbers from 0 to 1, from this thread's generator. */
  public static Tensor rand(int... shape) {
    return Generator.current().uniform(Shape.of(shape), DType.FLOAT32, Device.standard());
  }

  /** Float32 numbers of mean 0 and variance 1, from this thread's generator. */
  public static Tensor randn(int... shape) {
    return Generator.current().normal(Shape.of(shape), DType.FLOAT32, Device.standard());
  }

  /** Int64 numbers from low to high − 1, from this thread's generator. */
  public static Tensor randint(int low, int high, int... shape) {
    return TensorFactory.randint(low, high, Shape.of(shape), Device.standard());
  }

  /** The int64 numbers 0 to n − 1 in random order, from this thread's generator. */
  public static Tensor randperm(int n) {
    int[] permutation = Generator.current().permutation(n);
    long[] order = new long[n];
    for (int i = 0; i < n; i++) {
      order[i] = permutation[i];
    }
    return of(order, n);
  }

  /** Tensors one after the other along an existing axis; types are promoted to one. */
  public static Tensor concat(int axis, Tensor... tensors) {
    return TensorFactory.concat(axis, tensors);
  }

  /** Tensors of one shape along a new axis. */
  public static Tensor stack(int axis, Tensor... tensors) {
    return TensorFactory.stack(axis, tensors);
  }

  /** {@code yes} where the condition holds, {@code no} elsewhere; the three broadcast. */
  public static Tensor where(Tensor condition, Tensor yes, Tensor no) {
    return Dispatcher.call(PointwiseTable.WHERE, condition, yes, no);
  }

  // --- what it is ----------------------------------------------------------------------------

  /** The shape. */
  public Shape shape() {
    return layout.shape();
  }

  /** The size along an axis; negative axes count from the end. */
  public int size(int axis) {
    return layout.shape().size(axis);
  }

  /** The number of axes. */
  public int rank() {
    return layout.rank();
  }

  /** The number of elements. */
  public long elements() {
    return layout.shape().elements();
  }

  /** The element type. */
  public DType dtype() {
    return storage.dtype();
  }

  /** The device. */
  public Device device() {
    return device;
  }

  /** Element type and shape. */
  public TensorType type() {
    return new TensorType(storage.dtype(), layout.shape());
  }

  /**
   * Where the elements are kept; shared by views.
   *
   * @throws ReleasedException if they are kept no more
   */
  public Storage storage() {
    if (storage.isReleased()) {
      throw new ReleasedException("storage", "a tensor", shape());
    }
    return storage;
  }

  /** Whether its memory was given back by a {@link MemoryScope}, so that it cannot be used. */
  public boolean isReleased() {
    return storage.isReleased();
  }

  /** How the elements lie in the storage. */
  public Layout layout() {
    return layout;
  }

  /** Whether the elements lie in row-major order without gaps. */
  public boolean isContiguous() {
    return layout.isContiguous();
  }

  /** A view of the same storage, unrecorded; for the dispatcher. */
  Tensor withLayout(Layout other) {
    return new Tensor(storage, other, device);
  }

  // --- values --------------------------------------------------------------------------------

  /**
   * The value of a tensor of one element.
   *
   * @throws ShapeException if it has more or fewer
   */
  public double item() {
    return HostAccess.item(this);
  }

  /** The value of a tensor of one element as a long; floating values lose their fraction. */
  public long itemAsLong() {
    return HostAccess.itemAsLong(this);
  }

  /**
   * The element at a place, one index an axis; negative ones count from the end.
   *
   * @throws ArgumentException if there are more or fewer indices than axes
   * @throws IndexException if there is no such place
   */
  public double at(int... index) {
    Tensor element = this.detach();
    if (index.length != rank()) {
      throw new ArgumentException("at", "index", "must have one entry for each axis of " + shape());
    }
    for (int axis = 0; axis < index.length; axis++) {
      int size = size(axis);
      if (index[axis] < -size || index[axis] >= size) {
        throw new IndexException(
            "at",
            "index " + index[axis] + " is outside axis " + axis + " of shape " + shape(),
            index[axis],
            size);
      }
      element = element.select(0, index[axis]);
    }
    return element.item();
  }

  /** The elements in row-major order, converted to float; a copy. */
  public float[] toFloatArray() {
    return (float[]) HostAccess.array(this, DType.FLOAT32);
  }

  /** The elements in row-major order, converted to double; a copy. */
  public double[] toDoubleArray() {
    return (double[]) HostAccess.array(this, DType.FLOAT64);
  }

  /** The elements in row-major order, converted to int; a copy. */
  public int[] toIntArray() {
    return (int[]) HostAccess.array(this, DType.INT32);
  }

  /** The elements in row-major order, converted to long; a copy. */
  public long[] toLongArray() {
    return (long[]) HostAccess.array(this, DType.INT64);
  }

  /** The elements in row-major order, whether they are not zero; a copy. */
  public boolean[] toBooleanArray() {
    return (boolean[]) HostAccess.array(this, DType.BOOL);
  }

  /** The elements in row-major order as a Java array of this tensor's own type; a copy. */
  public Object toArray() {
    return HostAccess.array(this, dtype());
  }

  // --- conversion ----------------------------------------------------------------------------

  /** This tensor with elements of another type; itself if it has that type. */
  public Tensor to(DType dtype) {
    return dtype == dtype() ? this : Dispatcher.call(PointwiseTable.cast(dtype), this);
  }

  /** This tensor on another device; itself if it is there. Gradients flow back. */
  public Tensor to(Device target) {
    return target == device
        ? this
        : Dispatcher.callAll(new dev.ladera.op.ToDevice(target), this)[0];
  }

  /** A copy with storage of its own, contiguous; gradients flow through. */
  public Tensor copy() {
    return Dispatcher.call(PointwiseTable.COPY, this);
  }

  /** This tensor if its elements lie in row-major order, else a copy where they do. */
  public Tensor contiguous() {
    return isContiguous() ? this : copy();
  }

  // --- overwriting ---------------------------------------------------------------------------

  /**
   * Overwrites the elements by a value that broadcasts to this shape.
   *
   * @return this
   * @throws GradientException while gradients are recorded, if either requires one
   */
  public Tensor assign(Tensor value) {
    return assign(PointwiseTable.SECOND, value);
  }

  /**
   * Overwrites the elements by an expression of themselves (input 0) and other tensors (inputs 1
   * and on), without a temporary.
   *
   * @return this
   */
  public Tensor assign(dev.ladera.op.Pointwise body, Tensor... others) {
    Tensor[] inputs = new Tensor[others.length + 1];
    inputs[0] = this;
    System.arraycopy(others, 0, inputs, 1, others.length);
    Dispatcher.callAll(new dev.ladera.op.Primitive.Assign(body), inputs);
    return this;
  }

  /** Overwrites every element by one value. */
  public Tensor fill(Number value) {
    return assign(full(Shape.SCALAR, value, dtype(), device));
  }

  // --- gradients -----------------------------------------------------------------------------

  /** Whether gradients flow to this tensor. */
  public boolean requiresGrad() {
    GradientState state = gradientState;
    return state != null && state.requiresGrad();
  }

  /**
   * Sets whether operations on this leaf are recorded. A leaf that requires a gradient outlives the
   * {@link MemoryScope} that it was made in.
   *
   * @return this
   * @throws DTypeException if the type is not floating
   * @throws GradientException if this tensor was computed and recorded, and {@code requires} is
   *     false
   */
  public Tensor requiresGrad(boolean requires) {
    if (requires && !dtype().isFloating()) {
      throw new DTypeException(
          "requiresGrad", dtype() + " has no gradients; use to(DType.FLOAT32)", dtype());
    }
    if (!requires && !isLeaf()) {
      throw new GradientException(
          "requiresGrad",
          "the tensor was computed from others; use detach() for one without gradient");
    }
    if (requires && isLeaf()) {
      MemoryScope.unscoped(this);
    }
    if (requires || gradientState != null) {
      gradientState().requiresGrad(requires);
    }
    return this;
  }

  /** Whether no recorded operation made this tensor. */
  public boolean isLeaf() {
    return gradientNode() == null;
  }

  /** The recorded step that made this tensor; null for leaves. PyTorch's {@code grad_fn}. */
  public @Nullable GradientNode gradientNode() {
    GradientState state = gradientState;
    return state == null ? null : state.node();
  }

  /** The gradient gathered by {@code backward}; null before. */
  public @Nullable Tensor grad() {
    GradientState state = gradientState;
    return state == null ? null : state.grad();
  }

  /**
   * Forgets the gradient. If that was made in a {@link MemoryScope}, the one that is open now gives
   * it back, unless it was kept.
   */
  public void clearGrad() {
    if (gradientState != null) {
      gradientState.grad(null);
    }
  }

  /**
   * Replaces the gradient, as clipping does.
   *
   * @throws ShapeException if it is not of this shape
   * @throws DTypeException if it is not of this type
   * @throws DeviceException if it is on another device
   */
  public void grad(Tensor gradient) {
    if (!gradient.shape().equals(shape())) {
      throw new ShapeException(
          "grad",
          "gradient " + gradient.shape() + " must have the tensor's shape " + shape(),
          gradient.shape(),
          shape());
    }
    if (gradient.dtype() != dtype()) {
      throw new DTypeException(
          "grad",
          "gradient is " + gradient.dtype() + " and the tensor " + dtype() + "; use to(DType)",
          gradient.dtype(),
          dtype());
    }
    if (gradient.device() != device) {
      throw new DeviceException(
          "grad",
          "gradient is on "
              + gradient.device()
              + " and the tensor on "
              + device
              + "; use to(Device)");
    }
    gradientState().grad(gradient);
  }

  /**
   * Keeps the gradient of this computed tensor too, in {@link #grad()}.
   *
   * @return this
   * @throws GradientException if it requires none
   */
  public Tensor retainGrad() {
    if (!requiresGrad()) {
      throw withoutGradient("retainGrad");
    }
    gradientState().retainsGrad(true);
    return this;
  }

  /**
   * Calls a function with the gradient as it passes this tensor; what it answers takes its place,
   * and must be of its shape, type and device.
   *
   * @return run it to take the hook off again
   * @throws GradientException if this tensor requires no gradient
   */
  public Runnable registerHook(UnaryOperator<Tensor> hook) {
    if (!requiresGrad()) {
      throw withoutGradient("registerHook");
    }
    return gradientState().addHook(hook);
  }

  private GradientException withoutGradient(String operation) {
    return new GradientException(
        operation,
        "the tensor of shape "
            + shape()
            + " requires no gradient; call requiresGrad(true) on it, or on what it is computed"
            + " from");
  }

  /** Adds the gradients of this scalar to every leaf it depends on; the graph is freed. */
  public void backward() {
    Gradients.backward(List.of(this), new @Nullable Tensor[] {null}, false, false);
  }

  /** Adds the gradients of this tensor, weighted by a tensor of its shape, to the leaves. */
  public void backward(Tensor gradient) {
    Gradients.backward(List.of(this), new @Nullable Tensor[] {gradient}, false, false);
  }

  /**
   * Adds the gradients of this scalar to every leaf it depends on.
   *
   * @param retainGraph whether the graph stays for another pass
   * @param createGraph whether the gradients can be differentiated again
   */
  public void backward(boolean retainGraph, boolean createGraph) {
    Gradients.backward(List.of(this), new @Nullable Tensor[] {null}, retainGraph, createGraph);
  }

  /** The same values in the same storage, cut off from gradients. */
  public Tensor detach() {
    return withLayout(layout);
  }

  /** What this tensor carries for the differentiation engine; made when first asked for. */
  public GradientState gradientState() {
    GradientState state = gradientState;
    if (state == null) {
      state = new GradientState();
      gradientState = state;
    }
    return state;
  }

  /** The values, in PyTorch's manner; long axes are shortened. */
  @Override
  public String toString() {
    return TensorPrinter.print(this);
  }
}
