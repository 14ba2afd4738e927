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
