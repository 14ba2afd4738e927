package dev.ladera.backend.cpu;

import dev.ladera.Device;
import dev.ladera.testkit.conformance.BackendConformance;

/** Vector loops from the first call, on two threads. */
class CpuConformanceTest extends BackendConformance {
  @Override
  protected Device device() {
    return Devices.vector().get(1);
  }
}
