package dev.ladera.backend.cuda;

import dev.ladera.Device;
import dev.ladera.testkit.conformance.BackendConformance;

/** All that every backend must do, on the first GPU; on the fake driver where there is none. */
class CudaConformanceTest extends BackendConformance {
  @Override
  protected Device device() {
    return TestDevice.get();
  }
}
