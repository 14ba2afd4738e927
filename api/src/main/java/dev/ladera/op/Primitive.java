package dev.ladera.op;

import dev.ladera.ArgumentException;
import dev.ladera.DType;
import dev.ladera.DTypeException;
import dev.ladera.IndexException;
import dev.ladera.Shape;
import dev.ladera.ShapeException;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What every backend implements, and all that it must: a backend is one exhaustive {@code switch}
 * over this. Axes are counted from the front. Copies and casts are {@link Pointwise} operators.
 */
public sealed interface Primitive extends Operator
    permits Pointwise,
        Primitive.Assign,
        Primitive.Reduce,
        Primitive.ArgReduce,
        Primitive.Cumulative,
        Primitive.MatMul,
        Convolution,
        Convolution.InputGradient,
        Convolution.WeightGradient,
        Pool,
        Pool.Gradient,
        Primitive.Gather,
        Primitive.ScatterAdd,
        Primitive.Concat,
        Primitive.Pad,
        Primitive.Sort,
        Primitive.TopK,
        Primitive.Fill,
        Primitive.Arange,
        Primitive.RandomBits {

  /**
   * Overwrites its first input by an expression of all its inputs, the first included; answers
   * nothing. The result is cast to the first input's type, and must broadcast to its shape.
   *
   * @param body the expression; its input 0 is the old value
   */
  record Assign(Pointwise body) implements Primitive {
    @Override
    public String name() {
      return "assign";
    }

    @Override
    public Object kernelKey() {
      return new Key(body.kernelKey());
    }

    private record Key(Object body) {}

    @Override
    public int mutates() {
      return 1;
    }

    @Override
    public TensorType[] infer(TensorType... inputs) {
      TensorType value = body.infer(inputs)[0];
      Shape target = inputs[0].shape();
      if (!value.shape().equals(target)) {
        throw new ShapeException(
            name(),
            "value of shape "
                + value.shape()
                + " does not fit into the target of shape "
                + target
                + "; the value must broadcast to the target",
            target,
            value.shape());
      }
      DType from = value.dtype();
      DType to = inputs[0].dtype();
      if (from.promote(to) != to && from.isFloating() != to.isFloating()) {
        throw new DTypeException(
            name(),
            "a " + from + " value cannot be put into a " + to + " tensor; use to(DType)",
            to,
            from);
      }
      return new TensorType[0];
    }
  }

  /** How {@link Reduce} joins elements. */
  enum Reduction {
    /** The sum; 0 of nothing. Not for bool. */
    SUM,
    /** The product; 1 of nothing. Not for bool. */
    PROD,
    /** The largest, for bool "any"; NaN wins. Of nothing only for bool: false. */
    MAX,
    /** The smallest, for bool "all"; NaN wins. Of nothing only for bool: true. */
    MIN
  }

  /**
   * Joins the elements along some axes; the type stays.
   *
   * @param reduction how
   * @param axes which axes, ascending, from the front; none leaves every element as it is
   * @param keepDims whether the axes stay, with size 1
   */
  record Reduce(Reduction reduction, List<Integer> axes, boolean keepDims) implements Primitive {
    /** Keeps a copy of the axes. */
    public Reduce {
      axes = List.copyOf(axes);
    }

    @Override
    public String name() {
      return switch (reduction) {
        case SUM -> "sum";
        case PROD -> "prod";
        case MAX -> "amax";
        case MIN -> "amin";
      };
    }

    @Override
    public TensorType[] infer(TensorType... inputs) {
      Checks.arity(name(), inputs, 1);
      TensorType x = inputs[0];
      Shape shape = reduced(name(), x.shape(), axes, keepDims);
      boolean additive = reduction == Reduction.SUM || reduction == Reduction.PROD;
      if (additive && x.dtype() == DType.BOOL) {
        throw new DTypeException(
            name(), "bool has no " + name() + "; use to(DType.INT64)", x.dtype());
      }
      if (!additive
          && x.dtype() != DType.BOOL
          && shape.elements() > 0
          && x.shape().elements() == 0) {
        throw new ShapeException(
            name(), "shape " + x.shape() + " has no elements along axes " + axes, x.shape());
      }
      return Checks.one(x.dtype(), shape);
    }
  }

  /**
   * The place of the largest or smallest element along an axis, int64; the first of equals, and NaN
   * wins.
   *
   * @param largest whether the largest is looked for
   * @param axis the axis
   * @param keepDims whether the axis stays, with size 1
   */
  record ArgReduce(boolean largest, int axis, boolean keepDims) implements Primitive {
    @Override
    public String name() {
      return largest ? "argmax" : "argmin";
    }

    @Override
    public TensorType[] infer(TensorType... inputs) {
      Checks.arity(name(), inputs, 1);
      TensorType x = inputs[0];
      Shape shape = reduced(name(), x.shape(), List.of(axis), keepDims);
      if (x.dtype() == DType.BOOL) {
        throw new DTypeException(name(), "bool has no order; use to(DType.INT32)", x.dtype());
      }
      if (x.shape().size(axis) == 0 && shape.elements() > 0) {
        throw new ShapeException(
            name(), "axis " + axis + " of shape " + x.shape() + " is empty", x.shape());
      }
      return Checks.one(DType.INT64, shape);
    }
  }

  /** How {@link Cumulative} joins elements. */
  enum Scan {
    /** Running sums. */
    SUM,
    /** Running products. */
    PROD
  }

  /**
   * Joins each element with all before it along an axis; the type stays.
   *
   * @param scan how
   * @param axis the axis
   */
  record Cumulative(Scan scan, int axis) implements Primitive {
    @Override
    public String name() {
      return scan == Scan.SUM ? "cumsum" : "cumprod";
    }

    @Override
    public TensorType[] infer(TensorType... inputs) {
      Checks.arity(name(), inputs, 1);
      inputs[0].shape().axis(name(), axis);
      if (inputs[0].dtype() == DType.BOOL) {
        throw new DTypeException(
            name(), "bool has no " + name() + "; use to(DType.INT64)", DType.BOOL);
      }
      return new TensorType[] {inputs[0]};
    }
  }

  /**
   * Products of matrices: {@code (…, m, k)} by {@code (…, k, n)} gives {@code (…, m, n)}; leading
   * axes broadcast. Both have one type, a number. A transposed operand is a transposed view.
   */
  record MatMul() implements Primitive {
    @Override
    public String name() {
      return "matmul";
    }

    @Override
    public TensorType[] infer(TensorType... inputs) {
      Checks.arity(name(), inputs, 2);
      Shape left = inputs[0].shape();
      Shape right = inputs[1].shape();
      Checks.rankAtLeast(name(), "left", inputs[0], 2);
      Checks.rankAtLeast(name(), "right", inputs[1], 2);
      Checks.sameDType(name(), "left", inputs[0], "right", inputs[1]);
      if (inputs[0].dtype() == DType.BOOL) {
        throw new DTypeException(name(), "bool has no product; use to(DType)", DType.BOOL);
      }
      if (left.size(-1) != right.size(-2)) {
        throw new ShapeException(
            name(),
            "inner sizes differ: left "
                + left
                + " has "
                + left.size(-1)
                + " columns, right "
                + right
                + " has "
                + right.size(-2)
                + " rows"
                + (left.size(-1) == right.size(-1) ? "; transpose right" : ""),
            left,
            right);
      }
      Shape batch = batch(left, right);
      return Checks.one(inputs[0].dtype(), batch.concat(Shape.of(left.size(-2), right.size(-1))));
    }

    /** The axes before the matrices, broadcast; found one by one, so that an error has it all. */
    private Shape batch(Shape left, Shape right) {
      Shape leftBatch = left.slice(0, left.rank() - 2);
      Shape rightBatch = right.slice(0, right.rank() - 2);
      for (int axis = 3; axis <= Math.min(left.rank(), right.rank()); axis++) {
        int a = left.size(-axis);
        int b = right.size(-axis);
        if (a != b && a != 1 && b != 1) {
          throw new ShapeException(
              name(),
              "left "
                  + left
                  + " and right "
                  + right
                  + " do not broadcast: axis -"
                  + axis
                  + " has sizes "
                  + a
                  + " and "
                  + b
                  + "; sizes must be equal, or one of them 1",
              left,
              right);
        }
      }
      return leftBatch.broadcast(name(), rightBatch);
    }
  }

  /**
   * Picks along an axis by index: for axis 0 of three, {@code out[i, j, k] = x[index[i, j, k], j,
   * k]}. The index has x's rank and, off the axis, at most x's sizes. An index outside the axis is
   * an {@link IndexException} when it runs.
   *
   * @param axis the axis
   */
  record Gather(int axis) implements Primitive {
    @Override
    public String name() {
      return "gather";
    }

    @Override
    public TensorType[] infer(TensorType... inputs) {
      Checks.arity(name(), inputs, 2);
      TensorType x = inputs[0];
      TensorType index = inputs[1];
      Checks.integerIndex(name(), index);
      x.shape().axis(name(), axis);
      indexFits(name(), "input", x.shape(), index.shape(), axis);
      return Checks.one(x.dtype(), index.shape());
    }
  }

  /**
   * The base with source's elements added at indexed places: for axis 0 of three, {@code
   * out[index[i, j, k], j, k] += source[i, j, k]}; in row-major order of the index, so that the
   * result is the same bits each time. Index and source have one shape, and off the axis at most
   * base's sizes.
   *
   * @param axis the axis
   */
  record ScatterAdd(int axis) implements Primitive {
    @Override
    public String name() {
      return "scatterAdd";
    }

    @Override
    public TensorType[] infer(TensorType... inputs) {
      Checks.arity(name(), inputs, 3);
      TensorType base = inputs[0];
      TensorType index = inputs[1];
      TensorType source = inputs[2];
      Checks.integerIndex(name(), index);
      Checks.sameDType(name(), "base", base, "source", source);
      if (base.dtype() == DType.BOOL) {
        throw new DTypeException(name(), "bool has no sum; use to(DType)", DType.BOOL);
      }
      base.shape().axis(name(), axis);
      indexFits(name(), "base", base.shape(), index.shape(), axis);
      if (!index.shape().equals(source.shape())) {
        throw new ShapeException(
            name(),
            "index " + index.shape() + " and source " + source.shape() + " must have one shape",
            index.shape(),
            source.shape());
      }
      return new TensorType[] {base};
    }
  }

  /**
   * Tensors one after the other along an axis; all of one type, and of one shape but for the axis.
   *
   * @param axis the axis
   */
  record Concat(int axis) implements Primitive {
    @Override
    public String name() {
      return "concat";
    }

    @Override
    public TensorType[] infer(TensorType... inputs) {
      if (inputs.length == 0) {
        throw new ArgumentException(name(), "tensors", "must not be empty");
      }
      Shape first = inputs[0].shape();
      int at = first.axis(name(), axis);
      long total = 0;
      for (int i = 0; i < inputs.length; i++) {
        Shape shape = inputs[i].shape();
        Checks.sameDType(name(), "tensor 0", inputs[0], "tensor " + i, inputs[i]);
        if (shape.rank() != first.rank() || !shape.with(at, first.size(at)).equals(first)) {
          throw new ShapeException(
              name(),
              "tensor 0 " + first + " and tensor " + i + " " + shape + " differ off axis " + at,
              first,
              shape);
        }
        total += shape.size(at);
      }
      if (total > Integer.MAX_VALUE) {
        throw new ShapeException(
            name(),
            "the parts have " + total + " places along axis " + at + "; at most 2147483647 fit",
            first);
      }
      return Checks.one(inputs[0].dtype(), first.with(at, (int) total));
    }
  }

  /**
   * Puts a value around, and between, the elements.
   *
   * @param before places put before each axis, one an axis, not negative
   * @param after places put after each axis
   * @param between places put between neighbours of each axis
   * @param value the value put there, converted to the tensor's type
   */
  record Pad(List<Integer> before, List<Integer> after, List<Integer> between, double value)
      implements Primitive {
    /** Keeps copies of the lists. */
    public Pad {
      before = List.copyOf(before);
      after = List.copyOf(after);
      between = List.copyOf(between);
    }

    @Override
    public String name() {
      return "pad";
    }

    @Override
    public TensorType[] infer(TensorType... inputs) {
      Checks.arity(name(), inputs, 1);
      Shape shape = inputs[0].shape();
      int rank = shape.rank();
      if (before.size() != rank || after.size() != rank || between.size() != rank) {
        throw new ArgumentException(name(), "amounts", "must be one for each axis of " + shape);
      }
      int[] sizes = shape.toArray();
      for (int i = 0; i < rank; i++) {
        if (before.get(i) < 0 || after.get(i) < 0 || between.get(i) < 0) {
          throw new ArgumentException(
              name(), "amounts", "must not be negative, at axis " + i + "; use slice to cut");
        }
        sizes[i] += before.get(i) + after.get(i) + between.get(i) * Math.max(0, sizes[i] - 1);
      }
      return Checks.one(inputs[0].dtype(), Shape.of(sizes));
    }
  }

  /**
   * The elements along an axis in order, and their int64 places before; equals keep their order,
   * NaN counts as the largest.
   *
   * @param axis the axis
   * @param descending whether the largest come first
   */
  record Sort(int axis, boolean descending) implements Primitive {
    @Override
    public String name() {
      return "sort";
    }

    @Override
    public TensorType[] infer(TensorType... inputs) {
      Checks.arity(name(), inputs, 1);
      inputs[0].shape().axis(name(), axis);
      return new TensorType[] {inputs[0], new TensorType(DType.INT64, inputs[0].shape())};
    }
  }

  /**
   * The k largest or smallest elements along an axis, best first, and their int64 places; the first
   * of equals comes first.
   *
   * @param k how many
   * @param axis the axis
   * @param largest whether the largest are looked for
   */
  record TopK(int k, int axis, boolean largest) implements Primitive {
    @Override
    public String name() {
      return "topk";
    }

    @Override
    public TensorType[] infer(TensorType... inputs) {
      Checks.arity(name(), inputs, 1);
      Shape shape = inputs[0].shape();
      int at = shape.axis(name(), axis);
      if (k < 0 || k > shape.size(at)) {
        throw new ArgumentException(
            name(), "k", "is " + k + "; axis " + at + " of " + shape + " has " + shape.size(at));
      }
      Shape result = shape.with(at, k);
      return new TensorType[] {
        new TensorType(inputs[0].dtype(), result), new TensorType(DType.INT64, result)
      };
    }
  }

  /**
   * A tensor full of one value. It has no inputs.
   *
   * @param shape its shape
   * @param dtype its type
   * @param value the value, converted to the type
   */
  record Fill(Shape shape, DType dtype, Number value) implements Primitive {
    @Override
    public String name() {
      return "fill";
    }

    @Override
    public Object kernelKey() {
      return new Key("fill", dtype);
    }

    @Override
    public TensorType[] infer(TensorType... inputs) {
      Checks.arity(name(), inputs, 0);
      return Checks.one(dtype, shape);
    }
  }

  /**
   * The numbers {@code start, start + step, …}. It has no inputs. Element i is {@code start + i ·
   * step} in float64, or in int64 for integer types, then converted.
   *
   * @param start the first number
   * @param step the distance
   * @param count how many
   * @param dtype a number type
   */
  record Arange(double start, double step, int count, DType dtype) implements Primitive {
    @Override
    public String name() {
      return "arange";
    }

    @Override
    public Object kernelKey() {
      return new Key("arange", dtype);
    }

    @Override
    public TensorType[] infer(TensorType... inputs) {
      Checks.arity(name(), inputs, 0);
      if (dtype == DType.BOOL) {
        throw new DTypeException(name(), "bool has no ranges", dtype);
      }
      if (count < 0) {
        throw new ArgumentException(name(), "count", "must not be negative: " + count);
      }
      return Checks.one(dtype, Shape.of(count));
    }
  }

  /**
   * Random bits, int32, by Philox 4x32-10 (Salmon, Moraes, Dror and Shaw, "Parallel random numbers:
   * as easy as 1, 2, 3", 2011). It has no inputs. Element i is word {@code i mod 4} of the block
   * whose counter is {@code offset + i / 4} (its low half in words 0 and 1, zeros above) and whose
   * key is the seed (low word first); see {@link Philox}.
   *
   * @param seed the key
   * @param offset the first counter
   * @param count how many
   */
  record RandomBits(long seed, long offset, int count) implements Primitive {
    @Override
    public String name() {
      return "randomBits";
    }

    @Override
    public Object kernelKey() {
      return RandomBits.class;
    }

    @Override
    public TensorType[] infer(TensorType... inputs) {
      Checks.arity(name(), inputs, 0);
      return Checks.one(DType.INT32, Shape.of(count));
    }
  }

  /** The cache key of a creation whose shape and values are read when it runs. */
  record Key(String name, DType dtype) {}

  private static Shape reduced(
      String operation, Shape shape, List<Integer> axes, boolean keepDims) {
    boolean[] gone = new boolean[shape.rank()];
    for (int axis : axes) {
      int at = shape.axis(operation, axis);
      if (gone[at]) {
        throw new ArgumentException(operation, "axes", axes + " name an axis twice");
      }
      gone[at] = true;
    }
    int[] sizes = new int[shape.rank()];
    int kept = 0;
    for (int i = 0; i < gone.length; i++) {
      if (!gone[i]) {
        sizes[kept++] = shape.size(i);
      } else if (keepDims) {
        sizes[kept++] = 1;
      }
    }
    return Shape.of(Arrays.copyOf(sizes, kept));
  }

  private static void indexFits(
      String operation, String argument, Shape shape, Shape index, int axis) {
    @Nullable String problem = null;
    if (index.rank() != shape.rank()) {
      problem = "must have as many axes";
    } else {
      for (int i = 0; i < shape.rank(); i++) {
        if (i != axis && index.size(i) > shape.size(i)) {
          problem = "is larger along axis " + i;
        }
      }
    }
    if (problem != null) {
      throw new ShapeException(
          operation,
          "index " + index + " " + problem + "; " + argument + " is " + shape,
          shape,
          index);
    }
  }
}
