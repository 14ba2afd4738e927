package dev.ladera.backend.cpu;

import dev.ladera.IndexException;
import dev.ladera.Shape;
import dev.ladera.Tensor;
import dev.ladera.op.NllLoss;
import org.jspecify.annotations.Nullable;

/**
 * What the targets of a classification pick.
 *
 * @param operation named in errors
 * @param numbers int[] or long[]
 * @param inner the numbers of classes between one and the next of a target
 */
record Targets(
    String operation,
    NllLoss loss,
    Engine.Dense numbers,
    int count,
    int classes,
    int inner,
    Engine.@Nullable Dense weights) {
  /** Targets that a chunk of work has. */
  static final int CHUNK = 1 << 12;

  /** Those of a loss: scores, targets, and weights if there are any. */
  static Targets of(Engine engine, String operation, NllLoss loss, Tensor[] inputs) {
    @Nullable Tensor weight = inputs.length > 2 ? inputs[2] : null;
    return of(engine, operation, loss, inputs[0].shape(), inputs[1], weight);
  }

  /** Those of a loss's gradient, before whose inputs there is one, and one before the weights. */
  static Targets ofGradient(Engine engine, String operation, NllLoss loss, Tensor[] inputs) {
    @Nullable Tensor weight = inputs.length > 4 ? inputs[4] : null;
    return of(engine, operation, loss, inputs[1].shape(), inputs[2], weight);
  }

  private static Targets of(
      Engine engine,
      String operation,
      NllLoss loss,
      Shape shape,
      Tensor target,
      @Nullable Tensor weight) {
    return new Targets(
        operation,
        loss,
        engine.dense(target),
        (int) target.elements(),
        shape.size(loss.axis()),
        (int) shape.slice(loss.axis() + 1, shape.rank()).elements(),
        weight == null ? null : engine.dense(weight));
  }

  /** What is done with a target that is not ignored. */
  @FunctionalInterface
  interface Visitor {
    void visit(int target, int place);
  }

  /** Visits all targets that are not ignored, on all threads. */
  void forEach(Parallel parallel, Visitor visitor) {
    parallel.forRange(
        count,
        CHUNK,
        (from, to) -> {
          for (int i = from; i < to; i++) {
            int place = place(i);
            if (place >= 0) {
              visitor.visit(i, place);
            }
          }
        });
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
          operation, "target " + number + " is none of " + classes + " classes", number, classes);
    }
    return (i / inner * classes + (int) number) * inner + i % inner;
  }

  /** The weight of a target that is not ignored. */
  double weight(int i) {
    return weights == null ? 1 : Reals.get(weights.array(), weights.offset() + (int) number(i));
  }
}
