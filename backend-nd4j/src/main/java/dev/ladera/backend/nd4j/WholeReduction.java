package dev.ladera.backend.nd4j;

import dev.ladera.DType;
import dev.ladera.op.Primitive.Reduction;
import java.util.Arrays;

/** Joins integers, and bool as 0 and 1, in int64; the results wrap to the type afterwards. */
final class WholeReduction {
  private final Reduction reduction;
  private final Block in;
  private final long[] sizes;
  private final long[] from;
  private final long[] to;
  private final long[] results;

  /**
   * A reduction.
   *
   * @param nest the loops over the input; operand 0 is the input, operand 1 the output
   */
  WholeReduction(Reduction reduction, Block in, Nest nest, long results) {
    this.reduction = reduction;
    this.in = in;
    this.sizes = nest.sizes();
    this.from = nest.strides(0);
    this.to = nest.strides(1);
    this.results = new long[Math.toIntExact(results)];
    Arrays.fill(this.results, ReduceKernels.wholeStart(reduction, in.dtype == DType.BOOL));
  }

  /** The results, for the input from an offset on. */
  long[] run(long offset) {
    run(0, offset, 0);
    return results;
  }

  private void run(int loop, long at, long result) {
    for (long i = 0; i < sizes[loop]; i++) {
      long here = at + i * from[loop];
      long there = result + i * to[loop];
      if (loop < sizes.length - 1) {
        run(loop + 1, here, there);
      } else {
        int place = (int) there;
        results[place] = join(results[place], in.getLong(here));
      }
    }
  }

  private long join(long a, long b) {
    return switch (reduction) {
      case SUM -> a + b;
      case PROD -> a * b;
      case MAX -> Math.max(a, b);
      case MIN -> Math.min(a, b);
    };
  }
}
