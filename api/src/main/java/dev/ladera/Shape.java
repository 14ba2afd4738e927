package dev.ladera;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/**
 * The sizes of a tensor along its axes; immutable. A shape without axes is a scalar's and has one
 * element. An axis has at most 2³¹ − 1 places; the number of elements may be larger.
 */
public final class Shape {
  /** The shape of a scalar: no axes, one element. */
  public static final Shape SCALAR = new Shape(new int[0]);

  private final int[] sizes;
  private final long elements;

  private Shape(int[] sizes) {
    this.sizes = sizes;
    long product = 1;
    for (int size : sizes) {
      if (size < 0) {
        throw new ArgumentException("shape", "sizes", "must not be negative: " + text(sizes));
      }
      if (Math.multiplyHigh(product, (long) size) != 0 || product * size < 0) {
        throw new ArgumentException(
            "shape", "sizes", "must be of fewer than 2^63 elements: " + text(sizes));
      }
      product *= size;
    }
    this.elements = product;
  }

  /**
   * A shape of these sizes.
   *
   * @throws ArgumentException if a size is negative, or there are 2⁶³ elements or more
   */
  public static Shape of(int... sizes) {
    return sizes.length == 0 ? SCALAR : new Shape(sizes.clone());
  }

  /** A shape of these sizes. */
  public static Shape of(List<Integer> sizes) {
    return of(sizes.stream().mapToInt(Integer::intValue).toArray());
  }

  /** The number of axes. */
  public int rank() {
    return sizes.length;
  }

  /**
   * The size along an axis; negative axes count from the end.
   *
   * @throws IndexException if there is no such axis
   */
  public int size(int axis) {
    return sizes[axis("size", axis)];
  }

  /** The product of all sizes; one for a scalar. */
  public long elements() {
    return elements;
  }

  /** The sizes, a copy. */
  public int[] toArray() {
    return sizes.clone();
  }

  /** The sizes as a list. */
  public List<Integer> toList() {
    return Arrays.stream(sizes).boxed().toList();
  }

  /**
   * The axis counted from the front.
   *
   * @param operation named in the error
   * @param axis from {@code -rank} to {@code rank - 1}
   * @throws IndexException if there is no such axis
   */
  public int axis(String operation, int axis) {
    int rank = sizes.length;
    if (axis < -rank || axis >= rank) {
      throw new IndexException(
          operation,
          "axis "
              + axis
              + " does not exist in shape "
              + this
              + "; use "
              + (rank == 0 ? "a tensor with axes" : -rank + " to " + (rank - 1)),
          axis,
          rank);
    }
    return axis < 0 ? axis + rank : axis;
  }

  /** This shape with another size along one axis. */
  public Shape with(int axis, int size) {
    int[] changed = sizes.clone();
    changed[axis("shape", axis)] = size;
    return new Shape(changed);
  }

  /** This shape without that axis. */
  public Shape without(int axis) {
    int at = axis("shape", axis);
    int[] changed = new int[sizes.length - 1];
    System.arraycopy(sizes, 0, changed, 0, at);
    System.arraycopy(sizes, at + 1, changed, at, changed.length - at);
    return of(changed);
  }

  /** This shape with a further axis put in before the given place (0 to rank). */
  public Shape insert(int at, int size) {
    int[] changed = new int[sizes.length + 1];
    System.arraycopy(sizes, 0, changed, 0, at);
    changed[at] = size;
    System.arraycopy(sizes, at, changed, at + 1, sizes.length - at);
    return new Shape(changed);
  }

  /**
   * The axes from {@code from} on, up to but without {@code to}.
   *
   * @throws IndexException if they are not all there
   */
  public Shape slice(int from, int to) {
    if (from < 0 || from > to || to > sizes.length) {
      throw new IndexException(
          "shape", "axes " + from + " to " + to + " are not in shape " + this, to, sizes.length);
    }
    return of(Arrays.copyOfRange(sizes, from, to));
  }

  /** This shape followed by the axes of another. */
  public Shape concat(Shape other) {
    int[] joined = Arrays.copyOf(sizes, sizes.length + other.sizes.length);
    System.arraycopy(other.sizes, 0, joined, sizes.length, other.sizes.length);
    return of(joined);
  }

  /**
   * The shape that both broadcast to by NumPy's rule: aligned at the last axis, sizes are equal or
   * one of them is 1.
   *
   * @param operation named in the error
   * @throws ShapeException if an axis differs and neither size is 1
   */
  public Shape broadcast(String operation, Shape other) {
    if (equals(other)) {
      return this;
    }
    int rank = Math.max(rank(), other.rank());
    int[] result = new int[rank];
    for (int i = 1; i <= rank; i++) {
      int a = i <= rank() ? sizes[rank() - i] : 1;
      int b = i <= other.rank() ? other.sizes[other.rank() - i] : 1;
      if (a != b && a != 1 && b != 1) {
        throw new ShapeException(
            operation,
            "shapes "
                + this
                + " and "
                + other
                + " do not broadcast: axis "
                + -i
                + " has sizes "
                + a
                + " and "
                + b
                + "; sizes must be equal, or one of them 1",
            this,
            other);
      }
      result[rank - i] = a == 1 ? b : a;
    }
    return new Shape(result);
  }

  /** Whether a tensor of this shape can be expanded to the other without copying values. */
  public boolean broadcastsTo(Shape target) {
    if (rank() > target.rank()) {
      return false;
    }
    for (int i = 1; i <= rank(); i++) {
      int size = sizes[rank() - i];
      if (size != 1 && size != target.sizes[target.rank() - i]) {
        return false;
      }
    }
    return true;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Shape shape && Arrays.equals(sizes, shape.sizes);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(sizes);
  }

  /** As in {@code (2, 3)}; {@code ()} for a scalar. */
  @Override
  public String toString() {
    return text(sizes);
  }

  private static String text(int[] sizes) {
    return Arrays.stream(sizes)
        .mapToObj(Integer::toString)
        .collect(Collectors.joining(", ", "(", sizes.length == 1 ? ",)" : ")"));
  }
}
