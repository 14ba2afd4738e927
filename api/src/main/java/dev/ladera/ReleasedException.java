package dev.ladera;

/** A tensor is used whose memory was given back when its {@link MemoryScope} closed. */
public final class ReleasedException extends LaderaException {
  private static final long serialVersionUID = 1L;

  private final transient Shape shape;

  /**
   * Makes an exception.
   *
   * @param tensor which one of the operation's
   * @param shape its shape
   */
  public ReleasedException(String operation, String tensor, Shape shape) {
    super(
        operation,
        tensor
            + " "
            + shape
            + " was given back when its MemoryScope closed; keep() it in the scope, or use it there");
    this.shape = shape;
  }

  /** The shape of the tensor. */
  public Shape shape() {
    return shape;
  }
}
