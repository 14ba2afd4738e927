package dev.ladera.backend.cuda;

import dev.ladera.spi.Backend;
import dev.ladera.spi.BackendProvider;
import dev.ladera.spi.Probe;

/** Looks for NVIDIA's driver, compiler and devices, and opens them. */
public final class CudaProvider implements BackendProvider {
  private static final int PRIORITY = 300;

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
    try {
      CudaLibraries libraries = CudaLibraries.ofProcess();
      int devices = libraries.driver().deviceCount();
      return devices == 0
          ? Probe.missing("the driver reports no device", "see that nvidia-smi lists one")
          : Probe.found(devices, libraries.describe());
    } catch (MissingLibraryException missing) {
      return Probe.missing(missing.reason(), missing.remedy());
    } catch (CallFailure failure) {
      return Probe.missing(
          String.valueOf(failure.getMessage()), "see that nvidia-smi runs on this machine");
    }
  }

  @Override
  public Backend open(int index) {
    return new CudaBackend(index);
  }
}
