package dev.ladera.backend.cuda;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ladera.Device;
import dev.ladera.DeviceException;
import dev.ladera.spi.Probe;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class CudaProviderTest {
  @AfterEach
  void forgetProperties() {
    for (CudaLibrary library : CudaLibrary.values()) {
      System.clearProperty(library.property());
    }
  }

  @Test
  void aLibraryThatIsNotThereIsReportedByNameWithTheRemedy() {
    System.setProperty("ladera.cuda.driver", "libno-such-driver.so");
    Probe probe = new CudaProvider().probe();
    assertThat(probe.available()).isFalse();
    assertThat(probe.reason()).contains("libno-such-driver.so");
    assertThat(probe.remedy()).contains("install NVIDIA's driver", "-Dladera.cuda.driver=PATH");
  }

  @Test
  void aDeviceAskedForByNameIsNeverAnotherOne() {
    System.setProperty("ladera.cuda.driver", "libno-such-driver.so");
    assertThatThrownBy(() -> Device.of("cuda:0"))
        .isInstanceOf(DeviceException.class)
        .hasMessageStartingWith("device: 'cuda:0' is not there: ");
  }

  @Test
  void withoutTheCompilerTheProbeSaysSo() {
    TestDevice.useFake();
    System.setProperty("ladera.cuda.nvrtc", "libno-such-nvrtc.so");
    Probe probe = new CudaProvider().probe();
    assertThat(probe.available()).isFalse();
    assertThat(probe.reason()).contains("libno-such-nvrtc.so");
    assertThat(probe.remedy()).contains("NVRTC");
  }

  @Test
  void theProbeTellsDevicesVersionsAndPaths() {
    FakeCuda fake = TestDevice.useFake();
    Probe probe = new CudaProvider().probe();
    assertThat(probe.available()).isTrue();
    assertThat(probe.devices()).isEqualTo(2);
    assertThat(probe.reason())
        .contains("MiB, compute capability 9.0", "driver for CUDA 13.0", fake.library().toString());
  }

  @Test
  void aDeviceBeyondTheLastIsNotOpened() {
    TestDevice.useFake();
    assertThatThrownBy(() -> new CudaBackend(7))
        .isInstanceOf(DeviceException.class)
        .hasMessageContaining("'cuda:7' is not there: the driver reports 2 devices");
  }
}
