package dev.ladera;

/** The type of a tensor's elements. */
public enum DType {
  /** IEEE 754 binary32; Java's {@code float}. */
  FLOAT32(4),
  /** IEEE 754 binary64; Java's {@code double}. */
  FLOAT64(8),
  /** Two's complement, 32 bits; Java's {@code int}. */
  INT32(4),
  /** Two's complement, 64 bits; Java's {@code long}. */
  INT64(8),
  /** True or false; Java's {@code boolean}, one byte an element. */
  BOOL(1);

  private final int bytes;

  DType(int bytes) {
    this.bytes = bytes;
  }

  /** Bytes that one element takes. */
  public int bytes() {
    return bytes;
  }

  /** Whether this is {@link #FLOAT32} or {@link #FLOAT64}: the types that have gradients. */
  public boolean isFloating() {
    return this == FLOAT32 || this == FLOAT64;
  }

  /** Whether this is {@link #INT32} or {@link #INT64}. */
  public boolean isInteger() {
    return this == INT32 || this == INT64;
  }

  /**
   * The smallest type that both fit in, as NumPy and PyTorch have it; an integer and a floating
   * type give that floating type.
   */
  public DType promote(DType other) {
    if (category() != other.category()) {
      return category() > other.category() ? this : other;
    }
    return bytes >= other.bytes ? this : other;
  }

  /** 0 for bool, 1 for integers, 2 for floating types. */
  int category() {
    return this == BOOL ? 0 : isInteger() ? 1 : 2;
  }

  /** A new Java array for elements of this type: {@code float[]}, {@code boolean[]} and so on. */
  public Object newArray(int length) {
    return switch (this) {
      case FLOAT32 -> new float[length];
      case FLOAT64 -> new double[length];
      case INT32 -> new int[length];
      case INT64 -> new long[length];
      case BOOL -> new boolean[length];
    };
  }

  /** The name that PyTorch and NumPy use, such as {@code float32}. */
  @Override
  public String toString() {
    return name().toLowerCase(java.util.Locale.ROOT);
  }
}
