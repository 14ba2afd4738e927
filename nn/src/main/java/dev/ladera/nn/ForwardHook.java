package dev.ladera.nn;

import dev.ladera.Tensor;

/** Sees a module's input and output after each run. */
@FunctionalInterface
public interface ForwardHook {
  /** Called after {@code module} made {@code output} of {@code input}. */
  void ran(Module module, Tensor input, Tensor output);
}
