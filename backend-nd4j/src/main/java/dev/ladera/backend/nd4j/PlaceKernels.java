package dev.ladera.backend.nd4j;

import dev.ladera.Layout;
import dev.ladera.Tensor;
import dev.ladera.op.Operator;
import dev.ladera.op.Primitive;

/** Operators that put whole tensors into places of another: copies between layouts. */
final class PlaceKernels {
  private PlaceKernels() {}

  static void concat(Operator operator, Tensor[] inputs, Tensor[] outputs) {
    int axis = inputs[0].shape().axis(operator.name(), ((Primitive.Concat) operator).axis());
    Layout whole = outputs[0].layout();
    int from = 0;
    for (Tensor input : inputs) {
      int size = input.size(axis);
      put(input, outputs[0], whole.slice(axis, from, size, 1));
      from += size;
    }
  }

  static void pad(Operator operator, Tensor[] inputs, Tensor[] outputs) {
    Primitive.Pad pad = (Primitive.Pad) operator;
    Block.whole(outputs[0]).fill(pad.value());
    Tensor input = inputs[0];
    Layout places = outputs[0].layout();
    for (int axis = 0; axis < input.rank(); axis++) {
      places =
          places.slice(axis, pad.before().get(axis), input.size(axis), pad.between().get(axis) + 1);
    }
    put(input, outputs[0], places);
  }

  private static void put(Tensor input, Tensor output, Layout places) {
    if (input.elements() > 0) {
      Strided.copy(Block.whole(input), input.layout(), Block.whole(output), places, input.shape());
    }
  }
}
