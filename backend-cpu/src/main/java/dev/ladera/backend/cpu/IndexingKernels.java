package dev.ladera.backend.cpu;

import dev.ladera.IndexException;
import dev.ladera.Layout;
import dev.ladera.Shape;
import dev.ladera.Tensor;
import dev.ladera.op.Operator;
import dev.ladera.op.Primitive.Gather;
import dev.ladera.op.Primitive.ScatterAdd;
import dev.ladera.spi.Kernel;

/**
 * Kernels that pick, or add to, elements by index.
 *
 * <p>Both walk the index row by row along its last axis. Where the index is the same along all of
 * the last axes, as an index of whole slices is, a slice is moved at once.
 */
final class IndexingKernels {
  /** Elements that a chunk of work has. */
  private static final int CHUNK = 1 << 14;

  private IndexingKernels() {}

  static Kernel gather(Engine engine, Gather operator) {
    return (Operator call, Tensor[] inputs, Tensor[] outputs) -> {
      Tensor x = inputs[0];
      Tensor index = inputs[1];
      if (x.rank() == 0) {
        check(operator.name(), Engine.array(index), Engine.offset(index), 1, x.shape(), 0);
        engine.copy(
            x.dtype(), Engine.array(x), x.layout(), Engine.array(outputs[0]), outputs[0].layout());
        return;
      }
      Picks picks = new Picks(operator.name(), operator.axis(), x, index);
      Object from = Engine.array(x);
      Object to = Engine.array(outputs[0]);
      int grain = Math.max(1, CHUNK / picks.rowLength);
      engine
          .parallel()
          .forRange(
              picks.rows,
              grain,
              (first, end) -> {
                Picks.Walk walk = picks.walk(first);
                for (int row = first; row < end; row++, walk.next()) {
                  int at = row * picks.rowLength;
                  if (picks.slices) {
                    picks.copySlice(from, walk.sliceAt(), to, at);
                  } else {
                    pick(from, walk.base(), picks.otherStride, walk.places(), to, at);
                  }
                }
              });
    };
  }

  static Kernel scatterAdd(Engine engine, ScatterAdd operator) {
    return (Operator call, Tensor[] inputs, Tensor[] outputs) -> {
      Tensor base = inputs[0];
      Tensor index = inputs[1];
      Tensor source = inputs[2];
      Tensor out = outputs[0];
      Object to = Engine.array(out);
      engine.copy(base.dtype(), Engine.array(base), base.layout(), to, out.layout());
      if (index.elements() == 0) {
        return;
      }
      if (out.rank() == 0) {
        check(operator.name(), Engine.array(index), Engine.offset(index), 1, out.shape(), 0);
        add(Engine.array(source), Engine.offset(source), 0, to, 0, 0, new int[] {0});
        return;
      }
      Picks picks = new Picks(operator.name(), operator.axis(), out, index);
      Layout layout = source.layout();
      Odometer rows = picks.rowsOf(layout);
      int last = layout.rank() - 1;
      Engine.Dense dense = picks.slices ? engine.dense(source) : null;
      Picks.Walk walk = picks.walk(0);
      // In the order of the index, on one thread: several rows may add to one place.
      for (int row = 0; row < picks.rows; row++, walk.next(), rows.next()) {
        if (dense != null) {
          addSlice(
              dense.array(),
              dense.offset() + row * picks.rowLength,
              to,
              walk.sliceAt(),
              picks.rowLength);
        } else {
          add(
              Engine.array(source),
              rows.at(),
              (int) layout.stride(last),
              to,
              walk.base(),
              picks.otherStride,
              walk.places());
        }
      }
    };
  }

  /** The rows of an index into a tensor. */
  private static final class Picks {
    final String operation;
    final int axis;
    final Shape shape;
    final Object indexArray;
    final Layout index;
    final int axisStride;

    /** Whether a row is a slice that has one index and whose elements are neighbours. */
    final boolean slices;

    /** How many of the index's last axes make a row. */
    final int rowAxes;

    final int rowLength;
    final int rows;

    /** What a step along the row moves in the tensor beside what the index says. */
    final int otherStride;

    final Odometer indexRows;
    final Odometer tensorRows;

    Picks(String operation, int axis, Tensor tensor, Tensor indexTensor) {
      this.operation = operation;
      this.axis = axis;
      this.shape = tensor.shape();
      this.index = indexTensor.layout();
      this.indexArray = Engine.array(indexTensor);
      this.axisStride = (int) tensor.layout().stride(axis);
      int rank = index.rank();
      this.slices = areSlices(tensor.layout());
      this.rowAxes = slices ? rank - 1 - axis : 1;
      int length = 1;
      for (int d = rank - rowAxes; d < rank; d++) {
        length *= index.shape().size(d);
      }
      this.rowLength = length;
      this.rows = (int) (index.shape().elements() / length);
      this.otherStride = axis == rank - 1 ? 0 : (int) tensor.layout().stride(rank - 1);
      this.indexRows = rowsOf(index);
      this.tensorRows = tensorRows(tensor.layout());
    }

    private boolean areSlices(Layout tensor) {
      int expected = 1;
      for (int d = index.rank() - 1; d > axis; d--) {
        int size = index.shape().size(d);
        if (size != 1 && (index.stride(d) != 0 || tensor.stride(d) != expected)) {
          return false;
        }
        expected *= size;
      }
      return axis < index.rank() - 1;
    }

    /** Walks the beginnings of rows in a layout of the index's shape. */
    Odometer rowsOf(Layout layout) {
      int outer = layout.rank() - rowAxes;
      int[] sizes = new int[outer];
      int[] strides = new int[outer];
      for (int d = 0; d < outer; d++) {
        sizes[d] = index.shape().size(d);
        strides[d] = (int) layout.stride(d);
      }
      return new Odometer(sizes, strides, (int) layout.offset());
    }

    /** Walks where rows would begin in the tensor if all indices were 0. */
    private Odometer tensorRows(Layout tensor) {
      int outer = index.rank() - rowAxes;
      int[] sizes = new int[outer];
      int[] strides = new int[outer];
      for (int d = 0; d < outer; d++) {
        sizes[d] = index.shape().size(d);
        strides[d] = d == axis ? 0 : (int) tensor.stride(d);
      }
      return new Odometer(sizes, strides, (int) tensor.offset());
    }

    void copySlice(Object from, int at, Object to, int toAt) {
      System.arraycopy(from, at, to, toAt, rowLength);
    }

    Walk walk(int row) {
      return new Walk(row);
    }

    /** A walk over rows, for one thread. */
    final class Walk {
      private final Odometer indexRow = indexRows.fresh();
      private final Odometer tensorRow = tensorRows.fresh();
      private final int[] places = new int[slices ? 0 : rowLength];

      Walk(int row) {
        indexRow.seek(row);
        tensorRow.seek(row);
      }

      void next() {
        indexRow.next();
        tensorRow.next();
      }

      int base() {
        return tensorRow.at();
      }

      /** Where the present slice begins. */
      int sliceAt() {
        return base()
            + check(operation, indexArray, indexRow.at(), shape.size(axis), shape, axis)
                * axisStride;
      }

      /** What the indices of the present row add to the place. */
      int[] places() {
        int size = shape.size(axis);
        int stride = (int) index.stride(index.rank() - 1);
        int at = indexRow.at();
        for (int i = 0; i < places.length; i++, at += stride) {
          places[i] = check(operation, indexArray, at, size, shape, axis) * axisStride;
        }
        return places;
      }
    }
  }

  private static int check(
      String operation, Object array, int at, int size, Shape shape, int axis) {
    long place = array instanceof long[] longs ? longs[at] : ((int[]) array)[at];
    if (place < 0 || place >= size) {
      throw new IndexException(
          operation,
          "index "
              + place
              + " is outside axis "
              + axis
              + " of shape "
              + shape
              + (size == 0 ? ", which is empty" : "; use 0 to " + (size - 1)),
          place,
          size);
    }
    return (int) place;
  }

  private static void pick(Object from, int base, int stride, int[] places, Object to, int toAt) {
    switch (from) {
      case float[] x -> pick(x, base, stride, places, (float[]) to, toAt);
      case double[] x -> pick(x, base, stride, places, (double[]) to, toAt);
      case int[] x -> pick(x, base, stride, places, (int[]) to, toAt);
      case long[] x -> pick(x, base, stride, places, (long[]) to, toAt);
      case boolean[] x -> pick(x, base, stride, places, (boolean[]) to, toAt);
      default -> throw new IllegalArgumentException("no elements: " + from.getClass());
    }
  }

  private static void pick(float[] x, int base, int stride, int[] places, float[] to, int toAt) {
    for (int i = 0; i < places.length; i++) {
      to[toAt + i] = x[base + i * stride + places[i]];
    }
  }

  private static void pick(double[] x, int base, int stride, int[] places, double[] to, int toAt) {
    for (int i = 0; i < places.length; i++) {
      to[toAt + i] = x[base + i * stride + places[i]];
    }
  }

  private static void pick(int[] x, int base, int stride, int[] places, int[] to, int toAt) {
    for (int i = 0; i < places.length; i++) {
      to[toAt + i] = x[base + i * stride + places[i]];
    }
  }

  private static void pick(long[] x, int base, int stride, int[] places, long[] to, int toAt) {
    for (int i = 0; i < places.length; i++) {
      to[toAt + i] = x[base + i * stride + places[i]];
    }
  }

  private static void pick(
      boolean[] x, int base, int stride, int[] places, boolean[] to, int toAt) {
    for (int i = 0; i < places.length; i++) {
      to[toAt + i] = x[base + i * stride + places[i]];
    }
  }

  /** Adds elements of a source row at {@code base + i * otherStride + places[i]}. */
  private static void add(
      Object source, int at, int stride, Object to, int base, int otherStride, int[] places) {
    switch (source) {
      case float[] x -> {
        float[] target = (float[]) to;
        for (int i = 0; i < places.length; i++) {
          target[base + i * otherStride + places[i]] += x[at + i * stride];
        }
      }
      case double[] x -> {
        double[] target = (double[]) to;
        for (int i = 0; i < places.length; i++) {
          target[base + i * otherStride + places[i]] += x[at + i * stride];
        }
      }
      case int[] x -> {
        int[] target = (int[]) to;
        for (int i = 0; i < places.length; i++) {
          target[base + i * otherStride + places[i]] += x[at + i * stride];
        }
      }
      case long[] x -> {
        long[] target = (long[]) to;
        for (int i = 0; i < places.length; i++) {
          target[base + i * otherStride + places[i]] += x[at + i * stride];
        }
      }
      default -> throw new IllegalArgumentException("no numbers: " + source.getClass());
    }
  }

  private static void addSlice(Object source, int at, Object to, int toAt, int count) {
    switch (source) {
      case float[] x -> {
        float[] target = (float[]) to;
        for (int i = 0; i < count; i++) {
          target[toAt + i] += x[at + i];
        }
      }
      case double[] x -> {
        double[] target = (double[]) to;
        for (int i = 0; i < count; i++) {
          target[toAt + i] += x[at + i];
        }
      }
      case int[] x -> {
        int[] target = (int[]) to;
        for (int i = 0; i < count; i++) {
          target[toAt + i] += x[at + i];
        }
      }
      case long[] x -> {
        long[] target = (long[]) to;
        for (int i = 0; i < count; i++) {
          target[toAt + i] += x[at + i];
        }
      }
      default -> throw new IllegalArgumentException("no numbers: " + source.getClass());
    }
  }
}
