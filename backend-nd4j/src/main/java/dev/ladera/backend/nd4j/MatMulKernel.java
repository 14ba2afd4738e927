package dev.ladera.backend.nd4j;

import dev.ladera.Layout;
import dev.ladera.Shape;
import dev.ladera.Tensor;
import dev.ladera.backend.nd4j.Gemm.Matrix;
import dev.ladera.op.Operator;

/**
 * Products of stacks of matrices. Transposed operands stay as they lie; others that BLAS cannot
 * read are copied first.
 */
final class MatMulKernel {
  /**
   * One operand.
   *
   * @param layout where all its matrices lie in the block
   * @param first the first of them
   */
  private record Operand(Layout layout, Matrix first) {

    static Operand of(Tensor tensor, Scratch scratch) {
      Operand here = new Operand(tensor.layout(), matrix(Block.whole(tensor), tensor.layout()));
      if (here.first().fits()) {
        return here;
      }
      Layout dense = Layout.contiguous(tensor.shape());
      return new Operand(dense, matrix(Block.of(tensor, scratch), dense));
    }

    private static Matrix matrix(Block block, Layout layout) {
      int rank = layout.rank();
      return new Matrix(
          block,
          layout.offset(),
          layout.shape().size(rank - 2),
          layout.shape().size(rank - 1),
          layout.stride(rank - 2),
          layout.stride(rank - 1));
    }

    /** Where the matrices of a stack begin to which this broadcasts. */
    Layout starts(Shape stack) {
      int rank = layout.rank();
      return rows().select(rank - 2, 0).expand(stack);
    }

    /** Where the rows begin. */
    Layout rows() {
      return layout.select(layout.rank() - 1, 0);
    }
  }

  private final Matrix left;
  private final Matrix right;
  private final Matrix result;
  private final Nest stack;

  private MatMulKernel(Matrix left, Matrix right, Matrix result, Nest stack) {
    this.left = left;
    this.right = right;
    this.result = result;
    this.stack = stack;
  }

  static void run(Operator operator, Tensor[] inputs, Tensor[] outputs) {
    Tensor output = outputs[0];
    Block out = Block.whole(output);
    if (inputs[0].size(-1) == 0) {
      out.fill(0L);
      return;
    }
    try (Scratch scratch = new Scratch()) {
      Operand left = Operand.of(inputs[0], scratch);
      Operand right = Operand.of(inputs[1], scratch);
      if (right.layout().rank() == 2) {
        Nest rows = Nest.of(left.rows().shape(), left.rows());
        Matrix stacked = stacked(left.first(), rows);
        if (rows.sizes().length == 1 && stacked.fits()) {
          Gemm.multiply(
              stacked,
              right.first(),
              Matrix.dense(out, 0, stacked.rows(), right.first().columns()));
          return;
        }
      }
      Shape stack = output.shape().slice(0, output.rank() - 2);
      Operand result = Operand.of(output, scratch);
      Nest nest = Nest.of(stack, left.starts(stack), right.starts(stack), result.starts(stack));
      new MatMulKernel(left.first(), right.first(), result.first(), nest)
          .run(0, left.first().at(), right.first().at(), 0);
    }
  }

  /** All left matrices as one, if their rows lie evenly. */
  private static Matrix stacked(Matrix first, Nest rows) {
    return new Matrix(
        first.block(),
        first.at(),
        rows.sizes()[0],
        first.columns(),
        rows.strides(0)[0],
        first.columnStride());
  }

  private void run(int loop, long leftAt, long rightAt, long resultAt) {
    long leftStep = stack.strides(0)[loop];
    long rightStep = stack.strides(1)[loop];
    if (loop == stack.sizes().length - 1 && leftStep >= 0 && rightStep >= 0) {
      // ND4J multiplies stacks faster than one by one, but takes no negative strides.
      Gemm.multiply(
          left.from(leftAt),
          right.from(rightAt),
          result.from(resultAt),
          stack.sizes()[loop],
          leftStep,
          rightStep);
      return;
    }
    for (long i = 0; i < stack.sizes()[loop]; i++) {
      long a = leftAt + i * leftStep;
      long b = rightAt + i * rightStep;
      long c = resultAt + i * stack.strides(2)[loop];
      if (loop < stack.sizes().length - 1) {
        run(loop + 1, a, b, c);
      } else {
        Gemm.multiply(left.from(a), right.from(b), result.from(c));
      }
    }
  }
}
