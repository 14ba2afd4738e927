package dev.ladera.backend.nd4j;

import dev.ladera.Layout;
import dev.ladera.Tensor;
import dev.ladera.op.Pointwise;
import dev.ladera.op.Primitive;
import dev.ladera.op.Program;
import dev.ladera.op.Program.Step;
import dev.ladera.spi.Kernel;

/** Expressions and assignments of expressions. */
final class PointwiseKernels {
  private PointwiseKernels() {}

  static Kernel pointwise(Program program) {
    ExpressionPlan plan = ExpressionPlan.of(program);
    return (operator, inputs, outputs) -> {
      Tensor out = outputs[0];
      if (program.steps().getFirst() instanceof Step.Load(int input, var _)
          && program.steps().size() == 1) {
        copy(inputs[input], out);
        return;
      }
      try (Scratch scratch = new Scratch()) {
        new ExpressionWalk(plan, (Pointwise) operator, inputs, out.shape(), scratch)
            .run(Block.whole(out));
      }
    };
  }

  static Kernel assign(Program program) {
    ExpressionPlan plan = ExpressionPlan.of(program);
    return (operator, inputs, _) -> {
      Tensor target = inputs[0];
      Pointwise body = ((Primitive.Assign) operator).body();
      if (program.steps().getFirst() instanceof Step.Load(int input, var dtype)
          && program.steps().size() == 1
          && dtype == target.dtype()) {
        copy(inputs[input], target);
        return;
      }
      try (Scratch scratch = new Scratch()) {
        ExpressionWalk walk = new ExpressionWalk(plan, body, inputs, target.shape(), scratch);
        boolean sameType = program.dtype() == target.dtype();
        if (sameType && target.layout().isContiguous()) {
          walk.run(Block.of(target, scratch));
          return;
        }
        Block value = scratch.block(program.dtype(), target.elements());
        walk.run(value);
        Block converted = value;
        if (!sameType) {
          converted = scratch.block(target.dtype(), target.elements());
          Workarounds.cast(value, converted);
        }
        Strided.scatter(converted, Block.whole(target), target.layout());
      }
    };
  }

  private static void copy(Tensor from, Tensor to) {
    Layout source = from.layout();
    Strided.copy(Block.whole(from), source, Block.whole(to), to.layout(), to.shape());
  }
}
