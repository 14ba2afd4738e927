package dev.ladera.backend.cuda;

import dev.ladera.Tensor;
import dev.ladera.op.Operator;
import dev.ladera.spi.Storage;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What recorded work reads and writes. It is at fixed addresses, so that none of it may be freed
 * while the work can be done again. Memory that is allocated meanwhile comes from another stream:
 * the recorded one would only note that it is wanted.
 */
final class Recording {
  private final long side;

  /** Held, so that none of it is collected. */
  private final Set<Storage> used = Collections.newSetFromMap(new IdentityHashMap<>());

  private final Set<Storage> written = Collections.newSetFromMap(new IdentityHashMap<>());
  private final List<Long> kept = new ArrayList<>();

  Recording(long side) {
    this.side = side;
  }

  /** The stream that memory comes from. */
  long side() {
    return side;
  }

  /** Notes what an operator uses. */
  void use(Operator operator, Tensor[] inputs, Tensor[] outputs) {
    for (int i = 0; i < inputs.length; i++) {
      used.add(inputs[i].storage());
      if (i < operator.mutates()) {
        written.add(inputs[i].storage());
      }
    }
    for (Tensor output : outputs) {
      used.add(output.storage());
      written.add(output.storage());
    }
  }

  /** Forgets what the work itself freed: its memory is {@linkplain #keep kept}. */
  void end() {
    used.removeIf(Storage::isReleased);
  }

  /** What the work needs and was given back since; null if all is there. */
  @Nullable Storage released() {
    for (Storage storage : used) {
      if (storage.isReleased()) {
        return storage;
      }
    }
    return null;
  }

  /** Notes memory that nobody else frees any more. */
  void keep(long address) {
    kept.add(address);
  }

  /** What holds other elements each time the work was done. */
  Set<Storage> written() {
    return written;
  }

  /** Addresses to be freed at the end. */
  List<Long> kept() {
    return kept;
  }
}
