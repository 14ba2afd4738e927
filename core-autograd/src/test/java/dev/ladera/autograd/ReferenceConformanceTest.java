package dev.ladera.autograd;

import dev.ladera.Device;
import dev.ladera.testkit.conformance.BackendConformance;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** The reference against itself: views, repetition, gradients, documented answers. */
class ReferenceConformanceTest extends BackendConformance {
  @Override
  protected Device device() {
    return Device.of("reference");
  }

  /** Plain loops do the same for large sizes as for small ones. */
  @Override
  @TestFactory
  public Stream<DynamicTest> largeSizes() {
    return Stream.empty();
  }
}
