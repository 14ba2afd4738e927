package dev.ladera.backend.cpu;

import dev.ladera.Tensor;
import dev.ladera.op.Operator;
import dev.ladera.op.Primitive.Sort;
import dev.ladera.op.Primitive.TopK;
import dev.ladera.spi.Kernel;
import java.util.Arrays;

/**
 * Kernels that put the elements of an axis in order.
 *
 * <p>Elements become integers of the same order, with all NaNs alike and largest, and −0 like 0;
 * reversed bits make the order descend. Keys of 32 bits are put above the element's place in one
 * long, so that sorting longs sorts both and keeps the order of equals. Keys of 64 bits are
 * merge-sorted together with their places.
 */
final class SortKernels {
  /** Elements that a chunk of work has. */
  private static final int CHUNK = 1 << 12;

  private static final long LOW = 0xFFFFFFFFL;
  private static final int INSERTION = 12;

  private SortKernels() {}

  static Kernel sort(Engine engine, Sort operator) {
    return (Operator call, Tensor[] inputs, Tensor[] outputs) ->
        run(
            engine,
            inputs[0],
            operator.axis(),
            operator.descending(),
            inputs[0].rank() == 0 ? 1 : inputs[0].size(operator.axis()),
            outputs);
  }

  static Kernel topK(Engine engine, TopK operator) {
    return (Operator call, Tensor[] inputs, Tensor[] outputs) ->
        run(engine, inputs[0], operator.axis(), operator.largest(), operator.k(), outputs);
  }

  private static void run(
      Engine engine, Tensor x, int axis, boolean descending, int k, Tensor[] outputs) {
    Object array = Engine.array(x);
    Object values = Engine.array(outputs[0]);
    long[] places = (long[]) Engine.array(outputs[1]);
    if (x.rank() == 0) {
      engine.copy(x.dtype(), array, x.layout(), values, outputs[0].layout());
      places[0] = 0;
      return;
    }
    int size = x.size(axis);
    int stride = (int) x.layout().stride(axis);
    int outStride = (int) outputs[0].layout().stride(axis);
    Odometer starts = Odometer.without(x.layout(), axis);
    Odometer outStarts = Odometer.without(outputs[0].layout(), axis);
    engine
        .parallel()
        .forRange(
            starts.count(),
            Math.max(1, CHUNK / size),
            (from, to) -> {
              Line line = new Line(size);
              Odometer start = starts.fresh().seek(from);
              Odometer outStart = outStarts.fresh().seek(from);
              for (int i = from; i < to; i++, start.next(), outStart.next()) {
                line.sort(array, start.at(), stride, descending);
                for (int j = 0; j < k; j++) {
                  int place = line.place(j);
                  int at = outStart.at() + j * outStride;
                  places[at] = place;
                  move(array, start.at() + place * stride, values, at);
                }
              }
            });
  }

  private static void move(Object from, int at, Object to, int toAt) {
    switch (from) {
      case float[] x -> ((float[]) to)[toAt] = x[at];
      case double[] x -> ((double[]) to)[toAt] = x[at];
      case int[] x -> ((int[]) to)[toAt] = x[at];
      case long[] x -> ((long[]) to)[toAt] = x[at];
      case boolean[] x -> ((boolean[]) to)[toAt] = x[at];
      default -> throw new IllegalArgumentException("no elements: " + from.getClass());
    }
  }

  /** The elements of one line in order. */
  private static final class Line {
    private final int size;
    private final long[] keys;
    private int[] order = {};
    private int[] spare = {};

    Line(int size) {
      this.size = size;
      this.keys = new long[size];
    }

    int place(int rank) {
      return order.length == 0 ? (int) keys[rank] : order[rank];
    }

    void sort(Object array, int at, int stride, boolean descending) {
      switch (array) {
        case float[] x -> {
          for (int i = 0; i < size; i++) {
            put(i, key(x[at + i * stride]), descending);
          }
          Arrays.sort(keys);
        }
        case int[] x -> {
          for (int i = 0; i < size; i++) {
            put(i, x[at + i * stride], descending);
          }
          Arrays.sort(keys);
        }
        case boolean[] x -> {
          for (int i = 0; i < size; i++) {
            put(i, x[at + i * stride] ? 1 : 0, descending);
          }
          Arrays.sort(keys);
        }
        case double[] x -> {
          for (int i = 0; i < size; i++) {
            long key = key(x[at + i * stride]);
            keys[i] = descending ? ~key : key;
          }
          sortPlaces();
        }
        case long[] x -> {
          for (int i = 0; i < size; i++) {
            long key = x[at + i * stride];
            keys[i] = descending ? ~key : key;
          }
          sortPlaces();
        }
        default -> throw new IllegalArgumentException("no elements: " + array.getClass());
      }
    }

    private void put(int place, int key, boolean descending) {
      keys[place] = (long) (descending ? ~key : key) << 32 | (place & LOW);
    }

    /** Integers in the order of the numbers; adding 0 makes −0 a 0. */
    private static int key(float x) {
      int bits = Float.floatToIntBits(x + 0f);
      return bits ^ (bits >> 31 & Integer.MAX_VALUE);
    }

    private static long key(double x) {
      long bits = Double.doubleToLongBits(x + 0d);
      return bits ^ (bits >> 63 & Long.MAX_VALUE);
    }

    private void sortPlaces() {
      if (order.length == 0) {
        order = new int[size];
        spare = new int[size];
      }
      for (int i = 0; i < size; i++) {
        order[i] = i;
      }
      mergeSort(0, size);
    }

    private void mergeSort(int from, int to) {
      if (to - from <= INSERTION) {
        for (int i = from + 1; i < to; i++) {
          int moved = order[i];
          int j = i;
          for (; j > from && keys[order[j - 1]] > keys[moved]; j--) {
            order[j] = order[j - 1];
          }
          order[j] = moved;
        }
        return;
      }
      int middle = (from + to) >>> 1;
      mergeSort(from, middle);
      mergeSort(middle, to);
      if (keys[order[middle - 1]] <= keys[order[middle]]) {
        return;
      }
      System.arraycopy(order, from, spare, from, middle - from);
      int left = from;
      int right = middle;
      int at = from;
      while (left < middle) {
        order[at++] =
            right < to && keys[order[right]] < keys[spare[left]] ? order[right++] : spare[left++];
      }
    }
  }
}
