package dev.ladera.backend.cpu;

import dev.ladera.Device;
import dev.ladera.testkit.conformance.SameBitsConformance;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Threads and vectors change the time that an operation takes, and not a bit of its answer. */
class EveryOperationTest {
  @TestFactory
  Stream<DynamicTest> theSameBitsOnAnyNumberOfThreadsAndAtAnyWidth() {
    return SameBitsConformance.of(
        Devices.scalar(),
        Stream.concat(Devices.vector().stream(), Devices.narrower().stream())
            .toArray(Device[]::new));
  }
}
