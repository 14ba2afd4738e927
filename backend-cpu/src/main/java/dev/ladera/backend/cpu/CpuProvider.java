package dev.ladera.backend.cpu;

import dev.ladera.DeviceException;
import dev.ladera.spi.Backend;
import dev.ladera.spi.BackendProvider;
import dev.ladera.spi.Probe;

/** Offers the device {@code cpu}, which is always there. */
public final class CpuProvider implements BackendProvider {
  /** Used by {@link java.util.ServiceLoader}. */
  public CpuProvider() {}

  @Override
  public String type() {
    return "cpu";
  }

  @Override
  public int priority() {
    return 100;
  }

  @Override
  public Probe probe() {
    return Probe.found(1, CpuBackend.standardDescription());
  }

  @Override
  public Backend open(int index) {
    if (index != 0) {
      throw new DeviceException(
          "device", "there is only one cpu device, cpu:0, and no cpu:" + index);
    }
    return new CpuBackend();
  }
}
