package dev.ladera;

/** An index or an axis outside of what it indexes. */
public final class IndexException extends LaderaException {
  private static final long serialVersionUID = 1L;

  private final long index;
  private final long size;

  /** Makes an exception for {@code index} where only {@code size} places are. */
  public IndexException(String operation, String detail, long index, long size) {
    super(operation, detail);
    this.index = index;
    this.size = size;
  }

  /** The offending index. */
  public long index() {
    return index;
  }

  /** The number of places that there are. */
  public long size() {
    return size;
  }
}
