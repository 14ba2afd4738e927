package dev.ladera.op;

import dev.ladera.ArgumentException;
import dev.ladera.DType;
import dev.ladera.DTypeException;
import dev.ladera.IndexException;
import dev.ladera.Shape;
import dev.ladera.ShapeException;

/** The checks that several operators share. */
final class Checks {
  private Checks() {}

  static void arity(String operation, TensorType[] inputs, int expected) {
    if (inputs.length != expected) {
      throw new ArgumentException(
          operation, "inputs", "must be " + expected + ", not " + inputs.length);
    }
  }

  /** For operators some of whose inputs may be left out. */
  static void arity(String operation, TensorType[] inputs, int least, int most) {
    if (inputs.length < least || inputs.length > most) {
      String range = least + (most == least + 1 ? " or " : " to ") + most;
      throw new ArgumentException(
          operation, "inputs", "must be " + range + ", not " + inputs.length);
    }
  }

  /** Operators count axes from the front. */
  static void axis(String operation, int axis, Shape shape) {
    int rank = shape.rank();
    if (axis < 0 || axis >= rank) {
      throw new IndexException(
          operation,
          "axis "
              + axis
              + " does not exist in shape "
              + shape
              + (rank == 0 ? "; use a tensor with axes" : "; use 0 to " + (rank - 1)),
          axis,
          rank);
    }
  }

  /** The size of an axis of the result, if an axis can have it. */
  static int size(String operation, int axis, long places, Shape input) {
    if (places > Integer.MAX_VALUE) {
      throw new ShapeException(
          operation,
          "axis "
              + axis
              + " of the result would have "
              + places
              + " places; at most "
              + Integer.MAX_VALUE
              + " are possible",
          input);
    }
    return (int) places;
  }

  static void index(String operation, int index, Shape shape, int axis) {
    int size = shape.size(axis);
    if (index < 0 || index >= size) {
      throw new IndexException(
          operation,
          "index "
              + index
              + " is outside axis "
              + axis
              + " of shape "
              + shape
              + (size == 0 ? ", which is empty" : "; use 0 to " + (size - 1)),
          index,
          size);
    }
  }

  static void rankAtLeast(String operation, String argument, TensorType input, int rank) {
    if (input.shape().rank() < rank) {
      throw new ShapeException(
          operation,
          argument
              + " "
              + input.shape()
              + " has "
              + input.shape().rank()
              + " axes; at least "
              + rank
              + " are needed",
          input.shape());
    }
  }

  static void floating(String operation, String argument, TensorType input) {
    if (!input.dtype().isFloating()) {
      throw new DTypeException(
          operation,
          argument + " is " + input.dtype() + "; a floating type is needed, use to(DType.FLOAT32)",
          input.dtype());
    }
  }

  static void sameDType(String operation, String a, TensorType left, String b, TensorType right) {
    if (left.dtype() != right.dtype()) {
      throw new DTypeException(
          operation,
          a
              + " is "
              + left.dtype()
              + " and "
              + b
              + " is "
              + right.dtype()
              + "; convert one of them with to(DType)",
          left.dtype(),
          right.dtype());
    }
  }

  static void integerIndex(String operation, TensorType index) {
    if (!index.dtype().isInteger()) {
      throw new DTypeException(
          operation,
          "index is " + index.dtype() + "; int32 or int64 is needed",
          DType.INT64,
          index.dtype());
    }
  }

  static TensorType[] one(DType dtype, Shape shape) {
    return new TensorType[] {new TensorType(dtype, shape)};
  }
}
