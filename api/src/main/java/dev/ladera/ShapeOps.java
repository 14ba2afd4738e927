package dev.ladera;

import dev.ladera.op.Primitive;
import dev.ladera.op.View;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * Operations on axes. They answer views of the same storage, but for {@code pad}, {@code repeat},
 * {@code roll} and a {@code reshape} that only a copy can have. Negative axes count from the end.
 */
public sealed interface ShapeOps permits Tensor {

  private Tensor self() {
    return (Tensor) this;
  }

  /**
   * The same elements in another shape; one size may be −1, and follows from the others.
   *
   * @throws ShapeException if the number of elements differs
   */
  default Tensor reshape(int... sizes) {
    return reshape(ShapeArithmetic.infer(self().shape(), sizes));
  }

  /** The same elements in another shape. */
  default Tensor reshape(Shape shape) {
    Tensor x = self();
    if (shape.equals(x.shape())) {
      return x;
    }
    boolean viewable = shape.elements() != x.elements() || x.layout().reshape(shape) != null;
    return Dispatcher.call(new View.Reshape(shape), viewable ? x : x.copy());
  }

  /** All axes made one. */
  default Tensor flatten() {
    return reshape(-1);
  }

  /** The axes from first to last (inclusive) made one. */
  default Tensor flatten(int first, int last) {
    Shape shape = self().shape();
    if (shape.rank() == 0) {
      return reshape(1);
    }
    int from = shape.axis("flatten", first);
    int to = shape.axis("flatten", last);
    if (to < from) {
      throw new ArgumentException("flatten", "last", last + " lies before first " + first);
    }
    int size = ShapeArithmetic.axisOf("flatten", shape, shape.slice(from, to + 1).elements());
    return reshape(
        shape.slice(0, from).concat(Shape.of(size)).concat(shape.slice(to + 1, shape.rank())));
  }

  /** Axes in another order: axis i of the result is axis {@code order[i]} of this. */
  default Tensor permute(int... order) {
    List<Integer> axes = new ArrayList<>();
    for (int axis : order) {
      axes.add(self().shape().axis("permute", axis));
    }
    return Dispatcher.call(new View.Permute(axes), self());
  }

  /** Two axes exchanged. */
  default Tensor transpose(int first, int second) {
    Shape shape = self().shape();
    List<Integer> order = new ArrayList<>();
    for (int i = 0; i < shape.rank(); i++) {
      order.add(i);
    }
    Collections.swap(order, shape.axis("transpose", first), shape.axis("transpose", second));
    return Dispatcher.call(new View.Permute(order), self());
  }

  /** The last two axes exchanged; a vector or scalar is answered as it is. */
  default Tensor t() {
    return self().rank() < 2 ? self() : transpose(-2, -1);
  }

  /** Without the axes of size 1. */
  default Tensor squeeze() {
    int[] kept =
        self().shape().toList().stream().filter(size -> size != 1).mapToInt(i -> i).toArray();
    return reshape(Shape.of(kept));
  }

  /** Without that axis, if its size is 1. */
  default Tensor squeeze(int axis) {
    int at = self().shape().axis("squeeze", axis);
    return self().shape().size(at) == 1 ? reshape(self().shape().without(at)) : self();
  }

  /** With a further axis of size 1, before the given place; −1 is after the last axis. */
  default Tensor unsqueeze(int axis) {
    int rank = self().rank();
    if (axis < -rank - 1 || axis > rank) {
      throw new IndexException(
          "unsqueeze",
          "axis "
              + axis
              + " is no place for a new axis in shape "
              + self().shape()
              + "; use "
              + (-rank - 1)
              + " to "
              + rank,
          axis,
          rank + 1);
    }
    return reshape(self().shape().insert(axis < 0 ? axis + rank + 1 : axis, 1));
  }

  /** Axes of size 1, and missing leading axes, repeated without copying; −1 keeps a size. */
  default Tensor expand(int... sizes) {
    return expand(ShapeArithmetic.expanded(self().shape(), sizes));
  }

  /** Axes of size 1, and missing leading axes, repeated without copying. */
  default Tensor expand(Shape shape) {
    return shape.equals(self().shape()) ? self() : Dispatcher.call(new View.Expand(shape), self());
  }

  /**
   * Axes in reverse order of their places.
   *
   * @throws ArgumentException if an axis is named twice
   */
  default Tensor flip(int... axes) {
    Tensor result = self();
    boolean[] seen = new boolean[result.rank()];
    for (int axis : axes) {
      int at = self().shape().axis("flip", axis);
      if (seen[at]) {
        throw new ArgumentException("flip", "axes", "name axis " + at + " twice");
      }
      seen[at] = true;
      result = Dispatcher.call(new View.Flip(at), result);
    }
    return result;
  }

  /**
   * The places from start to end − 1 of an axis; as in Python, both are clipped, and may be
   * negative.
   */
  default Tensor slice(int axis, int start, int end) {
    return slice(axis, start, end, 1);
  }

  /**
   * Every step-th place from start to before end of an axis; start and end as in Python. A negative
   * step goes backwards, from start down to after end.
   *
   * @throws ArgumentException if the step is 0
   */
  default Tensor slice(int axis, int start, int end, int step) {
    int at = self().shape().axis("slice", axis);
    int size = self().shape().size(at);
    if (step == 0) {
      throw new ArgumentException("slice", "step", "must not be 0");
    }
    if (step < 0) {
      int first = start < 0 ? start + size : Math.min(start, size - 1);
      int last = end < 0 ? Math.max(end + size, -1) : end;
      // Seen from the end, the same places are an ascending slice.
      Tensor flipped = flip(at);
      int distance = -Math.max(step, -Integer.MAX_VALUE);
      int count = Math.max(0, Math.ceilDiv(first - last, distance));
      return count == 0 || first < 0
          ? Dispatcher.call(new View.Slice(at, 0, 0, 1), flipped)
          : Dispatcher.call(new View.Slice(at, size - 1 - first, count, distance), flipped);
    }
    int from = Math.clamp(start < 0 ? (long) start + size : start, 0, size);
    int to = Math.clamp(end < 0 ? (long) end + size : end, 0, size);
    int count = Math.max(0, Math.ceilDiv(to - from, step));
    return count == size
        ? self()
        : Dispatcher.call(new View.Slice(at, count == 0 ? 0 : from, count, step), self());
  }

  /**
   * So many places of an axis from start on, which may be negative.
   *
   * @throws ArgumentException if the length is negative
   * @throws IndexException if the axis does not have these places
   */
  default Tensor narrow(int axis, int start, int length) {
    int at = self().shape().axis("narrow", axis);
    int size = self().shape().size(at);
    int from = start < 0 ? start + size : start;
    if (length < 0) {
      throw new ArgumentException("narrow", "length", "must not be negative, not " + length);
    }
    if (from < 0 || from > size - length) {
      throw new IndexException(
          "narrow",
          length
              + " places from "
              + start
              + " on are more than axis "
              + axis
              + " of shape "
              + self().shape()
              + " has",
          from < 0 ? start : (long) from + length - 1,
          size);
    }
    return Dispatcher.call(new View.Slice(at, from, length, 1), self());
  }

  /**
   * One place of an axis; the axis is gone.
   *
   * @throws IndexException if there is no such place
   */
  default Tensor select(int axis, int index) {
    int at = self().shape().axis("select", axis);
    int size = self().shape().size(at);
    // One that lies outside is passed on as it was given, for the error.
    boolean fromEnd = index < 0 && index >= -size;
    return Dispatcher.call(new View.Select(at, fromEnd ? index + size : index), self());
  }

  /** Cut into parts of the given size along an axis; the last may be smaller. */
  default List<Tensor> split(int size, int axis) {
    if (size < 1) {
      throw new ArgumentException("split", "size", "must be at least 1, not " + size);
    }
    int at = self().shape().axis("split", axis);
    List<Tensor> parts = new ArrayList<>();
    for (int from = 0; from < self().size(at); from += size) {
      parts.add(slice(at, from, Math.min(from + size, self().size(at))));
    }
    return parts;
  }

  /** Cut into so many parts along an axis, the last ones smaller or missing, as in PyTorch. */
  default List<Tensor> chunk(int parts, int axis) {
    if (parts < 1) {
      throw new ArgumentException("chunk", "parts", "must be at least 1, not " + parts);
    }
    return split(Math.max(1, Math.ceilDiv(self().size(axis), parts)), axis);
  }

  /**
   * A value put around, by amounts as PyTorch takes them: before and after the last axis, before
   * and after the one before it, and so on. Negative amounts cut.
   */
  default Tensor pad(double value, int... amounts) {
    return ShapeArithmetic.pad(self(), value, amounts);
  }

  /** Repeated so many times along each axis, by copying. */
  default Tensor repeat(int... times) {
    return ShapeArithmetic.repeat(self(), times);
  }

  /** Moved along an axis; what leaves at the end comes in at the beginning. */
  default Tensor roll(int shift, int axis) {
    int size = self().size(axis);
    int cut = size == 0 ? 0 : Math.floorMod(-(long) shift, size);
    return cut == 0 ? self() : Tensor.concat(axis, slice(axis, cut, size), slice(axis, 0, cut));
  }

  /** The elements on and below a diagonal of the last two axes, zeros above. */
  default Tensor tril(int diagonal) {
    return ShapeArithmetic.triangle(self(), diagonal, true);
  }

  /** The elements on and above a diagonal of the last two axes, zeros below. */
  default Tensor triu(int diagonal) {
    return ShapeArithmetic.triangle(self(), diagonal, false);
  }

  /** This summed to a shape that broadcasts to its own: what a gradient of broadcasting does. */
  default Tensor sumTo(Shape shape) {
    Tensor x = self();
    if (x.shape().equals(shape)) {
      return x;
    }
    if (!shape.broadcastsTo(x.shape())) {
      throw new ShapeException(
          "sumTo", "shape " + shape + " does not broadcast to " + x.shape(), x.shape(), shape);
    }
    int lead = x.rank() - shape.rank();
    List<Integer> axes = new ArrayList<>();
    for (int i = 0; i < x.rank(); i++) {
      if (i < lead || (shape.size(i - lead) == 1 && x.size(i) != 1)) {
        axes.add(i);
      }
    }
    return Dispatcher.call(new Primitive.Reduce(Primitive.Reduction.SUM, axes, true), x)
        .reshape(shape);
  }
}
