package dev.ladera;

import dev.ladera.op.Primitive;
import java.util.ArrayList;
import java.util.List;

/**
 * Operations that pick elements by tensors of indices, and put them in order. Indices are int32 or
 * int64; one outside its axis is an {@link IndexException}.
 */
public sealed interface IndexingOps permits Tensor {

  private Tensor self() {
    return (Tensor) this;
  }

  /** Elements along an axis: for axis 0, {@code out[i, j] = this[index[i, j], j]}. */
  default Tensor gather(int axis, Tensor index) {
    return Dispatcher.call(
        new Primitive.Gather(self().shape().axis("gather", axis)), self(), index);
  }

  /** This with source's elements added: for axis 0, {@code out[index[i, j], j] += source[i, j]}. */
  default Tensor scatterAdd(int axis, Tensor index, Tensor source) {
    return Dispatcher.call(
        new Primitive.ScatterAdd(self().shape().axis("scatterAdd", axis)), self(), index, source);
  }

  /** Whole slices along an axis, by a vector of places; negative ones count from the end. */
  default Tensor indexSelect(int axis, Tensor index) {
    int at = self().shape().axis("indexSelect", axis);
    if (index.rank() > 1) {
      throw new ShapeException(
          "indexSelect", "index " + index.shape() + " must be a vector", index.shape());
    }
    return IndexArithmetic.select(self(), at, index.reshape(-1));
  }

  /**
   * NumPy's indexing by tensors: index i picks along axis i; the indices broadcast to one shape,
   * which takes the place of the indexed axes. Negative places count from the end. A bool mask
   * picks the places where it holds.
   *
   * @throws ArgumentException if there are more indices than axes
   */
  default Tensor index(Tensor... indices) {
    return IndexArithmetic.index(self(), indices);
  }

  /** The elements where a mask of this shape holds (it broadcasts), as a vector. */
  default Tensor maskedSelect(Tensor mask) {
    Shape shape = self().shape().broadcast("maskedSelect", mask.shape());
    Tensor places = IndexArithmetic.flatPlaces(mask.expand(shape));
    return self().expand(shape).flatten().gather(0, places);
  }

  /** The places that are not zero: (count, rank), int64, in row-major order. */
  default Tensor nonzero() {
    return IndexArithmetic.nonzero(self());
  }

  /** The elements along an axis in ascending order, with their places before; equals keep order. */
  default ReductionOps.Found sort(int axis) {
    return sort(axis, false);
  }

  /** The elements along an axis in order, with their places before; equals keep order. */
  default ReductionOps.Found sort(int axis, boolean descending) {
    int at = self().shape().axis("sort", axis);
    Tensor[] sorted = Dispatcher.callAll(new Primitive.Sort(at, descending), self());
    return new ReductionOps.Found(sorted[0], sorted[1]);
  }

  /** The places that would put an axis in ascending order. */
  default Tensor argsort(int axis) {
    return sort(axis).indices();
  }

  /** The k largest elements along the last axis, largest first, with their places. */
  default ReductionOps.Found topk(int k) {
    return topk(k, -1, true);
  }

  /** The k largest or smallest elements along an axis, best first, with their places. */
  default ReductionOps.Found topk(int k, int axis, boolean largest) {
    int at = self().shape().axis("topk", axis);
    Tensor[] best = Dispatcher.callAll(new Primitive.TopK(k, at, largest), self());
    return new ReductionOps.Found(best[0], best[1]);
  }

  /** One where the last axis's place is the element's value: shape (…, classes), int64. */
  default Tensor oneHot(int classes) {
    Tensor places = Tensor.arange(0, classes, 1, DType.INT64, self().device());
    return self().unsqueeze(-1).eq(places).to(DType.INT64);
  }

  /** Cut along an axis at every place, the axis gone: a list of {@code size(axis)} views. */
  default List<Tensor> unbind(int axis) {
    List<Tensor> parts = new ArrayList<>();
    for (int i = 0; i < self().size(axis); i++) {
      parts.add(self().select(axis, i));
    }
    return parts;
  }
}
