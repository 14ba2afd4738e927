package dev.ladera.op;

import dev.ladera.DType;
import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * What of its inputs a kernel is made for: their element types, and which of them have no axes
 * (those do not widen the others). Shapes and strides are not part of it: one kernel serves them
 * all.
 */
public final class Signature {
  private static final DType[] DTYPES = DType.values();

  /** For each input twice its type's ordinal, and 1 more where it has no axes. */
  private final byte[] kinds;

  private final int hash;

  private Signature(byte[] kinds) {
    this.kinds = kinds;
    this.hash = Arrays.hashCode(kinds);
  }

  /** The signature of inputs of these types. */
  public static Signature of(TensorType... inputs) {
    byte[] kinds = new byte[inputs.length];
    for (int i = 0; i < inputs.length; i++) {
      int scalar = inputs[i].shape().rank() == 0 ? 1 : 0;
      kinds[i] = (byte) (2 * inputs[i].dtype().ordinal() + scalar);
    }
    return new Signature(kinds);
  }

  /** The number of inputs. */
  public int size() {
    return kinds.length;
  }

  /** The element type of an input. */
  public DType dtype(int input) {
    return DTYPES[kinds[input] / 2];
  }

  /** Whether an input has no axes. */
  public boolean isScalar(int input) {
    return kinds[input] % 2 == 1;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Signature signature && Arrays.equals(kinds, signature.kinds);
  }

  @Override
  public int hashCode() {
    return hash;
  }

  /** The types of the inputs. */
  @Override
  public String toString() {
    return IntStream.range(0, size()).mapToObj(this::dtype).toList().toString();
  }
}
