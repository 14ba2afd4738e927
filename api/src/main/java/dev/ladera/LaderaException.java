package dev.ladera;

/**
 * What every failure of Ladera is: unchecked, typed by its cause, and naming the operation that
 * found it.
 */
public abstract class LaderaException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final String operation;

  /** Makes an exception whose message is {@code operation: detail}. */
  protected LaderaException(String operation, String detail) {
    super(operation + ": " + detail);
    this.operation = operation;
  }

  /** Makes an exception with a cause. */
  protected LaderaException(String operation, String detail, Throwable cause) {
    super(operation + ": " + detail, cause);
    this.operation = operation;
  }

  /** The operation that refused its input, such as {@code matmul}. */
  public final String operation() {
    return operation;
  }
}
