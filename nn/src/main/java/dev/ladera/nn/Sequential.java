package dev.ladera.nn;

import dev.ladera.DType;
import dev.ladera.Device;
import dev.ladera.IndexException;
import dev.ladera.Tensor;
import java.util.List;

/** Modules one after the other; their names are {@code 0}, {@code 1} and so on. */
public final class Sequential extends Layer {
  /** A chain of these modules; the empty one answers its input. */
  public Sequential(Module... modules) {
    for (Module module : modules) {
      add(module);
    }
  }

  /** Puts a module at the end. */
  public Sequential add(Module module) {
    register(Integer.toString(size()), module);
    return this;
  }

  /** Puts a module at the end, under a name of its own. */
  public Sequential add(String name, Module module) {
    register(name, module);
    return this;
  }

  /** The number of modules. */
  public int size() {
    return children().size();
  }

  /**
   * A module by place; negative places count from the end.
   *
   * @throws IndexException if there is no such place
   */
  public Module get(int index) {
    int size = size();
    if (index < -size || index >= size) {
      throw new IndexException(
          "sequential", "there is no module " + index + " among " + size, index, size);
    }
    return List.copyOf(children().values()).get(index < 0 ? index + size : index);
  }

  @Override
  protected Tensor compute(Tensor input) {
    Tensor value = input;
    for (Module module : children().values()) {
      value = module.watched(value);
    }
    return value;
  }

  @Override
  public Sequential to(Device device) {
    super.to(device);
    return this;
  }

  @Override
  public Sequential to(DType dtype) {
    super.to(dtype);
    return this;
  }

  @Override
  public Sequential train() {
    super.train();
    return this;
  }

  @Override
  public Sequential eval() {
    super.eval();
    return this;
  }
}
