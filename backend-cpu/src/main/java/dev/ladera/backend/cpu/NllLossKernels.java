package dev.ladera.backend.cpu;

import dev.ladera.DType;
import dev.ladera.Tensor;
import dev.ladera.op.NllLoss;
import dev.ladera.op.NllLoss.Joining;
import dev.ladera.op.Primitive.Reduction;
import dev.ladera.spi.Kernel;
import java.util.Arrays;

/** The negative log-likelihood and its gradient: each target picks one number. */
final class NllLossKernels {
  private static final Axes NOTHING = new Axes(new int[0], new int[0]);

  private NllLossKernels() {}

  static Kernel forward(Engine engine, DType type, NllLoss loss) {
    return (call, inputs, outputs) -> {
      Engine.Dense logarithms = engine.dense(inputs[0]);
      Targets targets = Targets.of(engine, call.name(), loss, inputs);
      int count = targets.count();
      boolean joined = loss.joining() != Joining.NONE;
      Object losses = joined ? type.newArray(count) : Engine.array(outputs[0]);
      Object weights = type.newArray(count);
      engine
          .parallel()
          .forRange(
              count,
              Targets.CHUNK,
              (from, to) -> {
                for (int i = from; i < to; i++) {
                  int place = targets.place(i);
                  double weight = place < 0 ? 0 : targets.weight(i);
                  Reals.set(weights, i, weight);
                  Reals.set(
                      losses,
                      i,
                      place < 0
                          ? 0
                          : -Reals.get(logarithms.array(), logarithms.offset() + place) * weight);
                }
              });
      Object total = Engine.array(outputs[1]);
      sum(engine, type, weights, count, total);
      if (joined) {
        Object out = Engine.array(outputs[0]);
        sum(engine, type, losses, count, out);
        if (loss.joining() == Joining.MEAN) {
          Reals.set(out, 0, Reals.get(out, 0) / Reals.get(total, 0));
        }
      }
    };
  }

  static Kernel backward(Engine engine, DType type, NllLoss loss) {
    return (call, inputs, outputs) -> {
      Object out = Engine.array(outputs[0]);
      fill(out, (int) outputs[0].elements());
      Targets targets = Targets.ofGradient(engine, call.name(), loss, inputs);
      Object each = gradients(engine, type, targets, inputs);
      targets.forEach(
          engine.parallel(), (target, place) -> Reals.set(out, place, -Reals.get(each, target)));
    };
  }

  /** The gradient of each target's loss before it is joined; 0 where the target is ignored. */
  static Object gradients(Engine engine, DType type, Targets targets, Tensor[] inputs) {
    Joining joining = targets.loss().joining();
    Engine.Dense gradient = engine.dense(inputs[0]);
    boolean joined = joining != Joining.NONE;
    Object shared = joined ? type.newArray(1) : gradient.array();
    if (joined) {
      double total = Reals.get(Engine.array(inputs[3]), Engine.offset(inputs[3]));
      double whole = Reals.get(gradient.array(), gradient.offset());
      Reals.set(shared, 0, joining == Joining.MEAN ? whole / total : whole);
    }
    Object each = type.newArray(targets.count());
    targets.forEach(
        engine.parallel(),
        (target, _) -> {
          double own = Reals.get(shared, joined ? 0 : gradient.offset() + target);
          Reals.set(each, target, own * targets.weight(target));
        });
    return each;
  }

  private static void sum(Engine engine, DType type, Object values, int count, Object out) {
    Reducer sum = engine.reducer(type, Reduction.SUM);
    if (count == 0) {
      sum.fillEmpty(out);
    } else {
      sum.reduce(values, 0, NOTHING, new Axes(new int[] {count}, new int[] {1}), out);
    }
  }

  private static void fill(Object array, int count) {
    if (array instanceof float[] floats) {
      Arrays.fill(floats, 0, count, 0);
    } else {
      Arrays.fill((double[]) array, 0, count, 0);
    }
  }
}
