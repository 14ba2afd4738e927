package dev.ladera.backend.nd4j;

import dev.ladera.DType;
import dev.ladera.op.Primitive.Reduction;
import java.util.Arrays;

/** Joins floating numbers in float64, whatever their type. */
final class FloatingReduction {
  private final Reduction reduction;
  private final Block in;
  private final long[] sizes;
  private final long[] from;
  private final long[] to;
  private final double[] results;

  /**
   * A reduction.
   *
   * @param nest the loops over the input; operand 0 is the input, operand 1 the output
   */
  FloatingReduction(Reduction reduction, Block in, Nest nest, long results) {
    this.reduction = reduction;
    this.in = in;
    this.sizes = nest.sizes();
    this.from = nest.strides(0);
    this.to = nest.strides(1);
    this.results = new double[Math.toIntExact(results)];
    Arrays.fill(this.results, ReduceKernels.floatingStart(reduction));
  }

  /** The results, for the input from an offset on. */
  double[] run(long offset) {
    run(0, offset, 0);
    return results;
  }

  private void run(int loop, long at, long result) {
    if (loop < sizes.length - 1) {
      for (long i = 0; i < sizes[loop]; i++) {
        run(loop + 1, at + i * from[loop], result + i * to[loop]);
      }
    } else if (to[loop] == 0) {
      int place = (int) result;
      results[place] = line(results[place], at, sizes[loop], from[loop]);
    } else {
      for (long i = 0; i < sizes[loop]; i++) {
        int place = (int) (result + i * to[loop]);
        results[place] = join(results[place], in.getDouble(at + i * from[loop]));
      }
    }
  }

  private double join(double a, double b) {
    return switch (reduction) {
      case SUM -> a + b;
      case PROD -> a * b;
      case MAX -> Math.max(a, b);
      case MIN -> Math.min(a, b);
    };
  }

  /**
   * Joins a line to a start. Four chains, because one would wait for each result before it starts
   * the next; float64, where the order shows in the result, is joined in order.
   */
  private double line(double start, long at, long size, long step) {
    double a = start;
    long i = 0;
    if (in.dtype == DType.FLOAT32) {
      double b = ReduceKernels.floatingStart(reduction);
      double c = b;
      double d = b;
      for (; i + 3 < size; i += 4) {
        long place = at + i * step;
        a = join(a, in.getDouble(place));
        b = join(b, in.getDouble(place + step));
        c = join(c, in.getDouble(place + 2 * step));
        d = join(d, in.getDouble(place + 3 * step));
      }
      a = join(join(a, b), join(c, d));
    }
    for (; i < size; i++) {
      a = join(a, in.getDouble(at + i * step));
    }
    return a;
  }
}
