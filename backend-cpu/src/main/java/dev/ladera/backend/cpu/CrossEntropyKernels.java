package dev.ladera.backend.cpu;

import dev.ladera.DType;
import dev.ladera.Shape;
import dev.ladera.Tensor;
import dev.ladera.op.Composite;
import dev.ladera.op.LogSoftmax;
import dev.ladera.op.NllLoss;
import dev.ladera.spi.Kernel;
import java.util.Arrays;

/** The logarithm of softmax with the negative log-likelihood, and the gradient of both. */
final class CrossEntropyKernels {
  private CrossEntropyKernels() {}

  static Kernel forward(Engine engine, DType type, NllLoss loss) {
    LogSoftmax softmax = new LogSoftmax(loss.axis());
    Kernel logarithms = SoftmaxKernels.logSoftmax(engine, type, loss.axis());
    Kernel likelihood = NllLossKernels.forward(engine, type, loss);
    return (call, inputs, outputs) -> {
      logarithms.run(softmax, new Tensor[] {inputs[0]}, new Tensor[] {outputs[2]});
      Tensor[] scores = inputs.clone();
      scores[0] = outputs[2];
      likelihood.run(call, scores, Arrays.copyOf(outputs, 2));
    };
  }

  /** Each probability by the gradient of its row's loss, which the target's is then less by. */
  static Kernel backward(Engine engine, DType type, NllLoss loss) {
    int out = 0;
    int logarithm = 1;
    int each = 2;
    int factor = 0;
    RowPass products =
        RowPass.of(
            engine, type, c -> c.store(out, c.exp(c.element(logarithm)).mul(c.number(factor))));
    RowKernel kernel =
        new RowKernel(
            engine,
            type,
            row -> {
              RowPass.Run pass = products.new Run(row);
              return () -> {
                row.number(factor, Reals.get(row.arrays[each], row.at[each]));
                pass.run();
              };
            },
            Row.Place.EACH,
            Row.Place.EACH,
            Row.Place.ELEMENT);
    return (call, inputs, outputs) -> {
      Shape shape = inputs[1].shape();
      if (loss.axis() != shape.rank() - 1 || shape.size(-1) < RowKernel.LEAST) {
        RowKernel.decompose(engine, (Composite) call, inputs, outputs);
        return;
      }
      Targets targets = Targets.ofGradient(engine, call.name(), loss, inputs);
      Object gradients = NllLossKernels.gradients(engine, type, targets, inputs);
      Engine.Dense result = engine.dense(outputs[0]);
      kernel.run(
          targets.count(),
          targets.classes(),
          result,
          engine.dense(inputs[1]),
          new Engine.Dense(gradients, 0));
      targets.forEach(
          engine.parallel(),
          (target, place) -> {
            int at = result.offset() + place;
            double probability = Reals.get(result.array(), at);
            Reals.set(result.array(), at, probability - Reals.get(gradients, target));
          });
    };
  }
}
