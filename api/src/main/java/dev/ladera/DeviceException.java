package dev.ladera;

/** A device that is not there, or tensors on different devices. */
public final class DeviceException extends LaderaException {
  private static final long serialVersionUID = 1L;

  /** Makes an exception; the detail says what to do. */
  public DeviceException(String operation, String detail) {
    super(operation, detail);
  }

  /** Makes an exception with its cause. */
  public DeviceException(String operation, String detail, Throwable cause) {
    super(operation, detail, cause);
  }
}
