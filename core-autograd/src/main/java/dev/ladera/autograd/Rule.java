package dev.ladera.autograd;

import dev.ladera.Tensor;
import dev.ladera.op.Operator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How one kind of operator is differentiated.
 *
 * @param saves what of a step is kept until the backward pass
 * @param formula the gradients of the inputs
 */
record Rule(Saves saves, Formula<Operator> formula) {

  /** Which inputs and outputs a step keeps. */
  @FunctionalInterface
  interface Saves {
    /** None. */
    Saves NOTHING = (op, i, output) -> false;

    /** All outputs. */
    Saves OUTPUTS = (op, i, output) -> output;

    /** Both of two inputs, as each is needed for the other's gradient. */
    Saves OTHERS = (op, i, output) -> !output;

    /** Whether an input, or an output, is kept. */
    boolean test(Operator operator, int index, boolean output);
  }

  /** Gradients of the inputs from those of the outputs. */
  @FunctionalInterface
  interface Formula<O extends Operator> {
    /** One an input; null for an input that needs none. */
    List<@Nullable Tensor> gradients(O operator, Step step);
  }
}
