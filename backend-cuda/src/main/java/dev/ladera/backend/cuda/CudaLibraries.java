package dev.ladera.backend.cuda;

import java.util.ArrayList;
import java.util.List;

/** The libraries that were found, the driver started. */
final class CudaLibraries {
  private static final int OLDEST_DRIVER = 12000;

  private final LibrarySearch search;
  private final Driver driver;
  private final Nvrtc nvrtc;

  private CudaLibraries(LibrarySearch search, Driver driver, Nvrtc nvrtc) {
    this.search = search;
    this.driver = driver;
    this.nvrtc = nvrtc;
  }

  /**
   * Looks for the libraries, loads those that the backend cannot do without, and starts the driver.
   *
   * @throws MissingLibraryException if one is missing or too old
   * @throws CallFailure if the driver does not start
   */
  static CudaLibraries ofProcess() {
    LibrarySearch search = LibrarySearch.ofProcess();
    Driver driver = new Driver(search.load(CudaLibrary.DRIVER));
    driver.start();
    int version = driver.version();
    if (version < OLDEST_DRIVER) {
      throw new MissingLibraryException(
          CudaLibrary.DRIVER,
          "the driver " + driver.path() + " is for CUDA " + text(version) + ", and 12.0 is needed",
          "install a newer driver");
    }
    return new CudaLibraries(search, driver, new Nvrtc(search.load(CudaLibrary.NVRTC)));
  }

  /** Where other libraries are looked for. */
  LibrarySearch search() {
    return search;
  }

  Driver driver() {
    return driver;
  }

  Nvrtc nvrtc() {
    return nvrtc;
  }

  private static String text(int version) {
    return version / 1000 + "." + version % 1000 / 10;
  }

  /** Devices, versions and paths, for people. */
  String describe() {
    List<String> devices = new ArrayList<>();
    for (int i = 0; i < driver.deviceCount(); i++) {
      int device = driver.device(i);
      int major = driver.attribute(DeviceAttribute.COMPUTE_CAPABILITY_MAJOR, device);
      int minor = driver.attribute(DeviceAttribute.COMPUTE_CAPABILITY_MINOR, device);
      devices.add(
          driver.deviceName(device)
              + " ("
              + (driver.totalMemory(device) >> 20)
              + " MiB, compute capability "
              + major
              + "."
              + minor
              + ")");
    }
    return String.join(", ", devices) + "; " + describeLibraries();
  }

  /** One device, and the libraries. */
  String describe(CudaDevice device) {
    return device + ": " + device.name() + "; " + describeLibraries();
  }

  private String describeLibraries() {
    return "driver for CUDA "
        + text(driver.version())
        + " ("
        + driver.path()
        + "), NVRTC "
        + nvrtc.version()
        + " ("
        + nvrtc.path()
        + ")";
  }
}
