package dev.ladera;

import dev.ladera.op.Primitive;
import dev.ladera.op.Primitive.Reduction;
import dev.ladera.op.Primitive.Scan;
import java.util.ArrayList;
import java.util.List;

/**
 * Operations that join elements along axes. Negative axes count from the end; an axis that is not
 * there is an {@link IndexException}. Without axes, all are meant, and the result is a scalar. Sums
 * and products of integers and bool are int64, as in PyTorch; means, variances and norms need
 * floating types.
 */
public sealed interface ReductionOps permits Tensor {

  private Tensor self() {
    return (Tensor) this;
  }

  private Tensor reduce(Reduction reduction, boolean keepDims, int[] axes) {
    Tensor x = self();
    boolean additive = reduction == Reduction.SUM || reduction == Reduction.PROD;
    if (additive && !x.dtype().isFloating()) {
      x = x.to(DType.INT64);
    }
    String name = new Primitive.Reduce(reduction, List.of(), false).name();
    List<Integer> sorted = axes(name, x.shape(), axes);
    return Dispatcher.call(new Primitive.Reduce(reduction, sorted, keepDims), x);
  }

  private static List<Integer> axes(String name, Shape shape, int[] axes) {
    List<Integer> sorted = new ArrayList<>();
    if (axes.length == 0) {
      for (int i = 0; i < shape.rank(); i++) {
        sorted.add(i);
      }
    }
    for (int axis : axes) {
      sorted.add(shape.axis(name, axis));
    }
    sorted.sort(null);
    return sorted;
  }

  private long count(int[] axes) {
    Shape shape = self().shape();
    long count = 1;
    for (int axis : axes("mean", shape, axes)) {
      count *= shape.size(axis);
    }
    return count;
  }

  private Tensor floating(String name) {
    if (!self().dtype().isFloating()) {
      throw new DTypeException(
          name, self().dtype() + " has no " + name + "; use to(DType.FLOAT32)", self().dtype());
    }
    return self();
  }

  /** The sum. */
  default Tensor sum(int... axes) {
    return reduce(Reduction.SUM, false, axes);
  }

  /** The sum, the axes kept with size 1 if asked. */
  default Tensor sum(boolean keepDims, int... axes) {
    return reduce(Reduction.SUM, keepDims, axes);
  }

  /** The product. */
  default Tensor prod(int... axes) {
    return reduce(Reduction.PROD, false, axes);
  }

  /** The product, the axes kept with size 1 if asked. */
  default Tensor prod(boolean keepDims, int... axes) {
    return reduce(Reduction.PROD, keepDims, axes);
  }

  /** The arithmetic mean; NaN of nothing. */
  default Tensor mean(int... axes) {
    return mean(false, axes);
  }

  /** The arithmetic mean, the axes kept with size 1 if asked. */
  default Tensor mean(boolean keepDims, int... axes) {
    return floating("mean").sum(keepDims, axes).div((double) count(axes));
  }

  /** The largest element; equals share the gradient evenly. */
  default Tensor amax(int... axes) {
    return reduce(Reduction.MAX, false, axes);
  }

  /** The largest element, the axes kept with size 1 if asked. */
  default Tensor amax(boolean keepDims, int... axes) {
    return reduce(Reduction.MAX, keepDims, axes);
  }

  /** The smallest element; equals share the gradient evenly. */
  default Tensor amin(int... axes) {
    return reduce(Reduction.MIN, false, axes);
  }

  /** The smallest element, the axes kept with size 1 if asked. */
  default Tensor amin(boolean keepDims, int... axes) {
    return reduce(Reduction.MIN, keepDims, axes);
  }

  /**
   * Elements with their int64 places.
   *
   * @param values the elements
   * @param indices where along the axis they stood
   */
  record Found(Tensor values, Tensor indices) {}

  /** The largest elements along an axis and their places; the gradient goes to the place found. */
  default Found max(int axis) {
    return found(argmax(axis, true), axis);
  }

  /** The smallest elements along an axis and their places; the gradient goes to the place found. */
  default Found min(int axis) {
    return found(argmin(axis, true), axis);
  }

  private Found found(Tensor places, int axis) {
    return new Found(self().gather(axis, places).squeeze(axis), places.squeeze(axis));
  }

  /** The place of the largest element along an axis, int64; the first of equals. */
  default Tensor argmax(int axis) {
    return argmax(axis, false);
  }

  /** The place of the largest element along an axis, int64, the axis kept with size 1 if asked. */
  default Tensor argmax(int axis, boolean keepDims) {
    int at = self().shape().axis("argmax", axis);
    return Dispatcher.call(new Primitive.ArgReduce(true, at, keepDims), self());
  }

  /** The place of the largest of all elements in row-major order, int64. */
  default Tensor argmax() {
    return self().flatten().argmax(0);
  }

  /** The place of the smallest element along an axis, int64; the first of equals. */
  default Tensor argmin(int axis) {
    return argmin(axis, false);
  }

  /** The place of the smallest element along an axis, int64, the axis kept with size 1 if asked. */
  default Tensor argmin(int axis, boolean keepDims) {
    int at = self().shape().axis("argmin", axis);
    return Dispatcher.call(new Primitive.ArgReduce(false, at, keepDims), self());
  }

  /** The place of the smallest of all elements in row-major order, int64. */
  default Tensor argmin() {
    return self().flatten().argmin(0);
  }

  /** Whether one element is not zero; bool. */
  default Tensor any(int... axes) {
    return self().to(DType.BOOL).amax(axes);
  }

  /** Whether no element is zero; bool. */
  default Tensor all(int... axes) {
    return self().to(DType.BOOL).amin(axes);
  }

  /** How many elements are not zero; int64. */
  default Tensor countNonzero(int... axes) {
    return self().to(DType.BOOL).sum(axes);
  }

  /** The variance: squared distances from the mean, summed, divided by their number less 1. */
  default Tensor var(int... axes) {
    return var(1, false, axes);
  }

  /**
   * The variance.
   *
   * @param correction taken off the number of elements in the divisor: 1 for samples, 0 for all
   *     there is
   */
  default Tensor var(int correction, boolean keepDims, int... axes) {
    Tensor x = floating("var");
    Tensor centred = x.sub(x.mean(true, axes));
    return centred.square().sum(keepDims, axes).div((double) Math.max(0, count(axes) - correction));
  }

  /** The standard deviation, with the correction of {@link #var(int...)}. */
  default Tensor std(int... axes) {
    return var(axes).sqrt();
  }

  /** The standard deviation. */
  default Tensor std(int correction, boolean keepDims, int... axes) {
    return var(correction, keepDims, axes).sqrt();
  }

  /** The Euclidean norm. */
  default Tensor norm(int... axes) {
    return norm(2, false, axes);
  }

  /**
   * The p-norm; p may be infinite, and 0 counts what is not zero.
   *
   * @throws ArgumentException for negative p other than −∞
   */
  default Tensor norm(double p, boolean keepDims, int... axes) {
    Tensor x = floating("norm");
    if (p == 2) {
      return x.square().sum(keepDims, axes).sqrt();
    }
    if (p == 1) {
      return x.abs().sum(keepDims, axes);
    }
    if (p == Double.POSITIVE_INFINITY) {
      return x.abs().amax(keepDims, axes);
    }
    if (p == Double.NEGATIVE_INFINITY) {
      return x.abs().amin(keepDims, axes);
    }
    if (p == 0) {
      return x.ne(0).to(x.dtype()).sum(keepDims, axes);
    }
    if (!(p > 0)) {
      throw new ArgumentException("norm", "p", "must not be negative: " + p);
    }
    return x.abs().pow(p).sum(keepDims, axes).pow(1 / p);
  }

  /** log of the sum of exponentials along an axis, without overflow. */
  default Tensor logsumexp(int axis) {
    return logsumexp(axis, false);
  }

  /** log of the sum of exponentials along an axis, the axis kept with size 1 if asked. */
  default Tensor logsumexp(int axis, boolean keepDims) {
    Tensor x = floating("logsumexp");
    Tensor peak = x.detach().amax(true, axis);
    Tensor level = peak.maskedFill(peak.isFinite().logicalNot(), 0);
    Tensor result = x.sub(level).exp().sum(true, axis).log().add(level);
    return keepDims ? result : result.squeeze(axis);
  }

  /** Running sums along an axis. */
  default Tensor cumsum(int axis) {
    return scan(Scan.SUM, axis);
  }

  /** Running products along an axis. */
  default Tensor cumprod(int axis) {
    return scan(Scan.PROD, axis);
  }

  private Tensor scan(Scan scan, int axis) {
    Tensor x = self().dtype().isFloating() ? self() : self().to(DType.INT64);
    int at = x.shape().axis(scan == Scan.SUM ? "cumsum" : "cumprod", axis);
    return Dispatcher.call(new Primitive.Cumulative(scan, at), x);
  }
}
