package dev.ladera;

import java.util.List;

/** An element type that the operation does not take. */
public final class DTypeException extends LaderaException {
  private static final long serialVersionUID = 1L;

  private final List<DType> dtypes;

  /** Makes an exception that carries the element types concerned. */
  public DTypeException(String operation, String detail, DType... dtypes) {
    super(operation, detail);
    this.dtypes = List.of(dtypes);
  }

  /** The element types concerned, in the order of the operation's arguments. */
  public List<DType> dtypes() {
    return dtypes;
  }
}
