package dev.ladera.spi;

import dev.ladera.DType;
import dev.ladera.MemoryScope;
import java.lang.ref.Cleaner.Cleanable;
import org.jspecify.annotations.Nullable;

/**
 * A run of elements of one type, owned by a backend. Tensors that are views of each other share
 * one. A backend extends it with what holds the data.
 */
public abstract class Storage {
  private final DType dtype;
  private final long elements;
  private int version;
  private @Nullable MemoryScope scope;
  private boolean left;
  private boolean released;
  private @Nullable Cleanable counted;

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

  /** How often the storage was overwritten; a tensor saved for a gradient is checked by it. */
  public final int version() {
    return version;
  }

  /** Called by the dispatcher whenever the storage was overwritten. */
  public final void overwritten() {
    version++;
  }

  /** The scope that gives the storage back when it closes; null for none. */
  public final @Nullable MemoryScope scope() {
    return scope;
  }

  /** Called by scopes: says to which it belongs. */
  public final void scope(MemoryScope owner) {
    this.scope = owner;
    this.left = false;
  }

  /** Takes it out of its scope for good. */
  public final void unscoped() {
    this.scope = null;
    this.left = false;
  }

  /** Takes it out of its scope for as long as it is a gradient. */
  public final void leaveScope() {
    left |= scope != null;
    this.scope = null;
  }

  /** Whether it left its scope as a gradient does. */
  public final boolean isLeft() {
    return left;
  }

  /** Whether it was given back, so that no tensor over it can be used. */
  public final boolean isReleased() {
    return released;
  }

  /** Called by a scope that closes, before it tells the backend. */
  public final void release() {
    if (released) {
      throw new IllegalStateException("a storage is given back twice");
    }
    released = true;
    if (counted != null) {
      counted.clean();
    }
  }

  /** Called by a meter: what it does when the storage is gone. */
  final void counted(Cleanable counter) {
    this.counted = counter;
  }
}
