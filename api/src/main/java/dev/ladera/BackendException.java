package dev.ladera;

/**
 * A failure below the surface: out of memory, or a kernel or an operator that broke its contract. A
 * backend may throw one of its own kind, with what it knows about its library.
 */
public class BackendException extends LaderaException {
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
