package dev.ladera.backend.cpu;

import dev.ladera.op.Pointwise;
import org.jspecify.annotations.Nullable;

/** A generated loop over elements at even distances. */
interface RowLoop {
  /**
   * Computes elements; joins them, where the code says so, as {@link Chains} has it.
   *
   * @param numbers the operator whose numbers the code's parameters are; null where it has none
   * @param arrays an array each for the outputs and the inputs
   * @param at the first element in each array
   * @param strides the distance of elements in each array
   * @param count how many elements
   */
  void run(@Nullable Pointwise numbers, Object[] arrays, int[] at, int[] strides, int count);
}
