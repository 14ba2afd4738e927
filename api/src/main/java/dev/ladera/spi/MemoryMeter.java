package dev.ladera.spi;

import dev.ladera.MemoryUse;
import java.lang.ref.Cleaner;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAccumulator;

/**
 * Counts the bytes of storages that the garbage collector owns: a storage counts as live until it
 * was collected, or given back by a {@link dev.ladera.MemoryScope}. Costs a phantom reference a
 * storage, which is why it is the backend's choice.
 */
public final class MemoryMeter {
  private static final Cleaner CLEANER = Cleaner.create();

  private final AtomicLong live = new AtomicLong();
  private final AtomicLong allocated = new AtomicLong();
  private final LongAccumulator peak = new LongAccumulator(Math::max, 0);

  /** Makes a meter at zero. */
  public MemoryMeter() {}

  /** Counts a storage until it is collected or given back, and answers it. */
  public <S extends Storage> S track(S storage) {
    long bytes = storage.bytes();
    AtomicLong counter = live;
    peak.accumulate(counter.addAndGet(bytes));
    allocated.addAndGet(bytes);
    storage.counted(CLEANER.register(storage, () -> counter.addAndGet(-bytes)));
    return storage;
  }

  /** The bytes counted now. */
  public MemoryUse use() {
    return new MemoryUse(live.get(), peak.get(), allocated.get());
  }
}
