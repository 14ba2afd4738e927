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
 * gradients, until {@code zeroGrad} forgets them or others are added to them; buffers of modules;
 * the state of optimizers. What else is to outlive a scope, such as an average of weights, is kept,
 * or made {@link #unscoped}. Until it closes a scope holds all that was made in it, so open one for
 * each step, rather than for an epoch.
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
    if ((within || storage.scope() == this) && outer != null) {
      outer.own(storage, tensor.device().backend());
    } else if (within || storage.scope() == this || storage.scope() == null) {
      storage.unscoped();
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
    tensor.storage().unscoped();
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

  /**
   * Lets the innermost scope have a gradient that is forgotten, if it was made in a scope, and
   * neither kept nor made unscoped since; for what holds gradients.
   */
  public static void adopt(Tensor gradient) {
    MemoryScope scope = INNERMOST.get();
    if (scope != null && !gradient.isReleased() && gradient.storage().isLeft()) {
      scope.own(gradient.storage(), gradient.device().backend());
    }
  }

  private void own(Storage storage, Backend backend) {
    storage.scope(this);
    made.add(new Made(storage, backend));
  }

  /**
   * Gives back all tensors that belong to this scope. Closing it again does nothing. What a backend
   * throws is thrown when all are given back.
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
    RuntimeException first = null;
    // The last first, so that the next round finds memory in the order in which this one did.
    for (Made each : made.reversed()) {
      // A gradient that was forgotten where it was made is here twice.
      if (each.storage.scope() == this && !each.storage.isReleased()) {
        each.storage.release();
        try {
          each.backend.release(each.storage);
        } catch (RuntimeException e) {
          if (first == null) {
            first = e;
          } else {
            first.addSuppressed(e);
          }
        }
      }
    }
    made.clear();
    if (first != null) {
      throw first;
    }
  }
}
