package dev.ladera;

/** A tensor that is used after the {@link MemoryScope} that it was made in has freed its memory. */
public final class FreedException extends LaderaException {
  private static final long serialVersionUID = 1L;

  /** Makes an exception; the detail says which tensor and what to do. */
  public FreedException(String operation, String detail) {
    super(operation, detail);
  }
}
