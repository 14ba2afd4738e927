package dev.ladera;

/** Moves elements between tensors and Java arrays. */
final class HostAccess {
  private HostAccess() {}

  static Object array(Tensor tensor, DType dtype) {
    int length = ShapeArithmetic.axisOf("toArray", tensor.shape(), tensor.elements());
    Tensor source = tensor.detach().to(dtype).contiguous();
    Object array = dtype.newArray(length);
    if (length > 0) {
      source.device().backend().read(source.storage(), source.layout().offset(), array, 0, length);
    }
    return array;
  }

  private static Object single(Tensor tensor) {
    if (tensor.elements() != 1) {
      throw new ShapeException(
          "item",
          "shape "
              + tensor.shape()
              + " has "
              + tensor.elements()
              + " elements; exactly one is needed",
          tensor.shape());
    }
    Object array = tensor.dtype().newArray(1);
    tensor.device().backend().read(tensor.storage(), tensor.layout().offset(), array, 0, 1);
    return array;
  }

  static double item(Tensor tensor) {
    return switch (single(tensor)) {
      case float[] values -> values[0];
      case double[] values -> values[0];
      case int[] values -> values[0];
      case long[] values -> values[0];
      case boolean[] values -> values[0] ? 1 : 0;
      default -> throw new IllegalStateException("no such array");
    };
  }

  static long itemAsLong(Tensor tensor) {
    return switch (single(tensor)) {
      case float[] values -> (long) values[0];
      case double[] values -> (long) values[0];
      case int[] values -> values[0];
      case long[] values -> values[0];
      case boolean[] values -> values[0] ? 1 : 0;
      default -> throw new IllegalStateException("no such array");
    };
  }
}
