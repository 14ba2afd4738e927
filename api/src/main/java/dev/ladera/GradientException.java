package dev.ladera;

/** A gradient that cannot be had: none recorded, graph freed, tensor changed since, no rule. */
public final class GradientException extends LaderaException {
  private static final long serialVersionUID = 1L;

  /** Makes an exception; the detail says what to do. */
  public GradientException(String operation, String detail) {
    super(operation, detail);
  }

  /** Makes an exception with its cause. */
  public GradientException(String operation, String detail, Throwable cause) {
    super(operation, detail, cause);
  }
}
