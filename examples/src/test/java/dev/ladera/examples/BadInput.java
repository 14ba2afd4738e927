package dev.ladera.examples;

import org.assertj.core.api.ThrowableAssert.ThrowingCallable;

/**
 * A wrong use, and the answer that it deserves.
 *
 * @param name what is wrong
 * @param type the exception, exactly
 * @param text what its message contains: operation, arguments, what was found, what to do
 * @param action the wrong use
 */
record BadInput(
    String name, Class<? extends Throwable> type, String text, ThrowingCallable action) {
  @Override
  public String toString() {
    return name;
  }
}
