package dev.ladera.testkit.conformance;

import dev.ladera.Device;

/** The reference against itself: views, repetition, gradients, documented answers. */
class ReferenceConformanceTest extends BackendConformance {
  @Override
  protected Device device() {
    return Device.of("reference");
  }
}
