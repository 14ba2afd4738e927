package dev.ladera.backend.nd4j;

import dev.ladera.Layout;
import dev.ladera.Shape;
import dev.ladera.Tensor;
import dev.ladera.op.Operator;
import dev.ladera.op.Primitive;
import dev.ladera.op.Primitive.Reduction;

/**
 * Operators that join the elements along axes. All are loops in Java, over any layout: ND4J adds
 * float32 in float32, is four times slower than a plain loop at columns, drops NaN from maxima and
 * minima (nd4j issue 1215) and finds no NaN in argmax.
 */
final class ReduceKernels {
  private ReduceKernels() {}

  static void reduce(Operator operator, Tensor[] inputs, Tensor[] outputs) {
    Primitive.Reduce reduce = (Primitive.Reduce) operator;
    Tensor x = inputs[0];
    Shape kept = x.shape();
    for (int axis : reduce.axes()) {
      kept = kept.with(axis, 1);
    }
    Block out = Block.whole(outputs[0]);
    Nest nest = Nest.of(x.shape(), x.layout(), Layout.contiguous(kept));
    Block in = Block.whole(x);
    if (in.dtype.isFloating()) {
      FloatingReduction sums = new FloatingReduction(reduce.reduction(), in, nest, out.count);
      double[] results = sums.run(x.layout().offset());
      for (int at = 0; at < results.length; at++) {
        out.set(at, results[at]);
      }
    } else {
      WholeReduction sums = new WholeReduction(reduce.reduction(), in, nest, out.count);
      long[] results = sums.run(x.layout().offset());
      for (int at = 0; at < results.length; at++) {
        out.set(at, results[at]);
      }
    }
  }

  /** What floating numbers are joined to at first. */
  static double floatingStart(Reduction reduction) {
    return switch (reduction) {
      case SUM -> 0;
      case PROD -> 1;
      case MAX -> Double.NEGATIVE_INFINITY;
      case MIN -> Double.POSITIVE_INFINITY;
    };
  }

  /** What integers, and bool as 0 and 1, are joined to at first. */
  static long wholeStart(Reduction reduction, boolean bool) {
    return switch (reduction) {
      case SUM -> 0;
      case PROD -> 1;
      case MAX -> bool ? 0 : Long.MIN_VALUE;
      case MIN -> bool ? 1 : Long.MAX_VALUE;
    };
  }

  static void argReduce(Operator operator, Tensor[] inputs, Tensor[] outputs) {
    Primitive.ArgReduce reduce = (Primitive.ArgReduce) operator;
    boolean largest = reduce.largest();
    try (Scratch scratch = new Scratch()) {
      Block in = Block.of(inputs[0], scratch);
      Block out = Block.whole(outputs[0]);
      Lines lines = Lines.of(inputs[0].shape(), reduce.axis());
      for (long line = 0; line < lines.count(); line++) {
        long best =
            in.dtype.isFloating()
                ? bestFloating(in, lines, line, largest)
                : bestWhole(in, lines, line, largest);
        out.set(line, best);
      }
    }
  }

  private static long bestFloating(Block in, Lines lines, long line, boolean largest) {
    long best = 0;
    double value = in.getDouble(lines.place(line, 0));
    for (long at = 1; at < lines.size() && !Double.isNaN(value); at++) {
      double other = in.getDouble(lines.place(line, at));
      if (Double.isNaN(other) || (largest ? other > value : other < value)) {
        best = at;
        value = other;
      }
    }
    return best;
  }

  private static long bestWhole(Block in, Lines lines, long line, boolean largest) {
    long best = 0;
    long value = in.getLong(lines.place(line, 0));
    for (long at = 1; at < lines.size(); at++) {
      long other = in.getLong(lines.place(line, at));
      if (largest ? other > value : other < value) {
        best = at;
        value = other;
      }
    }
    return best;
  }

  static void cumulative(Operator operator, Tensor[] inputs, Tensor[] outputs) {
    Primitive.Cumulative scan = (Primitive.Cumulative) operator;
    boolean sum = scan.scan() == Primitive.Scan.SUM;
    try (Scratch scratch = new Scratch()) {
      Block in = Block.of(inputs[0], scratch);
      Block out = Block.whole(outputs[0]);
      Lines lines = Lines.of(inputs[0].shape(), scan.axis());
      for (long line = 0; line < lines.count(); line++) {
        if (in.dtype.isFloating()) {
          double value = sum ? 0 : 1;
          for (long at = 0; at < lines.size(); at++) {
            long place = lines.place(line, at);
            value = sum ? value + in.getDouble(place) : value * in.getDouble(place);
            out.set(place, value);
          }
        } else {
          long value = sum ? 0 : 1;
          for (long at = 0; at < lines.size(); at++) {
            long place = lines.place(line, at);
            value = sum ? value + in.getLong(place) : value * in.getLong(place);
            out.set(place, value);
          }
        }
      }
    }
  }
}
