package dev.ladera.testkit;

import dev.ladera.spi.Backend;
import dev.ladera.spi.BackendProvider;
import dev.ladera.spi.Probe;

/**
 * Offers the reference backend as the device {@code reference}; every other backend is preferred.
 */
public final class ReferenceProvider implements BackendProvider {
  /** Made by the service loader. */
  public ReferenceProvider() {}

  @Override
  public String type() {
    return "reference";
  }

  @Override
  public int priority() {
    return 0;
  }

  @Override
  public Probe probe() {
    return Probe.found(1, "plain loops in float64, for tests");
  }

  @Override
  public Backend open(int index) {
    return new ReferenceBackend();
  }
}
