package dev.ladera.testkit;

import dev.ladera.IndexException;
import dev.ladera.Shape;
import dev.ladera.Tensor;
import dev.ladera.op.Operator;
import dev.ladera.op.Primitive;

/** Operators that move elements to other places. */
final class PlaceKernels {
  private PlaceKernels() {}

  private static int[] index(Shape shape, int flat) {
    int[] index = new int[shape.rank()];
    int rest = flat;
    for (int axis = index.length - 1; axis >= 0; axis--) {
      index[axis] = rest % shape.size(axis);
      rest /= shape.size(axis);
    }
    return index;
  }

  private static int flat(Shape shape, int[] index) {
    int flat = 0;
    for (int axis = 0; axis < index.length; axis++) {
      flat = flat * shape.size(axis) + index[axis];
    }
    return flat;
  }

  /** The place that an index element points at. */
  private static int pointed(String name, Shape shape, Elements index, int at, int axis) {
    int[] place = index(index.shape(), at);
    long target = index.getLong(at);
    int size = shape.size(axis);
    if (target < 0 || target >= size) {
      throw new IndexException(
          name,
          "index " + target + " is outside axis " + axis + " of shape " + shape,
          target,
          size);
    }
    place[axis] = (int) target;
    return flat(shape, place);
  }

  static void gather(Operator operator, Tensor[] inputs, Tensor[] outputs) {
    int axis = ((Primitive.Gather) operator).axis();
    Elements[] in = ReferenceBackend.elements(inputs);
    Elements out = new Elements(outputs[0]);
    for (int at = 0; at < out.count; at++) {
      out.copy(at, in[0], pointed(operator.name(), in[0].shape(), in[1], at, axis));
    }
  }

  static void scatterAdd(Operator operator, Tensor[] inputs, Tensor[] outputs) {
    int axis = ((Primitive.ScatterAdd) operator).axis();
    Elements[] in = ReferenceBackend.elements(inputs);
    Elements out = new Elements(outputs[0]);
    double[] sums = new double[out.count];
    long[] wholes = new long[out.count];
    for (int at = 0; at < out.count; at++) {
      sums[at] = in[0].getDouble(at);
      wholes[at] = in[0].getLong(at);
    }
    for (int at = 0; at < in[1].count; at++) {
      int to = pointed(operator.name(), in[0].shape(), in[1], at, axis);
      sums[to] += in[2].getDouble(at);
      wholes[to] += in[2].getLong(at);
    }
    for (int at = 0; at < out.count; at++) {
      if (out.dtype.isFloating()) {
        out.set(at, sums[at]);
      } else {
        out.set(at, wholes[at]);
      }
    }
  }

  static void concat(Operator operator, Tensor[] inputs, Tensor[] outputs) {
    int axis = inputs[0].shape().axis(operator.name(), ((Primitive.Concat) operator).axis());
    Elements out = new Elements(outputs[0]);
    int from = 0;
    for (Tensor input : inputs) {
      Elements in = new Elements(input);
      for (int at = 0; at < in.count; at++) {
        int[] place = index(in.shape(), at);
        place[axis] += from;
        out.copy(flat(out.shape(), place), in, at);
      }
      from += in.shape().size(axis);
    }
  }

  static void pad(Operator operator, Tensor[] inputs, Tensor[] outputs) {
    Primitive.Pad pad = (Primitive.Pad) operator;
    Elements in = new Elements(inputs[0]);
    Elements out = new Elements(outputs[0]);
    for (int at = 0; at < out.count; at++) {
      out.set(at, pad.value());
    }
    for (int at = 0; at < in.count; at++) {
      int[] place = index(in.shape(), at);
      for (int axis = 0; axis < place.length; axis++) {
        place[axis] = pad.before().get(axis) + place[axis] * (pad.between().get(axis) + 1);
      }
      out.copy(flat(out.shape(), place), in, at);
    }
  }
}
