package dev.ladera.backend.cpu;

import dev.ladera.DType;
import dev.ladera.IndexException;
import dev.ladera.Shape;
import dev.ladera.Tensor;
import dev.ladera.op.NllLoss;
import dev.ladera.op.NllLoss.Joining;
import dev.ladera.op.Primitive.Reduction;
import dev.ladera.spi.Kernel;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** The negative log-likelihood and its gradient: each target picks one number. */
final class NllLossKernels {
  /** Targets that a chunk of work has. */
  private static final int CHUNK = 1 << 12;

  private static final Axes NOTHING = new Axes(new int[0], new int[0]);

  private NllLossKernels() {}

  static Kernel forward(Engine engine, DType type, NllLoss loss) {
    return (call, inputs, outputs) -> {
      Engine.Dense logarithms = engine.dense(inputs[0]);
      Targets targets =
          Targets.of(
              engine, loss, inputs[0].shape(), inputs[1], inputs.length > 2 ? inputs[2] : null);
      int count = targets.count;
      boolean joined = loss.joining() != Joining.NONE;
      Object losses = joined ? type.newArray(count) : Engine.array(outputs[0]);
      Object weights = type.newArray(count);
      engine
          .parallel()
          .forRange(
              count,
              CHUNK,
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

  static Kernel backward(Engine engine, NllLoss loss) {
    return (call, inputs, outputs) -> {
      Engine.Dense gradient = engine.dense(inputs[0]);
      Targets targets =
          Targets.of(
              engine, loss, inputs[1].shape(), inputs[2], inputs.length > 4 ? inputs[4] : null);
      Object out = Engine.array(outputs[0]);
      fill(out, (int) outputs[0].elements());
      boolean joined = loss.joining() != Joining.NONE;
      Object shared = joined ? outputs[0].dtype().newArray(1) : gradient.array();
      if (joined) {
        double total = Reals.get(Engine.array(inputs[3]), Engine.offset(inputs[3]));
        double whole = Reals.get(gradient.array(), gradient.offset());
        Reals.set(shared, 0, loss.joining() == Joining.MEAN ? whole / total : whole);
      }
      engine
          .parallel()
          .forRange(
              targets.count,
              CHUNK,
              (from, to) -> {
                for (int i = from; i < to; i++) {
                  int place = targets.place(i);
                  if (place >= 0) {
                    double each = Reals.get(shared, joined ? 0 : gradient.offset() + i);
                    Reals.set(out, place, -each * targets.weight(i));
                  }
                }
              });
    };
  }

  /**
   * What targets pick.
   *
   * @param numbers int[] or long[]
   * @param inner the numbers of classes between one and the next of a target
   */
  private record Targets(
      NllLoss loss,
      Engine.Dense numbers,
      int count,
      int classes,
      int inner,
      Engine.@Nullable Dense weights) {
    static Targets of(
        Engine engine, NllLoss loss, Shape shape, Tensor target, @Nullable Tensor weight) {
      return new Targets(
          loss,
          engine.dense(target),
          (int) target.elements(),
          shape.size(loss.axis()),
          (int) shape.slice(loss.axis() + 1, shape.rank()).elements(),
          weight == null ? null : engine.dense(weight));
    }

    private long number(int i) {
      int at = numbers.offset() + i;
      return numbers.array() instanceof int[] ints ? ints[at] : ((long[]) numbers.array())[at];
    }

    /** Where the number that a target picks is; negative where the target is ignored. */
    int place(int i) {
      long number = number(i);
      if (number == loss.ignoreIndex()) {
        return -1;
      }
      if (number < 0 || number >= classes) {
        throw new IndexException(
            loss.name(),
            "target " + number + " is none of " + classes + " classes",
            number,
            classes);
      }
      return (i / inner * classes + (int) number) * inner + i % inner;
    }

    /** The weight of a target that is not ignored. */
    double weight(int i) {
      return weights == null ? 1 : Reals.get(weights.array(), weights.offset() + (int) number(i));
    }
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
