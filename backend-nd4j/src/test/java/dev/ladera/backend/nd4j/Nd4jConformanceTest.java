package dev.ladera.backend.nd4j;

import dev.ladera.Device;
import dev.ladera.testkit.conformance.BackendConformance;

/** All that every backend must do. */
class Nd4jConformanceTest extends BackendConformance {
  @Override
  protected Device device() {
    return Device.of("nd4j");
  }
}
