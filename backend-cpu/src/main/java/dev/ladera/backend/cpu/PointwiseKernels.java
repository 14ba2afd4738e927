package dev.ladera.backend.cpu;

import dev.ladera.Tensor;
import dev.ladera.op.Operator;
import dev.ladera.op.Pointwise;
import dev.ladera.op.Primitive.Assign;
import dev.ladera.op.Program;
import dev.ladera.op.Signature;
import dev.ladera.spi.Kernel;

/** Kernels of expressions: each is compiled to loops of its own. */
final class PointwiseKernels {
  private PointwiseKernels() {}

  static Kernel pointwise(Engine engine, Pointwise operator, Signature signature) {
    Program program = operator.program(signature);
    ElementLoops loops = new ElementLoops(ProgramLowering.lower(program, program.dtype()), engine);
    return (Operator call, Tensor[] inputs, Tensor[] outputs) ->
        loops.run(LoopNest.of(outputs[0], inputs), (Pointwise) call);
  }

  static Kernel assign(Engine engine, Assign operator, Signature signature) {
    Program program = operator.body().program(signature);
    ElementLoops loops =
        new ElementLoops(ProgramLowering.lower(program, signature.dtype(0)), engine);
    return (Operator call, Tensor[] inputs, Tensor[] outputs) ->
        loops.run(LoopNest.of(inputs[0], inputs), ((Assign) call).body());
  }
}
