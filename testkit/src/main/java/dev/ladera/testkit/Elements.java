package dev.ladera.testkit;

import dev.ladera.DType;
import dev.ladera.Layout;
import dev.ladera.Shape;
import dev.ladera.Tensor;

/** A tensor's elements, by their row-major place, whatever the strides. */
final class Elements {
  private final Object array;
  private final Layout layout;
  private final Shape shape;
  final DType dtype;
  final int count;

  Elements(Tensor tensor) {
    this(tensor, tensor.layout());
  }

  private Elements(Tensor tensor, Layout layout) {
    this.array = ((ReferenceStorage) tensor.storage()).array;
    this.layout = layout;
    this.shape = layout.shape();
    this.dtype = tensor.dtype();
    this.count = (int) shape.elements();
  }

  /** The elements of a tensor as they repeat when it broadcasts to a shape. */
  static Elements broadcast(Tensor tensor, Shape shape) {
    return new Elements(tensor, tensor.layout().expand(shape));
  }

  Shape shape() {
    return shape;
  }

  private int place(int flat) {
    long place = layout.offset();
    int rest = flat;
    for (int axis = shape.rank() - 1; axis >= 0; axis--) {
      int size = shape.size(axis);
      place += rest % size * layout.stride(axis);
      rest /= size;
    }
    return (int) place;
  }

  double getDouble(int flat) {
    int at = place(flat);
    return switch (array) {
      case float[] values -> values[at];
      case double[] values -> values[at];
      case int[] values -> values[at];
      case long[] values -> values[at];
      case boolean[] values -> values[at] ? 1 : 0;
      default -> throw new IllegalStateException("no such array");
    };
  }

  long getLong(int flat) {
    int at = place(flat);
    return switch (array) {
      case float[] values -> (long) values[at];
      case double[] values -> (long) values[at];
      case int[] values -> values[at];
      case long[] values -> values[at];
      case boolean[] values -> values[at] ? 1 : 0;
      default -> throw new IllegalStateException("no such array");
    };
  }

  /** Puts a floating number, rounded to the type. */
  void set(int flat, double value) {
    int at = place(flat);
    switch (array) {
      case float[] values -> values[at] = (float) value;
      case double[] values -> values[at] = value;
      case int[] values -> values[at] = (int) value;
      case long[] values -> values[at] = (long) value;
      case boolean[] values -> values[at] = value != 0;
      default -> throw new IllegalStateException("no such array");
    }
  }

  /** Puts an integer, wrapped to the type's width. */
  void set(int flat, long value) {
    int at = place(flat);
    switch (array) {
      case float[] values -> values[at] = value;
      case double[] values -> values[at] = value;
      case int[] values -> values[at] = (int) value;
      case long[] values -> values[at] = value;
      case boolean[] values -> values[at] = value != 0;
      default -> throw new IllegalStateException("no such array");
    }
  }

  /** Copies an element from another tensor of the same type. */
  void copy(int flat, Elements from, int fromFlat) {
    if (dtype.isFloating()) {
      set(flat, from.getDouble(fromFlat));
    } else {
      set(flat, from.getLong(fromFlat));
    }
  }
}
