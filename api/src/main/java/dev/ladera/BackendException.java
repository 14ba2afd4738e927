package dev.ladera;

/**
 * A failure below the surface: out of memory, or a kernel or an operator that broke its contract.
 */
public final class BackendException extends LaderaException {
  private static final long serialVersionUID = 1L;

  /** Makes an exception. */
  public BackendException(String operation, String detail) {
    super(operation, detail);
  }

  /** Makes an exception with its cause. */
  public BackendException(String operation, String detail, Throwable cause) {
    super(operation, detail, cause);
  }
}
