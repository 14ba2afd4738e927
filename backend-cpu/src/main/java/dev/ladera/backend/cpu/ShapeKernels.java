package dev.ladera.backend.cpu;

import dev.ladera.Layout;
import dev.ladera.Tensor;
import dev.ladera.op.Operator;
import dev.ladera.op.Primitive.Concat;
import dev.ladera.op.Primitive.Pad;
import dev.ladera.spi.Kernel;

/** Kernels that put tensors into parts of larger ones. */
final class ShapeKernels {
  private ShapeKernels() {}

  static Kernel concat(Engine engine, Concat operator) {
    return (Operator call, Tensor[] inputs, Tensor[] outputs) -> {
      Tensor out = outputs[0];
      int axis = operator.axis();
      int from = 0;
      for (Tensor input : inputs) {
        int size = input.size(axis);
        engine.copy(
            input.dtype(),
            Engine.array(input),
            input.layout(),
            Engine.array(out),
            out.layout().slice(axis, from, size, 1));
        from += size;
      }
    };
  }

  static Kernel pad(Engine engine) {
    return (Operator call, Tensor[] inputs, Tensor[] outputs) -> {
      Pad pad = (Pad) call;
      Tensor x = inputs[0];
      Tensor out = outputs[0];
      CreationKernels.fill(Engine.array(out), pad.value());
      Layout inside = out.layout();
      for (int axis = 0; axis < x.rank(); axis++) {
        inside =
            inside.slice(axis, pad.before().get(axis), x.size(axis), pad.between().get(axis) + 1);
      }
      engine.copy(x.dtype(), Engine.array(x), x.layout(), Engine.array(out), inside);
    };
  }
}
