package dev.ladera.spi;

import dev.ladera.DType;
import org.jspecify.annotations.Nullable;

/**
 * A run of elements of one type, owned by a backend. Tensors that are views of each other share
 * one. A backend extends it with what holds the data.
 */
public abstract class Storage {
  private final DType dtype;
  private final long elements;
  private int version;

  /** A storage of so many elements. */
  protected Storage(DType dtype, long elements) {
    this.dtype = dtype;
    this.elements = elements;
  }

  /** The type of the elements. */
  public final DType dtype() {
    return dtype;
  }

  /** The number of elements. */
  public final long elements() {
    return elements;
  }

  /** The bytes that the elements take. */
  public final long bytes() {
    return elements * dtype.bytes();
  }

  /**
   * The memory behind it, where it can be freed before the storage is out of reach; null where it
   * is the garbage collector's. Backends that answer it give new memory to {@link
   * dev.ladera.MemoryScope#own}.
   */
  public @Nullable OwnedMemory memory() {
    return null;
  }

  /** How often the storage was overwritten; a tensor saved for a gradient is checked by it. */
  public final int version() {
    return version;
  }

  /** Called by the dispatcher whenever the storage was overwritten. */
  public final void overwritten() {
    version++;
  }
}
