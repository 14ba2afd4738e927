package dev.ladera.nn;

import dev.ladera.Tensor;

/**
 * A module whose every run is seen by its {@linkplain Module#registerForwardHook forward hooks},
 * whoever runs it. All modules of this package are layers. Modules of one's own may extend {@link
 * Module} and override {@code forward}, or extend this and override {@link #compute}; the
 * difference is only that hooks, and so {@link Summary}, see the former where a {@link Sequential}
 * runs them, and the latter everywhere.
 */
public abstract class Layer extends Module {
  /** Makes a layer without parameters or children. */
  protected Layer() {}

  /** What this layer makes of its input. */
  protected abstract Tensor compute(Tensor input);

  /** Computes the output, then calls the hooks. */
  @Override
  public final Tensor forward(Tensor input) {
    return watched(input, this::compute);
  }

  @Override
  final Tensor watched(Tensor input) {
    return forward(input);
  }
}
