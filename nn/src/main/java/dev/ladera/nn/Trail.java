package dev.ladera.nn;

import dev.ladera.Tensor;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Where a computation is in a tree of modules: forward by what {@link Module#watched} tells,
 * backward by the gradients that pass the modules' inputs and outputs.
 */
final class Trail {
  /**
   * A module at work.
   *
   * @param path its dotted name; empty for the root
   * @param input the types of what it was given
   */
  record Place(String path, String input) {}

  private final Map<Module, String> paths = new IdentityHashMap<>();
  private final Set<Tensor> marked = Collections.newSetFromMap(new IdentityHashMap<>());
  private Place now;
  private @Nullable Throwable thrown;
  private Place thrownAt;

  Trail(Module root, String input) {
    root.namedModules().forEach((path, part) -> paths.put(part, path));
    this.now = new Place("", input);
    this.thrownAt = now;
  }

  /** Who is at work now. */
  Place now() {
    return now;
  }

  /** Who was at work when an exception was thrown. */
  Place of(Throwable exception) {
    return exception == thrown ? thrownAt : now;
  }

  /** Runs a module. */
  Tensor follow(Module module, Tensor input, UnaryOperator<Tensor> run) {
    mark(input);
    Place outside = now;
    now = new Place(paths.getOrDefault(module, now.path()), input.type().toString());
    try {
      Tensor output = run.apply(input);
      mark(output);
      return output;
    } catch (RuntimeException | Error e) {
      // It passes the modules around too, of which it is not.
      if (e != thrown) {
        thrown = e;
        thrownAt = now;
      }
      throw e;
    } finally {
      now = outside;
    }
  }

  /** What made a tensor is of the module at work; the gradient that passes it tells so again. */
  private void mark(Tensor tensor) {
    if (tensor.requiresGrad() && !tensor.isLeaf() && marked.add(tensor)) {
      Place maker = new Place(now.path(), tensor.type().toString());
      tensor.registerHook(gradient -> {
        now = maker;
        return gradient;
      });
    }
  }
}
