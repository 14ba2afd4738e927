package dev.ladera.backend.nd4j;

import org.nd4j.linalg.api.ndarray.INDArray;

/** Products of matrices that lie in blocks, by ND4J, which calls BLAS for floating types. */
final class Gemm {
  /**
   * A matrix in a block.
   *
   * @param block where it lies
   * @param at its first element
   * @param rows how many rows
   * @param columns how many columns
   * @param rowStride the distance from row to row
   * @param columnStride the distance from column to column
   */
  record Matrix(Block block, long at, long rows, long columns, long rowStride, long columnStride) {

    /** A matrix whose rows lie one after the other. */
    static Matrix dense(Block block, long at, long rows, long columns) {
      return new Matrix(block, at, rows, columns, columns, 1);
    }

    /** The same elements, rows and columns exchanged. */
    Matrix transposed() {
      return new Matrix(block, at, columns, rows, columnStride, rowStride);
    }

    /** The same strides from another first element. */
    Matrix from(long other) {
      return new Matrix(block, other, rows, columns, rowStride, columnStride);
    }

    /**
     * Whether the strides are such as BLAS takes. ND4J passes strides of 0 on to it, which then
     * complains to the console and answers nonsense.
     */
    boolean fits() {
      boolean rowMajor = (columnStride == 1 || columns == 1) && (rowStride >= columns || rows == 1);
      boolean columnMajor = (rowStride == 1 || rows == 1) && (columnStride >= rows || columns == 1);
      return rowMajor || columnMajor;
    }

    /** As ND4J sees it. */
    private INDArray array() {
      return array(1, 0);
    }

    /**
     * A stack of such matrices, or this one alone, as ND4J sees it; strides of axes of size 1,
     * which may be anything, are made to fit.
     */
    private INDArray array(long count, long step) {
      long row = rows == 1 ? (columns == 1 || columnStride == 1 ? columns : 1) : rowStride;
      long column = columns == 1 ? 1 : columnStride;
      long extent = (rows - 1) * row + (columns - 1) * column + 1;
      Block part = block.slice(at, extent + (count - 1) * step);
      return count == 1
          ? part.strided(new long[] {rows, columns}, new long[] {row, column})
          : part.strided(new long[] {count, rows, columns}, new long[] {step, row, column});
    }
  }

  private Gemm() {}

  /** Writes left by right over a dense result. */
  static void multiply(Matrix left, Matrix right, Matrix result) {
    NativeOps.custom("matmul", result.array(), left.array(), right.array());
  }

  /** The same for so many products at once, each operand the given distance after the last. */
  static void multiply(
      Matrix left, Matrix right, Matrix result, long count, long leftStep, long rightStep) {
    NativeOps.custom(
        "matmul",
        result.array(count, result.rows() * result.columns()),
        left.array(count, leftStep),
        right.array(count, rightStep));
  }
}
