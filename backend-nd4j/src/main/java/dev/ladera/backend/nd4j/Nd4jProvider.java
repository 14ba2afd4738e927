package dev.ladera.backend.nd4j;

import dev.ladera.DeviceException;
import dev.ladera.spi.Backend;
import dev.ladera.spi.BackendProvider;
import dev.ladera.spi.Probe;

/**
 * Offers the device {@code nd4j}: ND4J on the processor. Nothing of ND4J is loaded before {@link
 * #probe} or {@link #open}; the first of them takes a second or two.
 */
public final class Nd4jProvider implements BackendProvider {
  private static final int PRIORITY = 50;

  /** Used by {@link java.util.ServiceLoader}. */
  public Nd4jProvider() {}

  @Override
  public String type() {
    return "nd4j";
  }

  @Override
  public int priority() {
    return PRIORITY;
  }

  @Override
  public Probe probe() {
    return Nd4jLibrary.probe();
  }

  @Override
  public Backend open(int index) {
    if (index != 0) {
      throw new DeviceException(
          "device", "there is only one nd4j device, nd4j:0, and no nd4j:" + index);
    }
    return new Nd4jBackend();
  }
}
