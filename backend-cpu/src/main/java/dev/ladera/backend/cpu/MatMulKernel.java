package dev.ladera.backend.cpu;

import dev.ladera.Layout;
import dev.ladera.Tensor;
import dev.ladera.op.Operator;
import dev.ladera.spi.Kernel;

/** Products of matrices with any strides; leading axes broadcast. */
final class MatMulKernel implements Kernel {
  /** Multiply-adds below which several products make one chunk of work. */
  private static final long SMALL = 1 << 20;

  private final Engine engine;
  private final IntegerProducts integers;

  MatMulKernel(Engine engine) {
    this.engine = engine;
    this.integers = new IntegerProducts(engine.parallel());
  }

  @Override
  public void run(Operator operator, Tensor[] inputs, Tensor[] outputs) {
    Layout left = inputs[0].layout();
    Layout right = inputs[1].layout();
    Layout out = outputs[0].layout();
    Job job = new Job(inputs[0], inputs[1], outputs[0]);
    int batch = batchAxes(out, out).count();
    if (batch == 1) {
      job.multiply(job.m, (int) left.offset(), (int) right.offset(), 0);
      return;
    }
    if (isTall(left, right, out)) {
      job.multiply(job.m * batch, (int) left.offset(), (int) right.offset(), 0);
      return;
    }
    Odometer lefts = batchAxes(left, out).walk((int) left.offset());
    Odometer rights = batchAxes(right, out).walk((int) right.offset());
    long work = (long) job.m * job.n * Math.max(1, job.k);
    if (work >= SMALL) {
      for (int i = 0; i < batch; i++) {
        job.multiply(job.m, lefts.at(i), rights.at(i), i * job.m * job.n);
      }
      return;
    }
    engine
        .parallel()
        .forRange(
            batch,
            (int) Math.max(1, Math.min(batch, SMALL / work)),
            (from, to) -> {
              for (int i = from; i < to; i++) {
                job.multiply(job.m, lefts.at(i), rights.at(i), i * job.m * job.n);
              }
            });
  }

  /** The leading axes of an operand, as they step along those of the result. */
  private static Axes batchAxes(Layout operand, Layout out) {
    int count = out.rank() - 2;
    int[] sizes = new int[count];
    int[] strides = new int[count];
    int missing = out.rank() - operand.rank();
    for (int d = 0; d < count; d++) {
      sizes[d] = out.shape().size(d);
      strides[d] =
          d < missing || operand.shape().size(d - missing) == 1
              ? 0
              : (int) operand.stride(d - missing);
    }
    return new Axes(sizes, strides);
  }

  /** Whether one right matrix serves all left ones, and the rows of those are evenly spaced. */
  private static boolean isTall(Layout left, Layout right, Layout out) {
    Axes lefts = batchAxes(left, out);
    Axes rights = batchAxes(right, out);
    long expected = left.stride(left.rank() - 2) * left.shape().size(-2);
    for (int d = lefts.sizes().length - 1; d >= 0; d--) {
      if (lefts.sizes()[d] == 1) {
        continue;
      }
      if (rights.strides()[d] != 0 || lefts.strides()[d] != expected) {
        return false;
      }
      expected *= lefts.sizes()[d];
    }
    return true;
  }

  /** The arrays, inner strides and sizes of a product. */
  private final class Job {
    final int m;
    final int n;
    final int k;
    private final Object left;
    private final Object right;
    private final Object out;
    private final int leftRow;
    private final int leftColumn;
    private final int rightRow;
    private final int rightColumn;

    Job(Tensor left, Tensor right, Tensor out) {
      this.left = Engine.array(left);
      this.right = Engine.array(right);
      this.out = Engine.array(out);
      this.m = left.size(-2);
      this.k = left.size(-1);
      this.n = right.size(-1);
      this.leftRow = (int) left.layout().stride(left.rank() - 2);
      this.leftColumn = (int) left.layout().stride(left.rank() - 1);
      this.rightRow = (int) right.layout().stride(right.rank() - 2);
      this.rightColumn = (int) right.layout().stride(right.rank() - 1);
    }

    void multiply(int rows, int leftAt, int rightAt, int outAt) {
      switch (left) {
        case float[] a ->
            engine
                .floats()
                .multiply(
                    rows,
                    n,
                    k,
                    new StridedSource<>(FloatElements.INSTANCE, a, leftAt, leftRow, leftColumn),
                    new StridedSource<>(
                        FloatElements.INSTANCE, (float[]) right, rightAt, rightColumn, rightRow),
                    (float[]) out,
                    outAt,
                    n,
                    null);
        case double[] a ->
            engine
                .doubles()
                .multiply(
                    rows,
                    n,
                    k,
                    new StridedSource<>(DoubleElements.INSTANCE, a, leftAt, leftRow, leftColumn),
                    new StridedSource<>(
                        DoubleElements.INSTANCE, (double[]) right, rightAt, rightColumn, rightRow),
                    (double[]) out,
                    outAt,
                    n,
                    null);
        case int[] a ->
            integers.multiply(
                rows,
                n,
                k,
                new IntegerProducts.Matrix<>(a, leftAt, leftRow, leftColumn),
                new IntegerProducts.Matrix<>((int[]) right, rightAt, rightRow, rightColumn),
                (int[]) out,
                outAt,
                n);
        case long[] a ->
            integers.multiply(
                rows,
                n,
                k,
                new IntegerProducts.Matrix<>(a, leftAt, leftRow, leftColumn),
                new IntegerProducts.Matrix<>((long[]) right, rightAt, rightRow, rightColumn),
                (long[]) out,
                outAt,
                n);
        default -> throw new IllegalArgumentException("no numbers: " + left.getClass());
      }
    }
  }
}
