package dev.ladera;

import dev.ladera.op.Composite;
import dev.ladera.op.Operator;
import dev.ladera.op.Signature;
import dev.ladera.op.TensorType;
import dev.ladera.spi.Backend;
import dev.ladera.spi.BackendProvider;
import dev.ladera.spi.Kernel;
import dev.ladera.spi.KernelProvider;
import dev.ladera.spi.Probe;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.ServiceConfigurationError;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Where a tensor lives and is computed: a backend with a number, such as {@code cpu} or {@code
 * cuda:0}. Devices are found through {@link BackendProvider}s on the class path or the module path;
 * a device that is asked for by name and is not there is an error, never another device.
 */
public final class Device {
  /** The kinds whose backends are artifacts of this project. */
  private static final Set<String> ARTIFACTS = Set.of("cpu", "nd4j", "cuda");

  /** The providers found, and the devices opened so far, for the life of the class. */
  private static final class Registry {
    static final Map<String, BackendProvider> PROVIDERS = load();
    static final Map<String, Device> OPEN = new ConcurrentHashMap<>();

    private static Map<String, BackendProvider> load() {
      Map<String, BackendProvider> found = new TreeMap<>();
      for (BackendProvider provider : Services.find(BackendProvider.class)) {
        found.putIfAbsent(provider.type(), provider);
      }
      return found;
    }
  }

  private final String type;
  private final int index;
  private final Backend backend;
  private final KernelCache kernels;
  private final @Nullable Device original;

  private Device(String type, int index, Backend backend, @Nullable Device original) {
    this.type = type;
    this.index = index;
    this.backend = backend;
    this.kernels = new KernelCache(backend, name(type, index));
    this.original = original;
    // A stand-in asks the device that it stands in for.
    if (original == null) {
      for (KernelProvider provider : kernelProviders()) {
        if (provider.backend().equals(type)) {
          kernels.register(provider);
        }
      }
    }
  }

  private static List<KernelProvider> kernelProviders() {
    try {
      return Services.find(KernelProvider.class);
    } catch (ServiceConfigurationError e) {
      throw new DeviceException(
          "device", "a kernel provider on the class path cannot be made: " + e.getMessage(), e);
    }
  }

  /**
   * The device of that name: {@code cpu}, {@code cuda:1}. Without a number, number 0.
   *
   * @throws DeviceException if no backend of that kind is on the class path, or it found no device;
   *     the message says why and what to do
   * @throws ArgumentException if two {@link KernelProvider}s were found for one operator on it
   */
  public static Device of(String name) {
    int colon = name.indexOf(':');
    String type = colon < 0 ? name : name.substring(0, colon);
    int index = colon < 0 ? 0 : number(name, name.substring(colon + 1));
    BackendProvider provider = Registry.PROVIDERS.get(type);
    if (provider == null) {
      throw new DeviceException(
          "device",
          "no backend for '"
              + name
              + "' is on the class path; there "
              + (Registry.PROVIDERS.isEmpty()
                  ? "is none at all"
                  : "are " + String.join(", ", Registry.PROVIDERS.keySet()))
              + remedy(type));
    }
    Device open = Registry.OPEN.get(type + ":" + index);
    if (open != null) {
      return open;
    }
    Probe probe = provider.probe();
    if (!probe.available() || index >= probe.devices()) {
      throw new DeviceException(
          "device",
          "'"
              + name
              + "' is not there: "
              + (probe.available() ? "there are only " + probe.devices() : probe.reason())
              + (probe.remedy().isEmpty() ? "" : "; " + probe.remedy()));
    }
    return Registry.OPEN.computeIfAbsent(
        type + ":" + index, _ -> new Device(type, index, provider.open(index), null));
  }

  private static String remedy(String type) {
    String artifact = ARTIFACTS.contains(type) ? type : Registry.PROVIDERS.isEmpty() ? "cpu" : "";
    return artifact.isEmpty() ? "" : "; add a dependency on dev.ladera:ladera-backend-" + artifact;
  }

  private static int number(String name, String digits) {
    try {
      int number = Integer.parseInt(digits);
      if (number >= 0) {
        return number;
      }
    } catch (NumberFormatException notANumber) {
      // Reported below together with negative numbers.
    }
    throw new DeviceException(
        "device", "'" + name + "' is no device name; write a kind and a number, such as cuda:0");
  }

  /** A device over a backend constructed by hand; each call makes another device. */
  public static Device of(String type, Backend backend) {
    return new Device(type, 0, backend, null);
  }

  /**
   * A device of the same name that stands in for this one, over another backend: tensors of both
   * may meet in an operation, which is then the stand-in's. For a look at a computation that does
   * not do it; each call makes another device.
   */
  public Device standIn(Backend other) {
    return new Device(type, index, other, this);
  }

  boolean standsInFor(Device other) {
    return original == other;
  }

  /** Whether tensors of both devices may meet: they are one, or one stands in for the other. */
  public boolean meets(Device other) {
    return this == other || standsInFor(other) || other.standsInFor(this);
  }

  /**
   * The best device that is here: the available provider of the highest priority.
   *
   * @throws DeviceException if no backend is available, with every probe's reason
   */
  public static Device best() {
    return Registry.PROVIDERS.values().stream()
        .filter(provider -> provider.probe().available())
        .max(Comparator.comparingInt(BackendProvider::priority))
        .map(provider -> of(provider.type()))
        .orElseThrow(() ->
            new DeviceException(
                "device",
                "no backend is available; add a dependency on dev.ladera:ladera-backend-cpu"
                    + Registry.PROVIDERS.values().stream()
                        .map(provider -> "; " + provider.type() + ": " + provider.probe().reason())
                        .collect(Collectors.joining())));
  }

  /**
   * Where tensors are made when nothing is said: {@code cpu} if its backend is there, else the best
   * device.
   *
   * @throws DeviceException if no backend is available
   */
  public static Device standard() {
    return Registry.PROVIDERS.containsKey("cpu") ? of("cpu") : best();
  }

  /** What every backend on the class path found, by kind. */
  public static Map<String, Probe> probes() {
    Map<String, Probe> probes = new TreeMap<>();
    Registry.PROVIDERS.forEach((type, provider) -> probes.put(type, provider.probe()));
    return probes;
  }

  /** The kinds of the backends on the class path. */
  public static List<String> types() {
    return List.copyOf(Registry.PROVIDERS.keySet());
  }

  /** The kind, such as {@code cpu}. */
  public String type() {
    return type;
  }

  /** The number among devices of its kind. */
  public int index() {
    return index;
  }

  /** The backend behind the device. */
  public Backend backend() {
    return backend;
  }

  /** Bytes in use on this device. */
  public MemoryUse memory() {
    return backend.memory();
  }

  /** Waits until all that was started on this device has ended. */
  public void synchronize() {
    backend.synchronize();
  }

  /**
   * Gives this device kernels for an operator, also if the operator ran here before. Those that are
   * found by {@link java.util.ServiceLoader} when the device is opened need not be given. A
   * provider takes the place of an earlier one of its class.
   *
   * @throws ArgumentException if the provider is for another kind of device, or another one has
   *     kernels for the operator here
   */
  public void register(KernelProvider provider) {
    if (!provider.backend().equals(type)) {
      throw new ArgumentException(
          "register",
          "provider",
          provider.getClass().getName()
              + " has kernels for '"
              + provider.backend()
              + "', and this device is "
              + this);
    }
    kernels.register(provider);
  }

  /**
   * Whether a composite of inputs of these types is computed here by a kernel, and not by its
   * decomposition. (An operator whose gradient is that of its body runs by its decomposition all
   * the same while a gradient is recorded.)
   */
  public boolean hasKernel(Composite operator, TensorType... inputs) {
    return kernels.get(operator, Signature.of(inputs)) != null;
  }

  /**
   * The kernel by which an operator runs here, a {@link KernelProvider}'s or the backend's; null
   * where there is none, so that a composite runs by its decomposition.
   */
  public @Nullable Kernel prepare(Operator operator, Signature signature) {
    return kernels.get(operator, signature);
  }

  KernelCache kernels() {
    return kernels;
  }

  /** The name that {@link #of(String)} takes; {@code cpu} has no number. */
  @Override
  public String toString() {
    return name(type, index);
  }

  private static String name(String type, int index) {
    return index == 0 && type.equals("cpu") ? type : type + ":" + index;
  }
}
