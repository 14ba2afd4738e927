package dev.ladera.autograd;

import dev.ladera.Tensor;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Holds what a computation records on this thread, so that all its values can be looked at. */
final class Trace {
  private static final ThreadLocal<@Nullable List<Tensor>> HELD = new ThreadLocal<>();

  private Trace() {}

  /** Runs a computation and answers every recorded tensor. */
  static List<Tensor> of(Runnable computation) {
    List<Tensor> outer = HELD.get();
    List<Tensor> held = new ArrayList<>();
    HELD.set(held);
    try {
      computation.run();
    } finally {
      HELD.set(outer);
    }
    return held;
  }

  /** Called for each recorded step. */
  static void saw(Tensor[] outputs) {
    List<Tensor> held = HELD.get();
    if (held != null) {
      for (Tensor output : outputs) {
        if (output.dtype().isFloating()) {
          held.add(output.retainGrad());
        }
      }
    }
  }
}
