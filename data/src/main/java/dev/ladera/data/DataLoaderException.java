package dev.ladera.data;

import dev.ladera.LaderaException;

/** A sample that could not be loaded; the cause says why. */
public final class DataLoaderException extends LaderaException {
  private static final long serialVersionUID = 1L;

  private final int index;

  DataLoaderException(String operation, int index, Throwable cause) {
    super(operation, "sample " + index + " cannot be loaded: " + cause, cause);
    this.index = index;
  }

  /**
   * The sample's index in the dataset that was asked; where a dataset of the user's own failed on a
   * whole batch without saying which sample was wrong, the index of the batch's first.
   */
  public int index() {
    return index;
  }
}
