package dev.ladera.nn;

import dev.ladera.DType;
import dev.ladera.Device;
import dev.ladera.MemoryScope;
import dev.ladera.Tensor;

/**
 * The place of a parameter or a buffer in a module. A module keeps slots, not tensors, because
 * {@link Module#to(Device)} and {@link Module#to(DType)} put other tensors into them. A slot that
 * two modules register is shared: tied weights.
 */
public final class Slot {
  private Tensor tensor;

  Slot(Tensor tensor) {
    this.tensor = MemoryScope.unscoped(tensor);
  }

  /** The tensor that is here now. */
  public Tensor tensor() {
    return tensor;
  }

  /** Puts another tensor here. */
  void put(Tensor other) {
    tensor = MemoryScope.unscoped(other);
  }

  /** Moves the tensor, and its gradient, unless it is there; a new leaf then takes its place. */
  void move(Device device, DType dtype) {
    Tensor old = tensor;
    if (old.device() == device && old.dtype() == dtype) {
      return;
    }
    Tensor moved = old.detach().to(device).to(dtype);
    moved.requiresGrad(old.requiresGrad());
    Tensor gradient = old.grad();
    if (gradient != null) {
      moved.grad(gradient.detach().to(device).to(dtype));
    }
    put(moved);
  }
}
