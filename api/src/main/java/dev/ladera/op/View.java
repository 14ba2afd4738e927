package dev.ladera.op;

import dev.ladera.Layout;
import dev.ladera.Shape;
import dev.ladera.ShapeException;
import java.util.List;

/** An operator that answers a new layout over its input's storage; no backend ever sees one. */
public sealed interface View extends Operator {

  /** The layout of the result. */
  Layout apply(Layout input);

  @Override
  default TensorType[] infer(TensorType... inputs) {
    Checks.arity(name(), inputs, 1);
    return new TensorType[] {
      new TensorType(inputs[0].dtype(), apply(Layout.contiguous(inputs[0].shape())).shape())
    };
  }

  /**
   * The same elements in another shape.
   *
   * @param shape the new shape, of as many elements
   */
  record Reshape(Shape shape) implements View {
    @Override
    public String name() {
      return "reshape";
    }

    @Override
    public Layout apply(Layout input) {
      if (shape.elements() != input.shape().elements()) {
        throw new ShapeException(
            name(),
            "shape "
                + input.shape()
                + " has "
                + input.shape().elements()
                + " elements, shape "
                + shape
                + " has "
                + shape.elements(),
            input.shape(),
            shape);
      }
      Layout result = input.reshape(shape);
      if (result == null) {
        throw new ShapeException(
            name(),
            "a view of " + input + " as " + shape + " needs a copy; call contiguous() first",
            input.shape(),
            shape);
      }
      return result;
    }
  }

  /**
   * Axes in another order.
   *
   * @param order axis i of the result is axis {@code order.get(i)} of the input
   */
  record Permute(List<Integer> order) implements View {
    /** Keeps a copy of the order. */
    public Permute {
      order = List.copyOf(order);
    }

    @Override
    public String name() {
      return "permute";
    }

    @Override
    public Layout apply(Layout input) {
      int rank = input.rank();
      boolean[] seen = new boolean[rank];
      boolean fits = order.size() == rank;
      for (int axis : order) {
        fits = fits && axis >= 0 && axis < rank && !seen[axis];
        if (fits) {
          seen[axis] = true;
        }
      }
      if (!fits) {
        throw new ShapeException(
            name(),
            "order " + order + " is not a permutation of the axes of " + input.shape(),
            input.shape());
      }
      return input.permute(order.stream().mapToInt(Integer::intValue).toArray());
    }
  }

  /**
   * Axes of size 1, and missing leading axes, repeated.
   *
   * @param shape the new shape
   */
  record Expand(Shape shape) implements View {
    @Override
    public String name() {
      return "expand";
    }

    @Override
    public Layout apply(Layout input) {
      if (!input.shape().broadcastsTo(shape)) {
        throw new ShapeException(
            name(),
            "shape "
                + input.shape()
                + " does not expand to "
                + shape
                + "; only axes of size 1 and missing leading axes can be repeated",
            input.shape(),
            shape);
      }
      return input.expand(shape);
    }
  }

  /**
   * Places of one axis at even distances: {@code start, start + step, …}.
   *
   * @param axis the axis, from the front
   * @param start the first place
   * @param count how many places
   * @param step the distance, at least 1
   */
  record Slice(int axis, int start, int count, int step) implements View {
    @Override
    public String name() {
      return "slice";
    }

    @Override
    public Layout apply(Layout input) {
      Checks.axis(name(), axis, input.shape());
      int size = input.shape().size(axis);
      if (step < 1
          || start < 0
          || count < 0
          || (count > 0 && start + (count - 1L) * step >= size)) {
        throw new ShapeException(
            name(),
            "start "
                + start
                + ", count "
                + count
                + ", step "
                + step
                + " leave axis "
                + axis
                + " of "
                + input.shape(),
            input.shape());
      }
      return input.slice(axis, start, count, step);
    }
  }

  /**
   * One axis in reverse order.
   *
   * @param axis the axis, from the front
   */
  record Flip(int axis) implements View {
    @Override
    public String name() {
      return "flip";
    }

    @Override
    public Layout apply(Layout input) {
      Checks.axis(name(), axis, input.shape());
      int size = input.shape().size(axis);
      return input.slice(axis, Math.max(0, size - 1), size, -1);
    }
  }

  /**
   * One place of an axis; the axis is gone from the result.
   *
   * @param axis the axis, from the front
   * @param index the place, from the front
   */
  record Select(int axis, int index) implements View {
    @Override
    public String name() {
      return "select";
    }

    @Override
    public Layout apply(Layout input) {
      Checks.axis(name(), axis, input.shape());
      Checks.index(name(), index, input.shape(), axis);
      return input.select(axis, index);
    }
  }
}
