package dev.ladera.benchmarks;

/** A peer could not do what it was asked; the message says why, and stands in the table. */
final class PeerException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  PeerException(String message) {
    super(message);
  }

  PeerException(String message, Throwable cause) {
    super(message, cause);
  }
}
