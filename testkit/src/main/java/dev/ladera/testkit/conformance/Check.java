package dev.ladera.testkit.conformance;

import dev.ladera.DType;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.function.Executable;

/**
 * One thing that a backend must do right.
 *
 * @param id tells it from all others; what a file of expected failures names
 * @param subject what of which operation it is about; null where it is about no single one
 * @param body throws if the backend fails
 */
record Check(String id, @Nullable Subject subject, Executable body) {
  /** Gradients of first order. */
  static final String FIRST = "first";

  /** Gradients of second order. */
  static final String SECOND = "second";

  /** All that has no aspect of its own: threads, memory, errors. */
  static final String OTHER = "other";

  /** Operations that take no tensors. */
  static final String MADE = "made";

  /**
   * A place in the table of operations.
   *
   * @param operation the row
   * @param aspect a type whose values are checked, or one of the constants here
   */
  record Subject(String operation, String aspect) {}

  Check(String id, Executable body) {
    this(id, null, body);
  }

  /** About an operation as a whole. */
  static Check of(String kind, OperatorCase line, Executable body) {
    return new Check(kind + "/" + line.operation(), new Subject(line.operation(), OTHER), body);
  }

  /** About an operation in one type. */
  static Check of(String kind, OperatorCase line, DType dtype, Executable body) {
    String id = kind + "/" + line.operation() + "/" + dtype;
    return new Check(id, subject(line, dtype), body);
  }

  /** An operation's values in one type. */
  static Subject subject(OperatorCase line, DType dtype) {
    return new Subject(line.operation(), line.takesTensors() ? dtype.toString() : MADE);
  }
}
