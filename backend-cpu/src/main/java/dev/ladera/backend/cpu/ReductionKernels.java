package dev.ladera.backend.cpu;

import dev.ladera.DType;
import dev.ladera.Layout;
import dev.ladera.Tensor;
import dev.ladera.op.Operator;
import dev.ladera.op.Primitive.ArgReduce;
import dev.ladera.op.Primitive.Cumulative;
import dev.ladera.op.Primitive.Reduce;
import dev.ladera.op.Primitive.Scan;
import dev.ladera.spi.Kernel;
import java.util.List;

/** Kernels that join elements along axes. */
final class ReductionKernels {
  /** Elements that a chunk of work has. */
  private static final int CHUNK = 1 << 15;

  private ReductionKernels() {}

  static Kernel reduce(Engine engine, Reduce operator, DType dtype) {
    Reducer reducer = engine.reducer(dtype, operator.reduction());
    return (Operator call, Tensor[] inputs, Tensor[] outputs) -> {
      Tensor x = inputs[0];
      Object out = Engine.array(outputs[0]);
      if (x.elements() == 0) {
        reducer.fillEmpty(out);
      } else {
        List<Integer> axes = ((Reduce) call).axes();
        reducer.reduce(
            Engine.array(x),
            Engine.offset(x),
            axes(x.layout(), axes, false),
            axes(x.layout(), axes, true),
            out);
      }
    };
  }

  /** The axes that are listed, or those that are not. */
  private static Axes axes(Layout layout, List<Integer> list, boolean listed) {
    int count = listed ? list.size() : layout.rank() - list.size();
    int[] sizes = new int[count];
    int[] strides = new int[count];
    for (int axis = 0, i = 0; axis < layout.rank(); axis++) {
      if (list.contains(axis) == listed) {
        sizes[i] = layout.shape().size(axis);
        strides[i++] = (int) layout.stride(axis);
      }
    }
    return new Axes(sizes, strides);
  }

  static Kernel argReduce(Engine engine, ArgReduce operator) {
    return (Operator call, Tensor[] inputs, Tensor[] outputs) -> {
      Tensor x = inputs[0];
      int axis = operator.axis();
      int size = x.size(axis);
      int stride = (int) x.layout().stride(axis);
      Odometer starts = Odometer.without(x.layout(), axis);
      Object array = Engine.array(x);
      long[] out = (long[]) Engine.array(outputs[0]);
      engine
          .parallel()
          .forRange(
              starts.count(),
              Math.max(1, CHUNK / size),
              (from, to) -> {
                Odometer start = starts.fresh().seek(from);
                for (int i = from; i < to; i++, start.next()) {
                  out[i] = place(array, start.at(), stride, size, operator.largest());
                }
              });
    };
  }

  private static int place(Object array, int at, int stride, int size, boolean largest) {
    return switch (array) {
      case float[] values ->
          largest ? largest(values, at, stride, size) : smallest(values, at, stride, size);
      case double[] values ->
          largest ? largest(values, at, stride, size) : smallest(values, at, stride, size);
      case int[] values ->
          largest ? largest(values, at, stride, size) : smallest(values, at, stride, size);
      case long[] values ->
          largest ? largest(values, at, stride, size) : smallest(values, at, stride, size);
      default -> throw new IllegalArgumentException("no numbers: " + array.getClass());
    };
  }

  // The negated comparisons hold for NaN too; the first NaN ends the search.

  private static int largest(float[] x, int at, int stride, int size) {
    int found = 0;
    float best = x[at];
    for (int i = 1, j = at + stride; i < size && !Float.isNaN(best); i++, j += stride) {
      if (!(x[j] <= best)) {
        best = x[j];
        found = i;
      }
    }
    return found;
  }

  private static int smallest(float[] x, int at, int stride, int size) {
    int found = 0;
    float best = x[at];
    for (int i = 1, j = at + stride; i < size && !Float.isNaN(best); i++, j += stride) {
      if (!(x[j] >= best)) {
        best = x[j];
        found = i;
      }
    }
    return found;
  }

  private static int largest(double[] x, int at, int stride, int size) {
    int found = 0;
    double best = x[at];
    for (int i = 1, j = at + stride; i < size && !Double.isNaN(best); i++, j += stride) {
      if (!(x[j] <= best)) {
        best = x[j];
        found = i;
      }
    }
    return found;
  }

  private static int smallest(double[] x, int at, int stride, int size) {
    int found = 0;
    double best = x[at];
    for (int i = 1, j = at + stride; i < size && !Double.isNaN(best); i++, j += stride) {
      if (!(x[j] >= best)) {
        best = x[j];
        found = i;
      }
    }
    return found;
  }

  private static int largest(int[] x, int at, int stride, int size) {
    int found = 0;
    for (int i = 1; i < size; i++) {
      found = x[at + i * stride] > x[at + found * stride] ? i : found;
    }
    return found;
  }

  private static int smallest(int[] x, int at, int stride, int size) {
    int found = 0;
    for (int i = 1; i < size; i++) {
      found = x[at + i * stride] < x[at + found * stride] ? i : found;
    }
    return found;
  }

  private static int largest(long[] x, int at, int stride, int size) {
    int found = 0;
    for (int i = 1; i < size; i++) {
      found = x[at + i * stride] > x[at + found * stride] ? i : found;
    }
    return found;
  }

  private static int smallest(long[] x, int at, int stride, int size) {
    int found = 0;
    for (int i = 1; i < size; i++) {
      found = x[at + i * stride] < x[at + found * stride] ? i : found;
    }
    return found;
  }

  static Kernel cumulative(Engine engine, Cumulative operator) {
    boolean sum = operator.scan() == Scan.SUM;
    return (Operator call, Tensor[] inputs, Tensor[] outputs) -> {
      Tensor x = inputs[0];
      Tensor out = outputs[0];
      int axis = operator.axis();
      if (x.rank() == 0) {
        engine.copy(x.dtype(), Engine.array(x), x.layout(), Engine.array(out), out.layout());
        return;
      }
      int size = x.size(axis);
      int stride = (int) x.layout().stride(axis);
      int outStride = (int) out.layout().stride(axis);
      Odometer starts = Odometer.without(x.layout(), axis);
      Odometer outStarts = Odometer.without(out.layout(), axis);
      engine
          .parallel()
          .forRange(
              starts.count(),
              Math.max(1, CHUNK / size),
              (from, to) -> {
                Odometer start = starts.fresh().seek(from);
                Odometer outStart = outStarts.fresh().seek(from);
                for (int i = from; i < to; i++, start.next(), outStart.next()) {
                  scan(
                      sum,
                      Engine.array(x),
                      start.at(),
                      stride,
                      size,
                      Engine.array(out),
                      outStart.at(),
                      outStride);
                }
              });
    };
  }

  private static void scan(
      boolean sum, Object x, int at, int stride, int size, Object out, int outAt, int outStride) {
    switch (x) {
      case float[] values -> scan(sum, values, at, stride, size, (float[]) out, outAt, outStride);
      case double[] values -> scan(sum, values, at, stride, size, (double[]) out, outAt, outStride);
      case int[] values -> scan(sum, values, at, stride, size, (int[]) out, outAt, outStride);
      case long[] values -> scan(sum, values, at, stride, size, (long[]) out, outAt, outStride);
      default -> throw new IllegalArgumentException("no numbers: " + x.getClass());
    }
  }

  /** In float64 inside, so that a long float32 sum stays accurate. */
  private static void scan(
      boolean sum, float[] x, int at, int stride, int size, float[] out, int outAt, int outStride) {
    double total = sum ? 0 : 1;
    for (int i = 0; i < size; i++) {
      float value = x[at + i * stride];
      total = sum ? total + value : total * value;
      out[outAt + i * outStride] = (float) total;
    }
  }

  private static void scan(
      boolean sum,
      double[] x,
      int at,
      int stride,
      int size,
      double[] out,
      int outAt,
      int outStride) {
    double total = sum ? 0 : 1;
    for (int i = 0; i < size; i++) {
      double value = x[at + i * stride];
      total = sum ? total + value : total * value;
      out[outAt + i * outStride] = total;
    }
  }

  private static void scan(
      boolean sum, int[] x, int at, int stride, int size, int[] out, int outAt, int outStride) {
    int total = sum ? 0 : 1;
    for (int i = 0; i < size; i++) {
      int value = x[at + i * stride];
      total = sum ? total + value : total * value;
      out[outAt + i * outStride] = total;
    }
  }

  private static void scan(
      boolean sum, long[] x, int at, int stride, int size, long[] out, int outAt, int outStride) {
    long total = sum ? 0 : 1;
    for (int i = 0; i < size; i++) {
      long value = x[at + i * stride];
      total = sum ? total + value : total * value;
      out[outAt + i * outStride] = total;
    }
  }
}
