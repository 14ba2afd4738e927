package dev.ladera;

import java.util.ArrayList;
import java.util.List;

/** What {@link IndexingOps} is made of. */
final class IndexArithmetic {
  private IndexArithmetic() {}

  private static Tensor wrap(Tensor index, int size) {
    if (!index.dtype().isInteger()) {
      throw new DTypeException(
          "index", "index is " + index.dtype() + "; int32, int64 or bool is needed", index.dtype());
    }
    // What is too far below stays as it was given, for the message of who finds it outside.
    Tensor fromTheEnd = index.lt(0).logicalAnd(index.ge(-size));
    return Tensor.where(fromTheEnd, index.add(size), index);
  }

  /** Slices along an axis by a vector: the index expanded over the other axes, then gathered. */
  static Tensor select(Tensor x, int axis, Tensor index) {
    Shape shape = x.shape();
    int count = index.size(0);
    int[] raised = new int[shape.rank()];
    java.util.Arrays.fill(raised, 1);
    raised[axis] = count;
    Tensor wide =
        wrap(index, shape.size(axis)).reshape(Shape.of(raised)).expand(shape.with(axis, count));
    return x.gather(axis, wide);
  }

  static Tensor index(Tensor x, Tensor[] indices) {
    List<Tensor> places = new ArrayList<>();
    for (Tensor index : indices) {
      if (index.dtype() == DType.BOOL) {
        int from = places.size();
        Shape covered =
            x.shape().slice(Math.min(from, x.rank()), Math.min(from + index.rank(), x.rank()));
        if (!covered.equals(index.shape())) {
          throw new ShapeException(
              "index",
              "mask "
                  + index.shape()
                  + " must have the shape "
                  + covered
                  + " of the axes that it indexes",
              x.shape(),
              index.shape());
        }
        Tensor found = index.nonzero();
        for (int axis = 0; axis < index.rank(); axis++) {
          places.add(found.select(1, axis));
        }
      } else {
        places.add(index);
      }
    }
    int indexed = places.size();
    if (indexed == 0 || indexed > x.rank()) {
      throw new ArgumentException(
          "index", "indices", "must be at least one and at most one for each axis of " + x.shape());
    }
    Shape result = places.getFirst().shape();
    for (Tensor place : places) {
      result = result.broadcast("index", place.shape());
    }
    // The indexed axes are made one, whose place is counted row-major.
    Tensor flat = Tensor.full(result, 0, DType.INT64, x.device());
    for (int axis = 0; axis < indexed; axis++) {
      int size = x.size(axis);
      Tensor place = wrap(places.get(axis), size);
      check(place, size, axis, x.shape());
      flat = flat.mul(size).add(place);
    }
    Shape rest = x.shape().slice(indexed, x.rank());
    int joined = Math.toIntExact(x.shape().slice(0, indexed).elements());
    Tensor picked = select(x.reshape(Shape.of(joined).concat(rest)), 0, flat.reshape(-1));
    return picked.reshape(result.concat(rest));
  }

  /** With several indexed axes, a wrong place could pass for one in the next row. */
  private static void check(Tensor place, int size, int axis, Shape shape) {
    if (place.elements() == 0) {
      return;
    }
    long least = place.amin().itemAsLong();
    long most = place.amax().itemAsLong();
    long wrong = least < 0 ? least : most;
    if (least < 0 || most >= size) {
      throw new IndexException(
          "index",
          "index " + wrong + " is outside axis " + axis + " of shape " + shape,
          wrong,
          size);
    }
  }

  /** The row-major places where a mask holds, ascending, int64. */
  static Tensor flatPlaces(Tensor mask) {
    Tensor holds = mask.to(DType.BOOL).flatten();
    int size = Math.toIntExact(holds.elements());
    int count = size == 0 ? 0 : (int) holds.sum().itemAsLong();
    // Each place found goes to its rank among the found; the others to a last slot that is cut off.
    Tensor rank = holds.cumsum(0).sub(1);
    Tensor slot = rank.maskedFill(holds.logicalNot(), count);
    Tensor zeros = Tensor.zeros(Shape.of(count + 1), DType.INT64, mask.device());
    Tensor places = Tensor.arange(0, size, 1, DType.INT64, mask.device());
    return zeros.scatterAdd(0, slot, places).slice(0, 0, count);
  }

  static Tensor nonzero(Tensor x) {
    Tensor flat = flatPlaces(x.detach());
    int rank = x.rank();
    if (rank == 0) {
      return Tensor.zeros(Shape.of((int) flat.elements(), 0), DType.INT64, x.device());
    }
    Tensor[] columns = new Tensor[rank];
    for (int axis = rank - 1; axis >= 0; axis--) {
      int size = Math.max(1, x.size(axis));
      columns[axis] = flat.remainder(size);
      flat = flat.floorDivide(size);
    }
    return Tensor.stack(1, columns);
  }
}
