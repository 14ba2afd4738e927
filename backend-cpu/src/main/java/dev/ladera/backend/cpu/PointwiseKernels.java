package dev.ladera.backend.cpu;

import dev.ladera.DType;
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
    ElementLoops loops = loops(engine, program, program.dtype());
    return (Operator call, Tensor[] inputs, Tensor[] outputs) ->
        loops.run(LoopNest.of(outputs[0], inputs), (Pointwise) call);
  }

  static Kernel assign(Engine engine, Assign operator, Signature signature) {
    Program program = operator.body().program(signature);
    ElementLoops loops = loops(engine, program, signature.dtype(0));
    return (Operator call, Tensor[] inputs, Tensor[] outputs) ->
        loops.run(LoopNest.of(inputs[0], inputs), ((Assign) call).body());
  }

  private static ElementLoops loops(Engine engine, Program program, DType result) {
    return new ElementLoops(ProgramLowering.lower(program, result, engine.functions()), engine);
  }
}
