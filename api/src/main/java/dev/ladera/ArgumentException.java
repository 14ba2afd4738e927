package dev.ladera;

/** An argument, other than a tensor's shape or element type, outside its range. */
public final class ArgumentException extends LaderaException {
  private static final long serialVersionUID = 1L;

  private final String argument;

  /** Makes an exception for the argument of that name. */
  public ArgumentException(String operation, String argument, String detail) {
    super(operation, argument + " " + detail);
    this.argument = argument;
  }

  /** The argument's name. */
  public String argument() {
    return argument;
  }
}
