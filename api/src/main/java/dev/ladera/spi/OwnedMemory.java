package dev.ladera.spi;

/**
 * Memory of a storage that is not the garbage collector's, so that it can be freed before the
 * storage is out of reach. It must not refer to the storage.
 */
public interface OwnedMemory {

  /**
   * Frees the memory, unless that was done, when all work that was started on it has ended. Later
   * uses of the storage throw {@link dev.ladera.FreedException}.
   */
  void free();
}
