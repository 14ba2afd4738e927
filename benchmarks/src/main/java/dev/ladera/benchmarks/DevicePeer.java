package dev.ladera.benchmarks;

import dev.ladera.Device;
import dev.ladera.Gradients;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Ladera's own bodies on another of its devices, as a peer: {@code nd4j}. */
final class DevicePeer implements PeerServer.Framework {
  private final Device device;
  private final int threads;

  private DevicePeer(Device device, int threads) {
    this.device = device;
    this.threads = threads;
  }

  /** Serves a device, the first argument, on as many threads as the second says. */
  public static void main(String[] arguments) throws IOException {
    int threads = Integer.parseInt(arguments[1]);
    PeerServer.serve(() -> new DevicePeer(Device.of(arguments[0]), threads));
  }

  @Override
  public String version() {
    return device.backend().description();
  }

  /** What OMP_NUM_THREADS was set to; the device cannot be asked. */
  @Override
  public int threads() {
    return threads;
  }

  @Override
  public PeerServer.@Nullable Body prepare(String operation, int... sizes) {
    Operation found = Benchmarks.operation(operation).orElse(null);
    if (found == null) {
      return null;
    }
    Prepared prepared = found.maker().make(new Inputs(device), sizes);
    List<Double> check = Check.of(prepared);
    // A body that makes no gradients turns them off for itself: the server's loop knows nothing of
    // them, and the scope costs nanoseconds.
    return new PeerServer.Body(
        prepared.recording() ? prepared.body() : () -> Gradients.noGrad(prepared.body()),
        check,
        device::synchronize);
  }
}
