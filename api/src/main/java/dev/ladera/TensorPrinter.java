package dev.ladera;

import java.util.Locale;

/** Prints tensors in PyTorch's manner. */
final class TensorPrinter {
  private static final int MOST_ELEMENTS = 1000;
  private static final int EDGE = 3;

  private final double[] values;
  private final long[] integers;
  private final Tensor tensor;
  private final Shape shape;
  private final boolean shorten;
  private final StringBuilder out = new StringBuilder("tensor(");

  private TensorPrinter(Tensor tensor) {
    this.tensor = tensor;
    this.shape = tensor.shape();
    this.shorten = tensor.elements() > MOST_ELEMENTS;
    boolean floating = tensor.dtype().isFloating();
    this.values = floating ? tensor.toDoubleArray() : new double[0];
    this.integers = floating ? new long[0] : tensor.toLongArray();
  }

  static String print(Tensor tensor) {
    if (tensor.isReleased()) {
      return "tensor(given back, shape=" + tensor.shape() + ", dtype=" + tensor.dtype() + ")";
    }
    TensorPrinter printer = new TensorPrinter(tensor);
    printer.axis(0, 0);
    if (tensor.dtype() != DType.FLOAT32) {
      printer.out.append(", dtype=").append(tensor.dtype());
    }
    if (!tensor.device().toString().equals("cpu")) {
      printer.out.append(", device=").append(tensor.device());
    }
    if (tensor.requiresGrad()) {
      var node = tensor.gradientNode();
      printer.out.append(node == null ? ", requiresGrad=true" : ", gradFn=" + node.name());
    }
    return printer.out.append(')').toString();
  }

  private void axis(int axis, long at) {
    if (axis == shape.rank()) {
      out.append(element((int) at));
      return;
    }
    int size = shape.size(axis);
    long step = shape.slice(axis + 1, shape.rank()).elements();
    boolean innermost = axis == shape.rank() - 1;
    out.append('[');
    for (int i = 0; i < size; i++) {
      if (i > 0) {
        out.append(innermost ? ", " : ",\n" + "        ".substring(0, 7) + " ".repeat(axis + 1));
      }
      if (shorten && size > 2 * EDGE && i == EDGE) {
        out.append("...");
        i = size - EDGE - 1;
      } else {
        axis(axis + 1, at + i * step);
      }
    }
    out.append(']');
  }

  private String element(int at) {
    return switch (tensor.dtype()) {
      case BOOL -> integers[at] != 0 ? "true" : "false";
      case INT32, INT64 -> Long.toString(integers[at]);
      case FLOAT32, FLOAT64 -> floating(values[at]);
    };
  }

  private static String floating(double value) {
    if (Double.isNaN(value)) {
      return "nan";
    }
    if (Double.isInfinite(value)) {
      return value > 0 ? "inf" : "-inf";
    }
    double size = Math.abs(value);
    if (value == Math.rint(value) && size < 1e8) {
      return Long.toString((long) value) + ".";
    }
    return size >= 1e-4 && size < 1e5
        ? String.format(Locale.ROOT, "%.4f", value)
        : String.format(Locale.ROOT, "%.4e", value);
  }
}
