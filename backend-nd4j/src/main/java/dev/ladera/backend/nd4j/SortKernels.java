package dev.ladera.backend.nd4j;

import dev.ladera.Tensor;
import dev.ladera.op.Operator;
import dev.ladera.op.Primitive;

/**
 * Sorting, which must be stable and hold NaN for the largest. ND4J's sort is not stable, answers no
 * places, and puts NaN anywhere.
 */
final class SortKernels {
  private SortKernels() {}

  static void sort(Operator operator, Tensor[] inputs, Tensor[] outputs) {
    Primitive.Sort sort = (Primitive.Sort) operator;
    int axis = sort.axis();
    order(inputs[0], outputs, axis, sort.descending(), inputs[0].size(axis));
  }

  static void topK(Operator operator, Tensor[] inputs, Tensor[] outputs) {
    Primitive.TopK top = (Primitive.TopK) operator;
    order(inputs[0], outputs, top.axis(), top.largest(), top.k());
  }

  private static void order(
      Tensor input, Tensor[] outputs, int axis, boolean descending, int kept) {
    try (Scratch scratch = new Scratch()) {
      Block in = Block.of(input, scratch);
      Block values = Block.whole(outputs[0]);
      Block places = Block.whole(outputs[1]);
      Lines lines = Lines.of(input.shape(), axis);
      Lines result = lines.with(kept);
      long[] keys = new long[Math.toIntExact(lines.size())];
      for (long line = 0; line < lines.count(); line++) {
        for (int at = 0; at < keys.length; at++) {
          long key = key(in, lines.place(line, at));
          keys[at] = descending ? ~key : key;
        }
        int[] order = StableSort.order(keys);
        for (int at = 0; at < kept; at++) {
          values.copy(result.place(line, at), in, lines.place(line, order[at]));
          places.set(result.place(line, at), (long) order[at]);
        }
      }
    }
  }

  /** A number that orders as the element does: zeros are equal, NaN is the largest. */
  private static long key(Block in, long at) {
    if (!in.dtype.isFloating()) {
      return in.getLong(at);
    }
    double value = in.getDouble(at);
    // Adding 0 makes a zero of either sign the positive one.
    long bits = Double.doubleToLongBits(value + 0.0);
    return bits ^ (bits >> 63 & Long.MAX_VALUE);
  }
}
