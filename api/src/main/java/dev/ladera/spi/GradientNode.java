package dev.ladera.spi;

/**
 * A recorded step of a computation, as the engine keeps it; tensors hold the one that made them.
 */
public interface GradientNode {
  /** The operator's name, such as {@code matmul}. */
  String name();
}
