package dev.ladera.nn;

import java.util.List;

/**
 * What a state dictionary and a module did not have in common.
 *
 * @param missing names that the module has and the dictionary lacks
 * @param unexpected names that the dictionary has and the module lacks
 */
public record LoadReport(List<String> missing, List<String> unexpected) {
  /** Keeps copies of the lists. */
  public LoadReport {
    missing = List.copyOf(missing);
    unexpected = List.copyOf(unexpected);
  }

  /** Whether the names were the same on both sides. */
  public boolean isComplete() {
    return missing.isEmpty() && unexpected.isEmpty();
  }
}
