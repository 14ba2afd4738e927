package dev.ladera.testkit;

import dev.ladera.Shape;
import dev.ladera.Tensor;
import dev.ladera.op.Operator;
import dev.ladera.op.Primitive;
import java.util.Comparator;
import java.util.stream.IntStream;

/** Operators that join, or order, the elements along axes. */
final class JoinKernels {
  private JoinKernels() {}

  static void reduce(Operator operator, Tensor[] inputs, Tensor[] outputs) {
    Primitive.Reduce reduce = (Primitive.Reduce) operator;
    Elements in = new Elements(inputs[0]);
    Elements out = new Elements(outputs[0]);
    boolean floating = in.dtype.isFloating();
    double[] sums = new double[out.count];
    double[] lost = new double[out.count];
    long[] wholes = new long[out.count];
    boolean[] begun = new boolean[out.count];
    for (int at = 0; at < out.count; at++) {
      boolean one =
          reduce.reduction() == Primitive.Reduction.PROD
              || reduce.reduction() == Primitive.Reduction.MIN;
      sums[at] = one ? 1 : 0;
      wholes[at] = one ? 1 : 0;
    }
    Shape shape = in.shape();
    for (int at = 0; at < in.count; at++) {
      int to = target(shape, at, reduce);
      double x = in.getDouble(at);
      long n = in.getLong(at);
      boolean first = !begun[to];
      begun[to] = true;
      switch (reduce.reduction()) {
        case SUM -> {
          double sum = sums[to] + x;
          // What rounding took (Neumaier): else the oracle's own error would be what is compared.
          lost[to] += Math.abs(sums[to]) >= Math.abs(x) ? sums[to] - sum + x : x - sum + sums[to];
          sums[to] = sum;
          wholes[to] += n;
        }
        case PROD -> {
          sums[to] *= x;
          wholes[to] *= n;
        }
        case MAX -> {
          sums[to] = first ? x : Math.max(sums[to], x);
          wholes[to] = first ? n : Math.max(wholes[to], n);
        }
        case MIN -> {
          sums[to] = first ? x : Math.min(sums[to], x);
          wholes[to] = first ? n : Math.min(wholes[to], n);
        }
      }
    }
    for (int at = 0; at < out.count; at++) {
      if (floating) {
        boolean corrected = lost[at] != 0 && Double.isFinite(sums[at]);
        out.set(at, corrected ? sums[at] + lost[at] : sums[at]);
      } else {
        out.set(at, wholes[at]);
      }
    }
  }

  /** Where an element goes: its index without the axes. */
  private static int target(Shape shape, int flat, Primitive.Reduce reduce) {
    int target = 0;
    int step = 1;
    int rest = flat;
    for (int axis = shape.rank() - 1; axis >= 0; axis--) {
      int size = shape.size(axis);
      if (!reduce.axes().contains(axis)) {
        target += rest % size * step;
        step *= size;
      }
      rest /= size;
    }
    return target;
  }

  /** The elements of a tensor as (before, along, after) an axis. */
  private record Lines(int outer, int size, int inner) {
    static Lines of(Shape shape, int axis) {
      int outer = (int) shape.slice(0, axis).elements();
      int inner = (int) shape.slice(axis + 1, shape.rank()).elements();
      return new Lines(outer, shape.size(axis), inner);
    }

    int count() {
      return outer * inner;
    }

    /** The row-major place of an element of a line. */
    int place(int line, int at) {
      return (line / inner * size + at) * inner + line % inner;
    }

    /** The same lines with another number of elements each. */
    Lines with(int other) {
      return new Lines(outer, other, inner);
    }
  }

  /** Ascending; NaN counts as the largest, and zeros are equal whatever their sign. */
  private static int compare(Elements in, int a, int b) {
    if (!in.dtype.isFloating()) {
      return Long.compare(in.getLong(a), in.getLong(b));
    }
    double x = in.getDouble(a);
    double y = in.getDouble(b);
    return x == y ? 0 : Double.compare(x, y);
  }

  static void argReduce(Operator operator, Tensor[] inputs, Tensor[] outputs) {
    Primitive.ArgReduce reduce = (Primitive.ArgReduce) operator;
    Elements in = new Elements(inputs[0]);
    Elements out = new Elements(outputs[0]);
    Lines lines = Lines.of(in.shape(), reduce.axis());
    for (int line = 0; line < lines.count(); line++) {
      int best = 0;
      for (int at = 1; at < lines.size(); at++) {
        int here = lines.place(line, at);
        int there = lines.place(line, best);
        boolean nanHere = Double.isNaN(in.getDouble(here));
        boolean nanThere = Double.isNaN(in.getDouble(there));
        int order = compare(in, here, there);
        boolean better = nanHere || (reduce.largest() ? order > 0 : order < 0);
        if (!nanThere && better) {
          best = at;
        }
      }
      out.set(line, (long) best);
    }
  }

  static void cumulative(Operator operator, Tensor[] inputs, Tensor[] outputs) {
    Primitive.Cumulative scan = (Primitive.Cumulative) operator;
    boolean sum = scan.scan() == Primitive.Scan.SUM;
    Elements in = new Elements(inputs[0]);
    Elements out = new Elements(outputs[0]);
    Lines lines = Lines.of(in.shape(), scan.axis());
    for (int line = 0; line < lines.count(); line++) {
      double x = sum ? 0 : 1;
      long n = sum ? 0 : 1;
      for (int at = 0; at < lines.size(); at++) {
        int place = lines.place(line, at);
        x = sum ? x + in.getDouble(place) : x * in.getDouble(place);
        n = sum ? n + in.getLong(place) : n * in.getLong(place);
        if (in.dtype.isFloating()) {
          out.set(place, x);
        } else {
          out.set(place, n);
        }
      }
    }
  }

  static void sort(Operator operator, Tensor[] inputs, Tensor[] outputs) {
    Primitive.Sort sort = (Primitive.Sort) operator;
    order(inputs[0], outputs, sort.axis(), sort.descending(), inputs[0].size(sort.axis()));
  }

  static void topK(Operator operator, Tensor[] inputs, Tensor[] outputs) {
    Primitive.TopK top = (Primitive.TopK) operator;
    order(inputs[0], outputs, top.axis(), top.largest(), top.k());
  }

  private static void order(
      Tensor input, Tensor[] outputs, int axis, boolean descending, int kept) {
    Elements in = new Elements(input);
    Elements values = new Elements(outputs[0]);
    Elements places = new Elements(outputs[1]);
    Lines lines = Lines.of(in.shape(), axis);
    Lines result = lines.with(kept);
    for (int l = 0; l < lines.count(); l++) {
      int line = l;
      Comparator<Integer> ascending =
          (a, b) -> compare(in, lines.place(line, a), lines.place(line, b));
      int[] order =
          IntStream.range(0, lines.size())
              .boxed()
              .sorted(descending ? ascending.reversed() : ascending)
              .mapToInt(i -> i)
              .toArray();
      for (int at = 0; at < kept; at++) {
        values.copy(result.place(line, at), in, lines.place(line, order[at]));
        places.set(result.place(line, at), (long) order[at]);
      }
    }
  }
}
