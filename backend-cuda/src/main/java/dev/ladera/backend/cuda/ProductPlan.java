package dev.ladera.backend.cuda;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * How cuBLASLt computes a product of some sizes and strides. The library counts columns first, so
 * that it is given right times left, both read as their transposes.
 *
 * @param descriptor what is computed
 * @param layoutA how the right operand lies
 * @param layoutB how the left operand lies
 * @param layoutD how the result lies
 * @param algorithm which kernel
 * @param workspace bytes that the kernel needs
 * @param scales the numbers 1 and 0 in the element type, which stay as long as the plan
 */
record ProductPlan(
    long descriptor,
    long layoutA,
    long layoutB,
    long layoutD,
    MemorySegment algorithm,
    long workspace,
    MemorySegment scales) {

  static final int FLOAT32 = 0;
  static final int FLOAT64 = 1;
  private static final int COMPUTE_FLOAT32 = 68;
  private static final int COMPUTE_TF32 = 77;
  private static final int COMPUTE_FLOAT64 = 70;
  private static final long MOST_WORKSPACE = 32L << 20;

  /**
   * A product's sizes and strides. An operand is transposed whose rows are neighbours rather than
   * its columns. Without a bias its alignment is 0.
   */
  record Key(
      boolean float32,
      boolean tf32,
      long rows,
      long columns,
      long depth,
      long batch,
      boolean leftTransposed,
      long leftLead,
      long leftDistance,
      boolean rightTransposed,
      long rightLead,
      long rightDistance,
      int biasAlignment,
      int leftAlignment,
      int rightAlignment) {}

  long one() {
    return scales.address();
  }

  long zero() {
    return scales.address() + Double.BYTES;
  }

  /** Whether the library has an algorithm for it. */
  boolean works() {
    return workspace >= 0;
  }

  /**
   * Finds out how.
   *
   * @param bias where the bias of the first product is, if it has one
   */
  static ProductPlan make(CublasLt library, long handle, Key key, long bias) {
    int type = key.float32 ? FLOAT32 : FLOAT64;
    int compute = key.float32 ? (key.tf32 ? COMPUTE_TF32 : COMPUTE_FLOAT32) : COMPUTE_FLOAT64;
    long descriptor = library.descriptor(compute, type, key.rightTransposed, key.leftTransposed);
    if (key.biasAlignment > 0) {
      library.addBias(descriptor, bias);
    }
    long a =
        key.rightTransposed
            ? library.layout(
                type, key.depth, key.columns, key.rightLead, key.batch, key.rightDistance)
            : library.layout(
                type, key.columns, key.depth, key.rightLead, key.batch, key.rightDistance);
    long b =
        key.leftTransposed
            ? library.layout(type, key.rows, key.depth, key.leftLead, key.batch, key.leftDistance)
            : library.layout(type, key.depth, key.rows, key.leftLead, key.batch, key.leftDistance);
    long d =
        library.layout(type, key.columns, key.rows, key.columns, key.batch, key.rows * key.columns);
    MemorySegment algorithm = Arena.ofAuto().allocate(CublasLt.ALGORITHM_BYTES, Long.BYTES);
    long workspace =
        library.best(
            handle,
            descriptor,
            a,
            b,
            d,
            MOST_WORKSPACE,
            key.rightAlignment,
            key.leftAlignment,
            algorithm);
    return new ProductPlan(descriptor, a, b, d, algorithm, workspace, scales(key.float32));
  }

  private static MemorySegment scales(boolean float32) {
    MemorySegment scales = Arena.ofAuto().allocate(2 * Double.BYTES, Double.BYTES);
    if (float32) {
      scales.set(java.lang.foreign.ValueLayout.JAVA_FLOAT, 0, 1);
    } else {
      scales.set(java.lang.foreign.ValueLayout.JAVA_DOUBLE, 0, 1);
    }
    return scales;
  }

  void destroy(CublasLt library) {
    library.destroyLayout(layoutA);
    library.destroyLayout(layoutB);
    library.destroyLayout(layoutD);
    library.destroyDescriptor(descriptor);
  }
}
