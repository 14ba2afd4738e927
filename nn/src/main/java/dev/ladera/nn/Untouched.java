package dev.ladera.nn;

import dev.ladera.Generator;
import java.util.IdentityHashMap;
import java.util.Map;

/**
 * Puts back, when closed, what a look at a module may change: its modes and this thread's
 * generator.
 */
final class Untouched implements AutoCloseable {
  private final Map<Module, Boolean> modes = new IdentityHashMap<>();
  private final Generator generator = Generator.current();
  private final long seed = generator.seed();
  private final long offset = generator.offset();

  Untouched(Module root) {
    root.modules().forEach(part -> modes.put(part, part.isTraining()));
  }

  @Override
  public void close() {
    modes.forEach(Module::ownTraining);
    generator.restore(seed, offset);
  }
}
