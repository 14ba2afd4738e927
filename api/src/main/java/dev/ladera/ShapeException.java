package dev.ladera;

import java.util.List;

/** Shapes that do not fit the operation, or each other. */
public final class ShapeException extends LaderaException {
  private static final long serialVersionUID = 1L;

  private final transient List<Shape> shapes;

  /** Makes an exception that carries the shapes concerned. */
  public ShapeException(String operation, String detail, Shape... shapes) {
    super(operation, detail);
    this.shapes = List.of(shapes);
  }

  /** The shapes concerned, in the order of the operation's arguments; may be empty. */
  public List<Shape> shapes() {
    return shapes;
  }
}
