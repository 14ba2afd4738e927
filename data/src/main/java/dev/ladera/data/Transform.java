package dev.ladera.data;

import dev.ladera.Tensor;

/**
 * A change to one sample's tensor, such as those of {@link Transforms}.
 *
 * <p>A {@link DataLoader} with workers calls it from several threads. One that draws random numbers
 * takes them from {@link dev.ladera.Generator#current()}, which the loader sets for each batch from
 * the epoch's seed and the batch's number: so the numbers do not depend on the threads.
 */
@FunctionalInterface
public interface Transform {
  /** The changed tensor; the given one stays as it is. */
  Tensor apply(Tensor sample);

  /** This transform, then another. */
  default Transform andThen(Transform next) {
    return sample -> next.apply(apply(sample));
  }
}
