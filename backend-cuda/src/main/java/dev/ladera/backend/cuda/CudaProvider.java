package dev.ladera.backend.cuda;

import dev.ladera.DeviceException;
import dev.ladera.spi.Backend;
import dev.ladera.spi.BackendProvider;
import dev.ladera.spi.Probe;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Looks for NVIDIA GPUs. In this version it only reports them: it has no kernels, so no device of
 * type {@code cuda} can be opened, and the probe says so.
 */
public final class CudaProvider implements BackendProvider {
  private static final int PRIORITY = 300;
  private static final String LIBRARY_PROPERTY = "ladera.cuda.driver";

  /** Made by the service loader. */
  public CudaProvider() {}

  @Override
  public String type() {
    return "cuda";
  }

  @Override
  public int priority() {
    return PRIORITY;
  }

  @Override
  public Probe probe() {
    String library = System.getProperty(LIBRARY_PROPERTY, "libcuda.so.1");
    Driver driver;
    try {
      driver = Driver.load(library);
    } catch (IllegalArgumentException missing) {
      return Probe.missing(
          "the NVIDIA driver library " + library + " was not found",
          "install the NVIDIA driver, or name its library by -D" + LIBRARY_PROPERTY + "=PATH");
    } catch (IllegalCallerException refused) {
      return Probe.missing(
          "this JVM refuses native access", "start it with --enable-native-access=ALL-UNNAMED");
    }
    try {
      driver.start();
      int version = driver.version();
      List<Driver.Gpu> gpus = driver.gpus();
      return Probe.missing(
          "the driver for CUDA "
              + version / 1000
              + "."
              + version % 1000 / 10
              + " reports "
              + gpus.stream()
                  .map(gpu -> gpu.name() + " (" + (gpu.bytes() >> 20) + " MiB)")
                  .collect(Collectors.joining(", "))
              + ", but this version of ladera-backend-cuda has no kernels yet",
          "use the device cpu");
    } catch (Driver.Failure failure) {
      return Probe.missing(
          String.valueOf(failure.getMessage()), "see that nvidia-smi runs on this machine");
    }
  }

  @Override
  public Backend open(int index) {
    Probe probe = probe();
    throw new DeviceException(
        "device",
        "'cuda:" + index + "' cannot be opened: " + probe.reason() + "; " + probe.remedy());
  }
}
