package dev.ladera;

import dev.ladera.spi.Backend;
import dev.ladera.spi.Storage;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Gives the memory of tensors back at once, rather than when the garbage collector finds them: for
 * training loops that want their arrays in the caches, and for devices whose memory is scarce.
 * Nobody needs one.
 *
 * <pre>{@code
 * for (Batch batch : loader) {
 *   try (var scope = MemoryScope.open()) {
 *     optimizer.zeroGrad();
 *     Tensor loss = lossFn.forward(net.forward(batch.inputs()), batch.targets());
 *     loss.backward();
 *     optimizer.step();
 *     total += loss.item();
 *   }
 * }
 * }</pre>
 *
 * <p>When a scope closes, every tensor that was made on its thread since it was opened is given
 * back, with all views of it, and throws {@link ReleasedException} where it is used later. Exempt
 * are those that were {@linkplain #keep kept}; leaves that require gradients, and so parameters;
 * gradients, until {@code zeroGrad} forgets them; buffers of modules; the state of optimizers. What
 * else is to outlive a scope, such as an average of weights, is kept, or made {@link #unscoped}.
 *
 * <p>Scopes may be nested: an inner one gives back what was made in it. A scope belongs to the
 * thread that opened it, and other threads' tensors to none of its scopes. A tensor must not be in
 * use by another thread when it is given back.
 */
public final class MemoryScope implements AutoCloseable {
  private static final ThreadLocal<@Nullable MemoryScope> INNERMOST = new ThreadLocal<>();

  private final @Nullable MemoryScope outer;
  private final List<Made> made = new ArrayList<>();
  private boolean closed;

  /** A storage that was made in this scope; it is given back if it still belongs to it. */
  private record Made(Storage storage, Backend backend) {}

  private MemoryScope(@Nullable MemoryScope outer) {
    this.outer = outer;
  }

  /** Opens a scope for the calling thread, within that which is open. */
  public static MemoryScope open() {
    MemoryScope scope = new MemoryScope(INNERMOST.get());
    INNERMOST.set(scope);
    return scope;
  }

  /**
   * Lets a tensor outlive this scope, with all views of its storage: it then belongs to the scope
   * around this one, or to the garbage collector if there is none.
   *
   * @return the tensor
   * @throws ArgumentException if this scope is closed, or of another thread
   * @throws ReleasedException if the tensor was given back before
   */
  public Tensor keep(Tensor tensor) {
    Storage storage = tensor.storage();
    boolean within = false;
    for (MemoryScope scope = INNERMOST.get(); scope != this; scope = scope.outer) {
      if (scope == null) {
        throw new ArgumentException(
            "memoryScope", "keep", "is called on a scope that is closed, or of another thread");
      }
      within |= storage.scope() == scope;
    }
    if (within || storage.scope() == this) {
      storage.scope(null);
      if (outer != null) {
        outer.own(storage, tensor.device().backend());
      }
    }
    return tensor;
  }

  /**
   * Lets a tensor outlive all scopes, with all views of its storage: for what a module or an
   * optimizer of one's own holds for longer than a step.
   *
   * @return the tensor
   * @throws ReleasedException if it was given back before
   */
  public static Tensor unscoped(Tensor tensor) {
    tensor.storage().scope(null);
    return tensor;
  }

  /**
   * Computes something whose tensors belong to no scope: for work that is done again later.
   *
   * @return what the action answers
   */
  public static <T extends @Nullable Object> T outside(Supplier<T> action) {
    MemoryScope before = INNERMOST.get();
    INNERMOST.set(null);
    try {
      return action.get();
    } finally {
      INNERMOST.set(before);
    }
  }

  /** A storage, which belongs to the innermost scope. */
  static Storage allocate(Device device, DType dtype, long elements) {
    Backend backend = device.backend();
    Storage storage = backend.allocate(dtype, elements);
    MemoryScope scope = INNERMOST.get();
    if (scope != null) {
      scope.own(storage, backend);
    }
    return storage;
  }

  /** Lets the innermost scope have a tensor that belongs to none. */
  static void adopt(Tensor tensor) {
    MemoryScope scope = INNERMOST.get();
    if (scope != null && !tensor.isReleased() && tensor.storage().scope() == null) {
      scope.own(tensor.storage(), tensor.device().backend());
    }
  }

  private void own(Storage storage, Backend backend) {
    storage.scope(this);
    made.add(new Made(storage, backend));
  }

  /**
   * Gives back all tensors that belong to this scope. Closing it again does nothing.
   *
   * @throws ArgumentException if a scope within it is open, or it is of another thread
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
          "is called while a scope within this one is open, or by another thread; use"
              + " try-with-resources");
    }
    closed = true;
    INNERMOST.set(outer);
    // The last first, so that the next round finds memory in the order in which this one did.
    for (Made each : made.reversed()) {
      if (each.storage.scope() == this) {
        each.storage.release();
        each.backend.release(each.storage);
      }
    }
    made.clear();
  }
}
