package dev.ladera.examples;

import java.util.List;
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
    String name, Class<? extends Throwable> type, List<String> text, ThrowingCallable action) {
  /** A wrong use whose message is told in one piece. */
  BadInput(String name, Class<? extends Throwable> type, String text, ThrowingCallable action) {
    this(name, type, List.of(text), action);
  }

  /** A wrong use whose message is told in several pieces. */
  BadInput(String name, Class<? extends Throwable> type, ThrowingCallable action, String... text) {
    this(name, type, List.of(text), action);
  }
}
