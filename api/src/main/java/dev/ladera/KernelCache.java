package dev.ladera;

import com.google.common.cache.Cache;
import com.google.common.cache.CacheBuilder;
import dev.ladera.op.Operator;
import dev.ladera.op.Signature;
import dev.ladera.spi.Backend;
import dev.ladera.spi.Kernel;
import org.jspecify.annotations.Nullable;

/** A device's prepared kernels, the least recently used dropped first. */
final class KernelCache {
  private static final int MOST = 4096;

  private record Key(Object operator, Signature signature) {}

  /** Stands for "the backend has none", which a cache cannot hold as null. */
  private static final Kernel NONE = (_, _, _) -> {};

  private final Backend backend;
  private final Cache<Key, Kernel> prepared = CacheBuilder.newBuilder().maximumSize(MOST).build();

  KernelCache(Backend backend) {
    this.backend = backend;
  }

  @Nullable Kernel get(Operator operator, Signature signature) {
    Key key = new Key(operator.kernelKey(), signature);
    Kernel kernel = prepared.getIfPresent(key);
    if (kernel == null) {
      Kernel made = backend.prepare(operator, signature);
      kernel = made == null ? NONE : made;
      prepared.put(key, kernel);
    }
    return kernel == NONE ? null : kernel;
  }
}
