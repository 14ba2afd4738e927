package dev.ladera.backend.cpu;

/**
 * Something generated, and whether the compiler has made it fast enough for use.
 *
 * @param <T> what was generated
 */
final class Warming<T> {
  private final T value;
  private volatile boolean ready;

  Warming(T value, boolean ready) {
    this.value = value;
    this.ready = ready;
  }

  T value() {
    return value;
  }

  boolean isReady() {
    return ready;
  }

  /** Says that it is fit for use from now on. */
  void becomesReady() {
    ready = true;
  }
}
