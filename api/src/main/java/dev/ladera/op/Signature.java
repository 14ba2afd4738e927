package dev.ladera.op;

import dev.ladera.DType;
import java.util.Arrays;

/**
 * What of its inputs a kernel is made for: their element types, and which of them have no axes
 * (those do not widen the others). Shapes and strides are not part of it: one kernel serves them
 * all.
 */
public final class Signature {
  private final DType[] dtypes;
  private final long scalars;
  private final int hash;

  private Signature(DType[] dtypes, long scalars) {
    this.dtypes = dtypes;
    this.scalars = scalars;
    this.hash = 31 * Arrays.hashCode(dtypes) + Long.hashCode(scalars);
  }

  /** The signature of inputs of these types. */
  public static Signature of(TensorType... inputs) {
    DType[] dtypes = new DType[inputs.length];
    long scalars = 0;
    for (int i = 0; i < inputs.length; i++) {
      dtypes[i] = inputs[i].dtype();
      if (inputs[i].shape().rank() == 0 && i < Long.SIZE) {
        scalars |= 1L << i;
      }
    }
    return new Signature(dtypes, scalars);
  }

  /** The number of inputs. */
  public int size() {
    return dtypes.length;
  }

  /** The element type of an input. */
  public DType dtype(int input) {
    return dtypes[input];
  }

  /** Whether an input has no axes. */
  public boolean isScalar(int input) {
    return input < Long.SIZE && (scalars & 1L << input) != 0;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Signature signature
        && scalars == signature.scalars
        && Arrays.equals(dtypes, signature.dtypes);
  }

  @Override
  public int hashCode() {
    return hash;
  }

  @Override
  public String toString() {
    return Arrays.toString(dtypes);
  }
}
