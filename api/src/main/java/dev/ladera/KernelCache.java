package dev.ladera;

import com.google.common.cache.Cache;
import com.google.common.cache.CacheBuilder;
import dev.ladera.op.Composite;
import dev.ladera.op.Operator;
import dev.ladera.op.Pointwise;
import dev.ladera.op.Signature;
import dev.ladera.op.TensorFunction;
import dev.ladera.spi.Backend;
import dev.ladera.spi.Kernel;
import dev.ladera.spi.KernelProvider;
import java.lang.ref.Reference;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * A device's prepared kernels, the least recently used dropped first, and who provides kernels
 * beside the backend.
 */
final class KernelCache {
  private static final int MOST = 4096;

  private record Key(Class<?> type, Object operator, Signature signature) {}

  /** Stands for "there is none", which a cache cannot hold as null. */
  private static final Kernel NONE = (_, _, _) -> {};

  private final Backend backend;
  private final String device;
  private final Map<Class<?>, KernelProvider> providers = new ConcurrentHashMap<>();
  private final Cache<String, Class<?>> names = CacheBuilder.newBuilder().maximumSize(MOST).build();

  /**
   * Replaced as a whole when a provider comes: who prepares a kernel at that moment without knowing
   * the provider puts it into the old one.
   */
  private volatile Cache<Key, Kernel> prepared = newCache();

  KernelCache(Backend backend, String device) {
    this.backend = backend;
    this.device = device;
  }

  private static Cache<Key, Kernel> newCache() {
    return CacheBuilder.newBuilder().maximumSize(MOST).build();
  }

  /**
   * @throws ArgumentException if another provider has kernels for the operator
   */
  void register(KernelProvider provider) {
    providers.merge(provider.operator(), provider, this::successor);
    prepared = newCache();
  }

  private KernelProvider successor(KernelProvider before, KernelProvider provider) {
    if (before.getClass() != provider.getClass()) {
      throw new ArgumentException(
          "register",
          "provider",
          "must be one for an operator: "
              + before.getClass().getName()
              + " and "
              + provider.getClass().getName()
              + " both have kernels for "
              + provider.operator().getName()
              + " on "
              + device);
    }
    return provider;
  }

  @Nullable Kernel get(Operator operator, Signature signature) {
    Cache<Key, Kernel> current = prepared;
    Key key = new Key(operator.getClass(), operator.kernelKey(), signature);
    Kernel kernel = current.getIfPresent(key);
    if (kernel == null) {
      claimName(operator);
      Kernel made = prepare(operator, signature);
      kernel = made == null ? NONE : made;
      current.put(key, kernel);
    }
    return kernel == NONE ? null : kernel;
  }

  private @Nullable Kernel prepare(Operator operator, Signature signature) {
    KernelProvider provider = providers.get(operator.getClass());
    if (provider != null && operator instanceof Composite composite) {
      Kernel provided;
      try {
        provided = provider.prepare(composite, signature);
      } catch (RuntimeException e) {
        throw failure(operator, provider, e);
      }
      if (provided != null) {
        return guarded(provided, provider);
      }
    }
    return backend.prepare(operator, signature);
  }

  /** Runs unrecorded, keeps the tensors' memory, and names a provider's kernel where it fails. */
  private Kernel guarded(Kernel kernel, KernelProvider provider) {
    return (operator, inputs, outputs) -> {
      try {
        Gradients.noGrad(() -> kernel.run(operator, inputs, outputs));
      } catch (RuntimeException e) {
        throw failure(operator, provider, e);
      } finally {
        Reference.reachabilityFence(inputs);
        Reference.reachabilityFence(outputs);
      }
    };
  }

  private LaderaException failure(
      Operator operator, KernelProvider provider, RuntimeException cause) {
    return cause instanceof LaderaException own && own.operation().equals(operator.name())
        ? own
        : new BackendException(
            operator.name(),
            "its kernel by "
                + provider.getClass().getName()
                + " failed on "
                + device
                + ": "
                + cause
                + (cause instanceof IndexOutOfBoundsException
                    ? "; a kernel reads its inputs and writes its outputs, and nothing beside them"
                    : ""),
            cause);
  }

  /**
   * Checks that no other class of operators bears the name. Lambdas and functions are not looked
   * at: theirs are labels.
   *
   * @throws ArgumentException if one does
   */
  void claimName(Operator operator) {
    Class<?> type = operator.getClass();
    if (operator instanceof Pointwise || type.getEnclosingClass() == TensorFunction.class) {
      return;
    }
    Class<?> before = names.asMap().putIfAbsent(operator.name(), type);
    if (before != null && before != type) {
      throw new ArgumentException(
          operator.name(),
          "name",
          "is borne by two classes of operators on "
              + device
              + ", "
              + before.getName()
              + " and "
              + type.getName()
              + "; rename one");
    }
  }
}
