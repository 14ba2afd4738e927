package dev.ladera;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The state of an optimizer, a schedule or the like, ready to be written to a file: named tensors,
 * and named numbers.
 *
 * @param tensors by name, in order
 * @param numbers by name, in order
 */
public record StateDict(Map<String, Tensor> tensors, Map<String, Double> numbers) {

  /** Keeps the maps as they are, so that they can be filled. */
  public StateDict {}

  /** A state without entries. */
  public static StateDict empty() {
    return new StateDict(new LinkedHashMap<>(), new LinkedHashMap<>());
  }

  /**
   * A number that must be there.
   *
   * @throws ArgumentException if it is not, with the names that are
   */
  public double number(String name) {
    Double value = numbers.get(name);
    if (value == null) {
      throw new ArgumentException(
          "loadStateDict", "state", "has no number '" + name + "'; it has " + numbers.keySet());
    }
    return value;
  }
}
