package dev.ladera;

import dev.ladera.op.Primitive;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** What {@link ShapeOps} computes with sizes. */
final class ShapeArithmetic {
  private ShapeArithmetic() {}

  static Shape infer(Shape from, int[] sizes) {
    int open = -1;
    long known = 1;
    for (int i = 0; i < sizes.length; i++) {
      if (sizes[i] < -1) {
        throw new ArgumentException(
            "reshape",
            "sizes",
            java.util.Arrays.toString(sizes)
                + " must not be negative, but for one -1 that follows from the others");
      }
      if (sizes[i] == -1) {
        if (open >= 0) {
          throw new ArgumentException("reshape", "sizes", "may leave only one size open as -1");
        }
        open = i;
      } else {
        known *= sizes[i];
      }
    }
    if (open < 0) {
      return Shape.of(sizes);
    }
    if (known == 0 || from.elements() % known != 0) {
      throw new ShapeException(
          "reshape",
          "shape "
              + from
              + " has "
              + from.elements()
              + " elements, which "
              + java.util.Arrays.toString(sizes)
              + " cannot divide",
          from);
    }
    int[] filled = sizes.clone();
    filled[open] = axisOf("reshape", from, from.elements() / known);
    return Shape.of(filled);
  }

  /**
   * The size of an axis that so many elements of a shape are put along.
   *
   * @throws ShapeException if an axis cannot be that long
   */
  static int axisOf(String operation, Shape from, long elements) {
    if (elements > Integer.MAX_VALUE) {
      throw new ShapeException(
          operation,
          elements
              + " elements of shape "
              + from
              + " do not fit along one axis, which has at most "
              + Integer.MAX_VALUE
              + " places; use smaller batches",
          from);
    }
    return (int) elements;
  }

  static Shape expanded(Shape from, int[] sizes) {
    int[] filled = sizes.clone();
    int lead = sizes.length - from.rank();
    for (int i = 0; i < filled.length; i++) {
      if (filled[i] == -1) {
        if (i < lead) {
          throw new ArgumentException(
              "expand", "sizes", "cannot keep axis " + i + ", which is new");
        }
        filled[i] = from.size(i - lead);
      }
    }
    return Shape.of(filled);
  }

  static Tensor pad(Tensor x, double value, int[] amounts) {
    int rank = x.rank();
    if (amounts.length % 2 != 0 || amounts.length > 2 * rank) {
      throw new ArgumentException(
          "pad", "amounts", "must be pairs, at most one for each axis of " + x.shape());
    }
    List<Integer> before = new ArrayList<>(Collections.nCopies(rank, 0));
    List<Integer> after = new ArrayList<>(Collections.nCopies(rank, 0));
    Tensor cut = x;
    for (int pair = 0; pair < amounts.length / 2; pair++) {
      int axis = rank - 1 - pair;
      int low = amounts[2 * pair];
      int high = amounts[2 * pair + 1];
      int size = x.size(axis);
      long left = size + Math.min(0L, low) + Math.min(0L, high);
      if (left < 0) {
        throw new ShapeException(
            "pad",
            "amounts "
                + low
                + " and "
                + high
                + " cut more than axis "
                + axis
                + " of "
                + x.shape()
                + " has",
            x.shape());
      }
      int first = -Math.min(0, low);
      cut = cut.slice(axis, first, first + (int) left);
      before.set(axis, Math.max(0, low));
      after.set(axis, Math.max(0, high));
    }
    return Dispatcher.call(
        new Primitive.Pad(before, after, Collections.nCopies(rank, 0), value), cut);
  }

  static Tensor repeat(Tensor x, int[] times) {
    if (times.length < x.rank()) {
      throw new ArgumentException(
          "repeat", "times", "must have at least one entry for each axis of " + x.shape());
    }
    int lead = times.length - x.rank();
    // (a, b) becomes (1, a, 1, b), is expanded to (t, a, u, b), and copied as (t·a, u·b).
    int[] raised = new int[2 * times.length];
    int[] wide = new int[2 * times.length];
    int[] result = new int[times.length];
    for (int i = 0; i < times.length; i++) {
      if (times[i] < 0) {
        throw new ArgumentException(
            "repeat", "times", java.util.Arrays.toString(times) + " must not be negative");
      }
      int size = i < lead ? 1 : x.size(i - lead);
      if ((long) times[i] * size > Integer.MAX_VALUE) {
        throw new ArgumentException(
            "repeat",
            "times",
            java.util.Arrays.toString(times)
                + " make axis "
                + (i - lead)
                + " of "
                + x.shape()
                + " longer than "
                + Integer.MAX_VALUE
                + " places");
      }
      raised[2 * i] = 1;
      raised[2 * i + 1] = size;
      wide[2 * i] = times[i];
      wide[2 * i + 1] = size;
      result[i] = times[i] * size;
    }
    return x.reshape(Shape.of(raised)).expand(Shape.of(wide)).reshape(Shape.of(result));
  }

  static Tensor triangle(Tensor x, int diagonal, boolean lower) {
    if (x.rank() < 2) {
      throw new ShapeException(
          lower ? "tril" : "triu", "shape " + x.shape() + " has no matrices", x.shape());
    }
    Tensor rows = Tensor.arange(0, x.size(-2), 1, DType.INT64, x.device()).unsqueeze(1);
    Tensor columns = Tensor.arange(0, x.size(-1), 1, DType.INT64, x.device());
    Tensor distance = columns.sub(rows);
    Tensor dropped = lower ? distance.gt(diagonal) : distance.lt(diagonal);
    return x.maskedFill(dropped, 0);
  }
}
