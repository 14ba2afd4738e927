package dev.ladera.op;

import dev.ladera.Tensor;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** How an operator of the user's own is differentiated. */
public sealed interface Gradient {

  /** Through the operators that the decomposition is made of. */
  record OfBody() implements Gradient {}

  /** Not at all: {@code backward} through the operator throws, naming it. */
  record None() implements Gradient {}

  /**
   * By a formula.
   *
   * @param rule the formula
   */
  record ByRule(Rule rule) implements Gradient {}

  /**
   * A formula for gradients, written in tensor operations, so that it can be differentiated again.
   */
  @FunctionalInterface
  interface Rule {
    /**
     * The gradients with respect to the inputs, one an input, of its shape, element type and
     * device; null for an input that has none. What an input that requires no gradient gets is not
     * looked at.
     *
     * @param inputs the operator's inputs
     * @param outputs the operator's outputs
     * @param gradients the gradients with respect to the outputs, of their shapes; zeros where
     *     nothing depends on an output
     */
    List<@Nullable Tensor> gradients(
        List<Tensor> inputs, List<Tensor> outputs, List<Tensor> gradients);
  }

  /** Through the operators that the decomposition is made of. */
  static Gradient ofBody() {
    return new OfBody();
  }

  /** Not at all. */
  static Gradient none() {
    return new None();
  }

  /** By a formula of the user's own. */
  static Gradient of(Rule rule) {
    return new ByRule(rule);
  }
}
