package dev.ladera;

import dev.ladera.op.Primitive;

/** Products of vectors and matrices. Types are promoted to one. */
public sealed interface LinearAlgebraOps permits Tensor {

  private Tensor self() {
    return (Tensor) this;
  }

  /**
   * The matrix product, by NumPy's and PyTorch's rules: vectors are rows on the left and columns on
   * the right, and lose that axis in the result; leading axes broadcast.
   *
   * @throws ShapeException if the inner sizes differ, or one tensor is a scalar
   */
  default Tensor matmul(Tensor other) {
    Tensor left = self();
    Tensor right = other;
    if (left.rank() == 0 || right.rank() == 0) {
      throw new ShapeException(
          "matmul",
          "left "
              + left.shape()
              + " and right "
              + right.shape()
              + " must have axes; use mul for scalars",
          left.shape(),
          right.shape());
    }
    DType dtype = left.dtype().promote(right.dtype());
    left = left.to(dtype);
    right = right.to(dtype);
    boolean vectorLeft = left.rank() == 1;
    boolean vectorRight = right.rank() == 1;
    if (vectorLeft) {
      left = left.unsqueeze(0);
    }
    if (vectorRight) {
      right = right.unsqueeze(1);
    }
    Tensor product = Dispatcher.call(new Primitive.MatMul(), left, right);
    if (vectorRight) {
      product = product.squeeze(-1);
    }
    return vectorLeft ? product.squeeze(vectorRight ? -1 : -2) : product;
  }

  /** The sum of products of two vectors. */
  default Tensor dot(Tensor other) {
    if (self().rank() != 1 || other.rank() != 1) {
      throw new ShapeException(
          "dot",
          "left " + self().shape() + " and right " + other.shape() + " must be vectors",
          self().shape(),
          other.shape());
    }
    if (self().size(0) != other.size(0)) {
      throw new ShapeException(
          "dot",
          "inner sizes differ: left " + self().shape() + ", right " + other.shape(),
          self().shape(),
          other.shape());
    }
    return matmul(other);
  }

  /** All products of two vectors' elements: (m) by (n) gives (m, n). */
  default Tensor outer(Tensor other) {
    if (self().rank() != 1 || other.rank() != 1) {
      throw new ShapeException(
          "outer",
          "left " + self().shape() + " and right " + other.shape() + " must be vectors",
          self().shape(),
          other.shape());
    }
    return self().unsqueeze(1).mul(other.unsqueeze(0));
  }
}
