package dev.ladera;

import dev.ladera.spi.OwnedMemory;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Frees the memory of tensors at its end, rather than when the garbage collector finds them out of
 * reach. It takes what was made in its thread since it was opened, less what is kept:
 *
 * <pre>{@code
 * try (MemoryScope scope = MemoryScope.open()) {
 *   optimizer.zeroGrad();
 *   Tensor loss = lossFn.forward(net.forward(inputs), targets);
 *   loss.backward();
 *   optimizer.step();
 *   last = scope.keep(loss.detach());
 * }
 * }</pre>
 *
 * <p>Gradients are made by {@code backward}, and so are the scope's, too: those that are to be
 * added to in the next scope must be kept. What optimizers hold from step to step is not the
 * scope's. On devices whose memory is Java's, such as {@code cpu}, a scope does nothing. It is for
 * work of some thousand tensors: a scope remembers each until its end.
 */
public final class MemoryScope implements AutoCloseable {
  private static final ThreadLocal<@Nullable MemoryScope> INNERMOST = new ThreadLocal<>();

  private final @Nullable MemoryScope outer;
  private final Set<OwnedMemory> owned = Collections.newSetFromMap(new IdentityHashMap<>());
  private boolean closed;

  private MemoryScope(@Nullable MemoryScope outer) {
    this.outer = outer;
  }

  /** Opens a scope in this thread; scopes nest. */
  public static MemoryScope open() {
    MemoryScope scope = new MemoryScope(INNERMOST.get());
    INNERMOST.set(scope);
    return scope;
  }

  /**
   * Leaves a tensor, and whatever shares its storage, to the scope around this one; to the garbage
   * collector where there is none. Nothing changes for tensors of elsewhere.
   *
   * @return the tensor
   */
  public Tensor keep(Tensor tensor) {
    OwnedMemory memory = tensor.storage().memory();
    if (memory != null && owned.remove(memory) && outer != null) {
      outer.owned.add(memory);
    }
    return tensor;
  }

  /** Computes something that no scope of this thread frees, such as what is held for long. */
  public static <T extends @Nullable Object> T outside(Supplier<T> action) {
    MemoryScope before = INNERMOST.get();
    INNERMOST.set(null);
    try {
      return action.get();
    } finally {
      INNERMOST.set(before);
    }
  }

  /** Gives new memory to this thread's scope, if there is one; for backends. */
  public static void own(OwnedMemory memory) {
    MemoryScope scope = INNERMOST.get();
    if (scope != null) {
      scope.owned.add(memory);
    }
  }

  /**
   * Frees what was not kept.
   *
   * @throws ArgumentException if a scope inside is open, or another thread opened this one
   */
  @Override
  public void close() {
    if (closed) {
      return;
    }
    if (INNERMOST.get() != this) {
      throw new ArgumentException(
          "memoryScope",
          "close",
          "must be called in the scope's thread, the innermost scope first");
    }
    closed = true;
    INNERMOST.set(outer);
    owned.forEach(OwnedMemory::free);
    owned.clear();
  }
}
