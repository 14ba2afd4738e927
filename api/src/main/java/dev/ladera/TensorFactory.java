package dev.ladera;

import dev.ladera.op.BinaryOp;
import dev.ladera.op.Expr;
import dev.ladera.op.Pointwise;
import dev.ladera.op.Primitive;
import dev.ladera.spi.Storage;

/** What the static factories of {@link Tensor} do. */
final class TensorFactory {
  private TensorFactory() {}

  static Tensor of(Object values, DType dtype, int length, int[] sizes) {
    Shape shape = sizes.length == 0 ? Shape.of(length) : Shape.of(sizes);
    return write(values, dtype, length, shape, Device.standard());
  }

  static Tensor ofArray(Object array, Shape shape, Device device) {
    return switch (array) {
      case float[] values -> write(array, DType.FLOAT32, values.length, shape, device);
      case double[] values -> write(array, DType.FLOAT64, values.length, shape, device);
      case int[] values -> write(array, DType.INT32, values.length, shape, device);
      case long[] values -> write(array, DType.INT64, values.length, shape, device);
      case boolean[] values -> write(array, DType.BOOL, values.length, shape, device);
      default ->
          throw new ArgumentException(
              "tensor",
              "array",
              "must be float[], double[], int[], long[] or boolean[], not "
                  + array.getClass().getSimpleName());
    };
  }

  private static Tensor write(Object values, DType dtype, int length, Shape shape, Device device) {
    if (shape.elements() != length) {
      throw new ShapeException(
          "tensor",
          length
              + " values do not fill shape "
              + shape
              + ", which has "
              + shape.elements()
              + " places",
          shape);
    }
    Storage storage = MemoryScope.allocate(device, dtype, length);
    if (length > 0) {
      device.backend().write(values, 0, storage, 0, length);
    }
    return new Tensor(storage, Layout.contiguous(shape), device);
  }

  static Tensor full(Shape shape, Number value, DType dtype, Device device) {
    return Dispatcher.create(new Primitive.Fill(shape, dtype, value), device);
  }

  static Tensor arange(double start, double end, double step, DType dtype, Device device) {
    double places = Math.ceil((end - start) / step);
    if (step == 0 || Double.isNaN(places) || places < 0 || places > Integer.MAX_VALUE) {
      throw new ArgumentException(
          "arange", "step", step + " does not lead from " + start + " to " + end);
    }
    return Dispatcher.create(new Primitive.Arange(start, step, (int) places, dtype), device);
  }

  static Tensor linspace(double start, double end, int count, DType dtype, Device device) {
    double step = count > 1 ? (end - start) / (count - 1) : 0;
    Tensor line =
        Dispatcher.create(new Primitive.Arange(start, step, count, DType.FLOAT64), device);
    return line.to(dtype);
  }

  static Tensor eye(int rows, int columns, DType dtype, Device device) {
    if (rows < 0 || columns < 0) {
      throw new ArgumentException(
          "eye", "rows and columns", "must not be negative, not " + rows + " and " + columns);
    }
    Tensor row = arange(0, rows, 1, DType.INT64, device).reshape(rows, 1);
    Tensor column = arange(0, columns, 1, DType.INT64, device);
    return row.eq(column).to(dtype);
  }

  static Tensor randint(int low, int high, Shape shape, Device device) {
    if (high <= low) {
      throw new ArgumentException("randint", "high", high + " must be above low " + low);
    }
    Tensor uniform = Generator.current().uniform(shape, DType.FLOAT64, device);
    Pointwise scale =
        Pointwise.of(
            "randint",
            u ->
                u.mul((double) ((long) high - low))
                    .apply(dev.ladera.op.UnaryOp.FLOOR)
                    .to(DType.INT64)
                    .apply(BinaryOp.ADD, Expr.of(low)));
    return Dispatcher.call(scale, uniform);
  }

  static Tensor concat(int axis, Tensor[] tensors) {
    if (tensors.length == 0) {
      throw new ArgumentException("concat", "tensors", "must not be empty");
    }
    DType dtype = tensors[0].dtype();
    for (Tensor tensor : tensors) {
      dtype = dtype.promote(tensor.dtype());
    }
    Tensor[] converted = new Tensor[tensors.length];
    for (int i = 0; i < tensors.length; i++) {
      converted[i] = tensors[i].to(dtype);
    }
    return Dispatcher.call(
        new Primitive.Concat(tensors[0].shape().axis("concat", axis)), converted);
  }

  static Tensor stack(int axis, Tensor[] tensors) {
    if (tensors.length == 0) {
      throw new ArgumentException("stack", "tensors", "must not be empty");
    }
    int rank = tensors[0].rank() + 1;
    int at = axis < 0 ? axis + rank : axis;
    Tensor[] raised = new Tensor[tensors.length];
    for (int i = 0; i < tensors.length; i++) {
      if (!tensors[i].shape().equals(tensors[0].shape())) {
        throw new ShapeException(
            "stack",
            "tensor 0 "
                + tensors[0].shape()
                + " and tensor "
                + i
                + " "
                + tensors[i].shape()
                + " must have one shape",
            tensors[0].shape(),
            tensors[i].shape());
      }
      raised[i] = tensors[i].unsqueeze(at);
    }
    return concat(at, raised);
  }
}
