package dev.ladera.testkit.conformance;

import dev.ladera.DType;
import dev.ladera.Device;
import dev.ladera.Generator;
import dev.ladera.Layout;
import dev.ladera.Shape;
import dev.ladera.Tensor;
import java.util.Arrays;

/**
 * A tensor's elements in row-major order, outside any device, so that two devices get the same.
 *
 * @param array of the type's own Java array
 * @param shape the shape
 */
record HostValue(Object array, Shape shape) {
  /**
   * Values for an operand: evenly spread over its domain and in random order, so that no two
   * floating values are close to each other. Integers of a type that the check chose are drawn from
   * a domain four times as wide, so that they are not all of one digit.
   *
   * @param seed keys the order; operands of one call get seeds that differ
   */
  static HostValue random(Operand operand, DType dtype, long seed) {
    int count = (int) operand.shape().elements();
    Generator generator = new Generator(seed);
    Object array = dtype.newArray(count);
    if (dtype.isFloating()) {
      int[] order = generator.permutation(count);
      // A fraction of its own keeps the values of two operands apart.
      double fraction = 0.1 + 0.8 * generator.nextDouble();
      for (int i = 0; i < count; i++) {
        double value =
            operand.low() + (operand.high() - operand.low()) * (order[i] + fraction) / count;
        set(array, i, value);
      }
    } else {
      int scale = scale(operand);
      int low = (int) Math.ceil(operand.low() * scale);
      int high = (int) Math.floor(operand.high() * scale);
      for (int i = 0; i < count; i++) {
        set(
            array,
            i,
            dtype == DType.BOOL ? generator.nextInt(2) : low + generator.nextInt(high - low + 1));
      }
    }
    return new HostValue(array, operand.shape());
  }

  /** By how much the domain of an operand is widened for integers. */
  static int scale(Operand operand) {
    return operand.dtype() == null ? 4 : 1;
  }

  /** A copy of a tensor's elements. */
  static HostValue of(Tensor tensor) {
    return new HostValue(tensor.detach().toArray(), tensor.shape());
  }

  private static void set(Object array, int at, double value) {
    switch (array) {
      case float[] values -> values[at] = (float) value;
      case double[] values -> values[at] = value;
      case int[] values -> values[at] = (int) value;
      case long[] values -> values[at] = (long) value;
      case boolean[] values -> values[at] = value != 0;
      default -> throw new IllegalArgumentException(array.getClass().getName());
    }
  }

  DType dtype() {
    return switch (array) {
      case float[] _ -> DType.FLOAT32;
      case double[] _ -> DType.FLOAT64;
      case int[] _ -> DType.INT32;
      case long[] _ -> DType.INT64;
      case boolean[] _ -> DType.BOOL;
      default -> throw new IllegalArgumentException(array.getClass().getName());
    };
  }

  /** An element as a double; exact but for large int64. */
  double getDouble(int at) {
    return switch (array) {
      case float[] values -> values[at];
      case double[] values -> values[at];
      default -> getLong(at);
    };
  }

  /** An element of an integer or a bool. */
  long getLong(int at) {
    return switch (array) {
      case int[] values -> values[at];
      case long[] values -> values[at];
      case boolean[] values -> values[at] ? 1 : 0;
      default -> throw new IllegalArgumentException(array.getClass().getName());
    };
  }

  /** The same numbers as another type. */
  HostValue as(DType dtype) {
    int count = (int) shape.elements();
    Object converted = dtype.newArray(count);
    for (int i = 0; i < count; i++) {
      set(converted, i, getDouble(i));
    }
    return new HostValue(converted, shape);
  }

  /** An element for people. */
  String text(int at) {
    return dtype().isFloating() ? String.valueOf(getDouble(at)) : String.valueOf(getLong(at));
  }

  /** A copy with these values, in turn, at a first place and every so many places after it. */
  HostValue planted(double[] values, int first, int distance) {
    int count = (int) shape.elements();
    Object copy = dtype().newArray(count);
    System.arraycopy(array, 0, copy, 0, count);
    int turn = 0;
    for (long place = first; place < count; place += distance) {
      set(copy, (int) place, values[turn++ % values.length]);
    }
    return new HostValue(copy, shape);
  }

  /** A contiguous tensor of these elements. */
  Tensor on(Device device) {
    return Tensor.ofArray(array, shape, device);
  }

  /**
   * A tensor of these elements laid out otherwise, amid elements that no operation may read.
   *
   * @param layout of this value's shape
   * @param length of the storage
   */
  Tensor on(Device device, Layout layout, int length) {
    Object storage = dtype().newArray(length);
    fillWithPoison(storage);
    int count = (int) shape.elements();
    for (int i = 0; i < count; i++) {
      System.arraycopy(array, i, storage, place(layout, i), 1);
    }
    Tensor whole = Tensor.ofArray(storage, Shape.of(length), device);
    return new Tensor(whole.storage(), layout, device);
  }

  /** Where the layout puts the element of a row-major place. */
  static int place(Layout layout, int flat) {
    long place = layout.offset();
    int rest = flat;
    for (int axis = layout.rank() - 1; axis >= 0; axis--) {
      place += rest % layout.shape().size(axis) * layout.stride(axis);
      rest /= layout.shape().size(axis);
    }
    return (int) place;
  }

  /** Every place of an axis holding what its last place holds. */
  HostValue repeatedAlong(int axis) {
    int size = shape.size(axis);
    int inner = (int) shape.slice(axis + 1, shape.rank()).elements();
    int count = (int) shape.elements();
    Object repeated = dtype().newArray(count);
    for (int i = 0; i < count; i++) {
      int last = (i / inner / size * size + size - 1) * inner + i % inner;
      System.arraycopy(array, last, repeated, i, 1);
    }
    return new HostValue(repeated, shape);
  }

  private static void fillWithPoison(Object array) {
    switch (array) {
      case float[] values -> Arrays.fill(values, Float.NaN);
      case double[] values -> Arrays.fill(values, Double.NaN);
      case int[] values -> Arrays.fill(values, -987_654_321);
      case long[] values -> Arrays.fill(values, -987_654_321_987_654_321L);
      case boolean[] values -> Arrays.fill(values, true);
      default -> throw new IllegalArgumentException(array.getClass().getName());
    }
  }
}
