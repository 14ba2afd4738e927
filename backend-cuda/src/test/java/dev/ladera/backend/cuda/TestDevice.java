package dev.ladera.backend.cuda;

import dev.ladera.Device;
import dev.ladera.spi.Probe;
import org.junit.jupiter.api.Assumptions;

/**
 * The device of tests: a GPU, where {@code -Dladera.cuda.test=gpu} asks for it; else the fake
 * driver, which keeps what it compiled in the build's folder.
 */
final class TestDevice {
  private TestDevice() {}

  /** The device; the test is skipped where there is neither. */
  static Device get() {
    if (!System.getProperty("ladera.cuda.test", "fake").equals("gpu")) {
      useFake();
    }
    Probe probe = new CudaProvider().probe();
    Assumptions.assumeTrue(probe.available(), probe.reason());
    return Device.of("cuda:0");
  }

  /** Makes this process find the fake driver and its compiler. */
  static FakeCuda useFake() {
    FakeCuda fake = FakeCuda.assumed();
    System.setProperty("ladera.cuda.driver", fake.library().toString());
    System.setProperty("ladera.cuda.nvrtc", fake.library().toString());
    System.setProperty("ladera.cuda.cublas", "off");
    System.setProperty("ladera.cuda.cudnn", "off");
    System.setProperty("ladera.cuda.cache", "target/cuda-cache");
    return fake;
  }
}
